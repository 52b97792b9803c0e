//! The known word that a mistyped one was probably meant to be.

/// The known word nearest to `typed`, if it is near enough to be what was meant.
pub(crate) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let far = (typed.chars().count() / 3).max(2);
    let measured = known.into_iter().map(|word| (distance(&typed, word), word));
    measured.filter(|(distance, _)| *distance <= far).min().map(|(_, word)| word)
}

/// How many letters must be added, removed or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let known = ["listen", "public_url", "database", "callback_tokens"];
        for (typed, meant) in [
            ("listn", Some("listen")),
            ("Listen", Some("listen")),
            ("public-url", Some("public_url")),
            ("callback_token", Some("callback_tokens")),
            ("colour", None),
        ] {
            assert_eq!(nearest(typed, known), meant, "{typed}");
        }
    }
}
