//! Which well-known mistakes, together, give the signature that a request carries.

use std::cell::Cell;

use md5::{Digest, Md5};
use sha1::Sha1;

use super::deviations::{self, Deviation};
use super::signer::Signer;
use super::{Client, Field, JsonError, Mistake, Suspects};
use crate::Salt;

/// Larger requests are not searched: every attempt digests the whole.
const SEARCHED_BYTES_MAX: usize = 64 * 1024;
/// What an attempt costs for each field, beside its bytes: it is looked at, copied and sorted.
const FIELD_BYTES: usize = 32;
/// How many bytes all attempts together may digest; then the search ends without a finding.
const ATTEMPTED_BYTES_MAX: usize = 32 * 1024 * 1024;
/// What is left, however much was digested before, for the clients that make many mistakes at once.
const CLIENTS_BYTES: usize = ATTEMPTED_BYTES_MAX / 4;
/// A request with more values is not searched for three mistakes at once.
const THREEFOLD_MAX: usize = 48;

type Md5Bytes = [u8; 16];

/// The signature that a signer with these mistakes makes, as 32 hex digits: for a platform that may differ from
/// what its samples show. Mistakes about fields and secrets change nothing.
///
/// # Errors
/// As [`super::sign`].
///
/// ```
/// use douyin_pay_protocol::{Salt, ecpay::json};
///
/// let (body, salt) = (br#"{"disable_msg":0,"body":"x"}"#, Salt::new("salt").unwrap());
/// let without_zero = json::sign(br#"{"body":"x"}"#, &salt).unwrap();
/// assert_eq!(json::sign_as(body, &salt, &[json::Mistake::ZeroDropped]).unwrap(), without_zero.as_str());
/// ```
pub fn sign_as(body: &[u8], salt: &Salt, mistakes: &[Mistake]) -> Result<String, JsonError> {
    let made: Vec<_> = deviations::known().filter(|known| mistakes.contains(&known.mistake)).collect();
    let text = with(&made, Signer::right(salt.expose())).text(&super::read(body)?);
    Ok(data_encoding::HEXLOWER.encode(&digest(&text)))
}

/// What explains a wrong signature; nothing stands in both lists when it is right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) mistakes: Vec<Mistake>,
    pub(super) clients: Vec<Client>,
}

/// Names the mistakes whose signature `claimed` is; [`Mistake::Unknown`] alone when no known ones give it.
///
/// A mistake is named only when signing with it gives exactly these digits, so nobody is accused by likeness.
pub(super) fn guess(fields: &[Field<'_>], salt: &Salt, suspects: &Suspects<'_>, claimed: &str) -> Guess {
    let bare = claimed.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    let lower = bare.to_ascii_lowercase();
    let right = Signer::right(salt.expose());
    let text = right.text(fields);
    let mut found = Guess::default();
    let bytes = data_encoding::HEXLOWER.decode(lower.as_bytes()).ok();
    match bytes.and_then(|bytes| Md5Bytes::try_from(bytes).ok()) {
        None => found.mistakes.extend(other_digest(&text, bare)),
        Some(target) if digest(&text) == target => {}
        Some(target) => {
            let size = fields.iter().map(|field| field.text.len() + field.name.len() + FIELD_BYTES).sum();
            if size <= SEARCHED_BYTES_MAX {
                let left = Cell::new(ATTEMPTED_BYTES_MAX);
                found = Search { fields, right, suspects, target, size, left }.run(&text);
            }
            if found.mistakes.is_empty() {
                found.mistakes.push(Mistake::Unknown);
            }
        }
    }
    let explained = found.mistakes != [Mistake::Unknown];
    if explained && bare != claimed {
        found.mistakes.push(Mistake::Wrapped);
    }
    if explained && lower != bare && !matches!(found.mistakes.first(), Some(Mistake::Algorithm(_))) {
        found.mistakes.push(Mistake::UpperCase);
    }
    found
}

fn digest(text: &str) -> Md5Bytes {
    Md5::digest(text).into()
}

/// The right text under another digest, or its MD5 written otherwise.
fn other_digest(text: &str, claimed: &str) -> [Mistake; 1] {
    let hex = data_encoding::HEXLOWER.encode(&digest(text));
    let name = if data_encoding::HEXLOWER.encode(&Sha1::digest(text)) == claimed.to_ascii_lowercase() {
        "SHA-1"
    } else if data_encoding::BASE64.encode(&digest(text)) == claimed {
        "MD5 (base64)"
    } else if hex[8..24] == claimed.to_ascii_lowercase() {
        "MD5 (16 digits of 32)"
    } else {
        return [Mistake::Unknown];
    };
    [Mistake::Algorithm(name.to_owned())]
}

struct Search<'a> {
    fields: &'a [Field<'a>],
    right: Signer<'a>,
    suspects: &'a Suspects<'a>,
    target: Md5Bytes,
    /// What one attempt costs, in bytes.
    size: usize,
    /// What further attempts may cost.
    left: Cell<usize>,
}

