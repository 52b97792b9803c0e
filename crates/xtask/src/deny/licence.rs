//! SPDX licence expressions: read one, and say whether allowed licences satisfy it.

use anyhow::{Result, bail};

/// A licence, or licences joined by `AND` and `OR`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// An id, with its exception if there is one: `Apache-2.0 WITH LLVM-exception`.
    Id(String),
    /// All of them bind.
    All(Vec<Expression>),
    /// One of them may be chosen.
    Any(Vec<Expression>),
}

impl Expression {
    /// Reads an expression; the old `MIT/Apache-2.0` means `OR`. Fails when it is not one.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
        let expression = any(&mut words)?;
        match words.pop() {
            None => Ok(expression),
            Some(word) => bail!("`{word}` is not expected there"),
        }
    }

    /// Whether the expression can be kept with the licences for which `allowed` is true.
    pub(super) fn holds(&self, allowed: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Id(id) => allowed(id),
            Self::All(parts) => parts.iter().all(|part| part.holds(allowed)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(allowed)),
        }
    }
}

/// `AND` binds tighter than `OR`. Words are taken from the end of the list.
fn any(words: &mut Vec<&str>) -> Result<Expression> {
    let mut parts = vec![all(words)?];
    while words.last() == Some(&"OR") {
        words.pop();
        parts.push(all(words)?);
    }
    Ok(one_or(parts, Expression::Any))
}

fn all(words: &mut Vec<&str>) -> Result<Expression> {
    let mut parts = vec![single(words)?];
    while words.last() == Some(&"AND") {
        words.pop();
        parts.push(single(words)?);
    }
    Ok(one_or(parts, Expression::All))
}

fn one_or(mut parts: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    if parts.len() == 1 { parts.remove(0) } else { many(parts) }
}

fn single(words: &mut Vec<&str>) -> Result<Expression> {
    match words.pop() {
        Some("(") => {
            let inside = any(words)?;
            if words.pop() != Some(")") {
                bail!("a parenthesis is not closed");
            }
            Ok(inside)
        }
        Some(id) if !matches!(id, ")" | "AND" | "OR" | "WITH") => {
            if words.last() != Some(&"WITH") {
                return Ok(Expression::Id(id.to_owned()));
            }
            words.pop();
            let Some(exception) = words.pop() else { bail!("no exception after WITH") };
            Ok(Expression::Id(format!("{id} WITH {exception}")))
        }
        Some(word) => bail!("a licence is expected, not `{word}`"),
        None => bail!("a licence is missing at the end"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, allowed: &[&str], holds: bool) {
        let expression = Expression::parse(text).unwrap();
        assert_eq!(expression.holds(&|id| allowed.contains(&id)), holds, "{text}: {expression:?}");
    }

    #[test]
    fn expressions_are_satisfied_as_they_say() {
        check("MIT", &["MIT"], true);
        check("MIT", &["ISC"], false);
        check("MIT OR GPL-3.0", &["MIT"], true);
        check("MIT/Apache-2.0", &["Apache-2.0"], true);
        check("MIT AND BSD-3-Clause", &["MIT"], false);
        check("MIT AND BSD-3-Clause", &["MIT", "BSD-3-Clause"], true);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", &["Apache-2.0", "Unicode-3.0"], true);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", &["MIT", "Apache-2.0"], false);
        check("GPL-3.0 OR MIT AND ISC", &["MIT"], false);
        check("GPL-3.0 OR MIT AND ISC", &["GPL-3.0"], true);
        check("Apache-2.0 WITH LLVM-exception OR GPL-3.0", &["Apache-2.0"], false);
        check("Apache-2.0 WITH LLVM-exception", &["Apache-2.0 WITH LLVM-exception"], true);
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in ["", "MIT OR", "(MIT", "MIT)", "AND MIT", "MIT Apache-2.0", "MIT WITH"] {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
    }
}
