//! Which kind of key some DER is, so that a wrong one can be named. Parsing it is the library's matter.

use super::KeyError;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_ID: u8 = 0x06;

/// Integers of a private key in PKCS#1: version, n, e, d, p, q, dp, dq, qinv.
const PKCS1_PRIVATE_INTEGERS: usize = 9;
/// Integers of a private DSA key in its old form.
const DSA_PRIVATE_INTEGERS: usize = 6;

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// Other algorithms by their object id.
const OTHERS: &[(&[u8], &str)] = &[
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a], "RSA-PSS"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01], "elliptic curves (EC or SM2)"),
    (&[0x2b, 0x65, 0x70], "Ed25519"),
    (&[0x2b, 0x65, 0x71], "Ed448"),
    (&[0x2b, 0x65, 0x6e], "X25519"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01], "DSA"),
];

/// The kinds of RSA keys.
pub(super) enum Shape {
    Pkcs1Private(Facts),
    Pkcs8(Facts),
    Pkcs1Public(Facts),
    Spki(Facts),
}

/// What must be right about the public numbers.
pub(super) struct Facts {
    bits: usize,
    exponent_is_usual: bool,
}

impl Facts {
    fn of(modulus: &[u8], exponent: &[u8]) -> Self {
        let modulus = without_zeros(modulus);
        let leading = modulus.first().map_or(0, |first| usize::try_from(first.leading_zeros()).unwrap_or(0));
        Self {
            bits: (modulus.len() * 8).saturating_sub(leading),
            exponent_is_usual: without_zeros(exponent) == [1, 0, 1],
        }
    }

    pub(super) fn check(&self, bits: usize) -> Result<(), KeyError> {
        if self.bits != bits {
            return Err(KeyError::Bits(self.bits));
        }
        if self.exponent_is_usual { Ok(()) } else { Err(KeyError::Exponent) }
    }
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

/// One value: what it is and what it holds.
#[derive(Clone, Copy)]
struct Value<'a> {
    tag: u8,
    content: &'a [u8],
}

/// The first value, and what follows it.
fn split(der: &[u8]) -> Result<(Value<'_>, &[u8]), KeyError> {
    let [tag, length, rest @ ..] = der else { return Err(KeyError::Truncated) };
    let (length, rest) = match *length {
        short @ 0..=0x7f => (usize::from(short), rest),
        0x81..=0x83 => {
            let bytes = usize::from(*length & 0x7f);
            let digits = rest.get(..bytes).ok_or(KeyError::Truncated)?;
            let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
            (length, &rest[bytes..])
        }
        _ => return Err(KeyError::NotAKey),
    };
    let content = rest.get(..length).ok_or(KeyError::Truncated)?;
    Ok((Value { tag: *tag, content }, &rest[length..]))
}

/// All values inside one. A key's parts are complete when its outside is, so anything else is no key.
fn parts(mut content: &[u8]) -> Result<Vec<Value<'_>>, KeyError> {
    let mut found = Vec::new();
    while !content.is_empty() {
        let (value, rest) = split(content).map_err(|_| KeyError::NotAKey)?;
        found.push(value);
        content = rest;
    }
    Ok(found)
}

/// Which key this is.
pub(super) fn shape(der: &[u8]) -> Result<Shape, KeyError> {
    if der.first() != Some(&SEQUENCE) {
        return Err(KeyError::NotAKey);
    }
    let (outer, rest) = split(der)?;
    if !rest.is_empty() {
        return Err(KeyError::Trailing);
    }
    let parts = parts(outer.content)?;
    match parts.iter().map(|part| part.tag).collect::<Vec<_>>().as_slice() {
        [INTEGER, SEQUENCE, OCTET_STRING, ..] => pkcs8(&parts),
        [INTEGER, INTEGER] => Ok(Shape::Pkcs1Public(Facts::of(parts[0].content, parts[1].content))),
        [INTEGER, OCTET_STRING, ..] => Err(KeyError::OtherAlgorithm("elliptic curves (EC or SM2)")),
        [INTEGER, SEQUENCE, ..] => Err(KeyError::Pkcs12),
        [SEQUENCE, BIT_STRING] => spki(&parts),
        [SEQUENCE, OCTET_STRING] => Err(KeyError::Encrypted),
        [SEQUENCE, SEQUENCE, BIT_STRING] => Err(KeyError::Certificate),
        tags if tags.iter().all(|tag| *tag == INTEGER) && tags.len() == DSA_PRIVATE_INTEGERS => {
            Err(KeyError::OtherAlgorithm("DSA"))
        }
        tags if tags.iter().all(|tag| *tag == INTEGER) && tags.len() == PKCS1_PRIVATE_INTEGERS => {
            Ok(Shape::Pkcs1Private(Facts::of(parts[1].content, parts[2].content)))
        }
        _ => Err(KeyError::NotAKey),
    }
}

fn pkcs8(parts: &[Value<'_>]) -> Result<Shape, KeyError> {
    check_algorithm(parts[1].content)?;
    match shape(parts[2].content) {
        Ok(Shape::Pkcs1Private(facts)) => Ok(Shape::Pkcs8(facts)),
        _ => Err(KeyError::NotAKey),
    }
}

fn spki(parts: &[Value<'_>]) -> Result<Shape, KeyError> {
    check_algorithm(parts[0].content)?;
    let unused_bits_and_key = parts[1].content;
    match unused_bits_and_key.split_first().map(|(_, key)| shape(key)) {
        Some(Ok(Shape::Pkcs1Public(facts))) => Ok(Shape::Spki(facts)),
        _ => Err(KeyError::NotAKey),
    }
}

fn check_algorithm(identifier: &[u8]) -> Result<(), KeyError> {
    let (id, _) = split(identifier).map_err(|_| KeyError::NotAKey)?;
    if id.tag != OBJECT_ID {
        return Err(KeyError::NotAKey);
    }
    if id.content == RSA {
        return Ok(());
    }
    let known = OTHERS.iter().find(|(other, _)| *other == id.content);
    Err(KeyError::OtherAlgorithm(known.map_or("another algorithm", |(_, name)| name)))
}
