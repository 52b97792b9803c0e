//! Lower-case hex of digests, and their comparison in constant time.

use subtle::{Choice, ConstantTimeEq};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The `TO` = 2 × `FROM` hex digits of a digest.
pub(crate) fn lower<const FROM: usize, const TO: usize>(digest: [u8; FROM]) -> [u8; TO] {
    const { assert!(TO == 2 * FROM, "two digits per byte") };
    let mut hex = [0; TO];
    for (pair, byte) in hex.chunks_exact_mut(2).zip(digest) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    hex
}

/// Whether `claimed` is exactly this text; takes the same time wherever they differ.
///
/// Compares eight bytes at a time: `subtle` fences off every single comparison, which adds up.
pub(crate) fn same<const TO: usize>(right: &[u8; TO], claimed: &[u8]) -> bool {
    const { assert!(TO.is_multiple_of(8), "whole words") };
    let Ok(claimed) = <&[u8; TO]>::try_from(claimed) else { return false };
    let words = right.chunks_exact(8).zip(claimed.chunks_exact(8));
    let all = words.fold(Choice::from(1), |all, (a, b)| all & word(a).ct_eq(&word(b)));
    all.into()
}

fn word(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("chunks of eight bytes"))
}

#[cfg(test)]
mod tests {
    use super::{lower, same};

    #[test]
    fn every_byte_has_two_digits_and_every_digit_counts() {
        let hex: [u8; 8] = lower([0x00, 0x1f, 0xa0, 0xff]);
        assert_eq!(&hex, b"001fa0ff");
        assert!(same(&hex, b"001fa0ff"));
        for at in 0..8 {
            let mut other = hex;
            other[at] ^= 1;
            assert!(!same(&hex, &other), "digit {at}");
        }
        assert!(!same(&hex, b"001fa0f") && !same(&hex, b"001fa0ff0") && !same(&hex, b""));
    }
}