impl Search<'_> {
    fn run(&self, right: &str) -> Guess {
        let mut deviations = deviations::all(self.fields, self.suspects);
        // What changes nothing by itself explains nothing.
        deviations.retain(|deviation| self.goes_on() && self.text_of(&deviation.apply(self.right)) != right);
        let of_client = || {
            self.left.set(self.left.get().max(CLIENTS_BYTES));
            self.of_client()
        };
        let mistakes = self.fewest(&deviations).or_else(of_client).unwrap_or_default();
        let clients =
            Client::ALL.into_iter().filter(|client| self.is_of(*client, &mistakes, right)).collect();
        Guess { mistakes, clients }
    }

    fn fits(&self, signer: &Signer<'_>) -> bool {
        digest(&self.text_of(signer)) == self.target
    }

    fn text_of(&self, signer: &Signer<'_>) -> String {
        self.left.set(self.left.get().saturating_sub(self.size));
        signer.text(self.fields)
    }

    /// Whether more may be tried.
    fn goes_on(&self) -> bool {
        self.left.get() > 0
    }

    /// One mistake if one is enough, else two, else three.
    fn fewest(&self, deviations: &[Deviation<'_>]) -> Option<Vec<Mistake>> {
        let mut ones = deviations.iter().take_while(|_| self.goes_on());
        let one = ones.find(|one| self.fits(&one.apply(self.right)));
        if let Some(one) = one {
            return Some(vec![one.mistake.clone()]);
        }
        let (respellings, plain): (Vec<_>, Vec<_>) =
            deviations.iter().partition(|deviation| deviation.is_respelling());
        let two = || {
            pairs(&plain).chain(plain.iter().flat_map(|one| {
                respellings.iter().filter(|other| other.axis != one.axis).map(|other| [*one, *other])
            }))
        };
        let found = two()
            .take_while(|_| self.goes_on())
            .find(|[one, other]| self.fits(&other.apply(one.apply(self.right))));
        if let Some(pair) = found {
            return Some(pair.map(|deviation| deviation.mistake.clone()).into());
        }
        if plain.len() > THREEFOLD_MAX {
            return None;
        }
        pairs(&plain).take_while(|_| self.goes_on()).find_map(|[one, other]| {
            let signer = other.apply(one.apply(self.right));
            let after = plain.iter().skip_while(|third| !std::ptr::eq(**third, other)).skip(1);
            let third = after
                .filter(|third| third.axis != one.axis && third.axis != other.axis)
                .find(|third| self.fits(&third.apply(signer)))?;
            Some([one, other, third].map(|deviation| deviation.mistake.clone()).into())
        })
    }

    /// A known client whose many mistakes come together in this request; those that matter.
    fn of_client(&self) -> Option<Vec<Mistake>> {
        let secrets = std::iter::once((None, self.right.salt))
            .chain(self.suspects.secrets().map(|(mistake, secret)| (Some(mistake), secret)));
        for (wrong_salt, salt) in secrets {
            for client in Client::ALL {
                for last in [false, true] {
                    let mut made = made_by(client, last);
                    if !self.goes_on() {
                        return None;
                    }
                    let start = Signer { salt, ..self.right };
                    if !self.fits(&with(&made, start)) {
                        continue;
                    }
                    for index in (0..made.len()).rev() {
                        let left_out = made.remove(index);
                        if !self.fits(&with(&made, start)) {
                            made.insert(index, left_out);
                        }
                    }
                    let mistakes = made.into_iter().map(|deviation| deviation.mistake);
                    return Some(wrong_salt.cloned().into_iter().chain(mistakes).collect());
                }
            }
        }
        None
    }

    /// Whether the client signs just so, and signs this request otherwise than the platform.
    fn is_of(&self, client: Client, mistakes: &[Mistake], right: &str) -> bool {
        let salt = self.suspects.secrets().find(|(mistake, _)| mistakes.contains(mistake));
        let start = salt.map_or(self.right, |(_, salt)| Signer { salt, ..self.right });
        [false, true].into_iter().any(|last| {
            let made = made_by(client, last);
            with(&made, self.right).text(self.fields) != right && self.fits(&with(&made, start))
        })
    }
}

/// What a client changes; of two ways of making one mistake the first or the last.
fn made_by(client: Client, last: bool) -> Vec<Deviation<'static>> {
    let change = |mistake: &Mistake| {
        let mut ways = deviations::known().filter(|known| known.mistake == *mistake);
        if last { ways.next_back() } else { ways.next() }
    };
    client.mistakes().iter().filter_map(change).collect()
}

fn with<'s>(deviations: &'s [Deviation<'s>], start: Signer<'s>) -> Signer<'s> {
    deviations.iter().fold(start, |signer, deviation| deviation.apply(signer))
}

/// Every two deviations that can come together.
fn pairs<'d, 'a>(deviations: &'d [&'d Deviation<'a>]) -> impl Iterator<Item = [&'d Deviation<'a>; 2]> {
    deviations.iter().enumerate().flat_map(move |(index, one)| {
        deviations[index + 1..].iter().filter(|other| other.axis != one.axis).map(move |other| [*one, *other])
    })
}
