//! Why a signature is what it is: each field, the sorted list, the joined text.

use std::fmt;

use serde::Serialize;

use super::guess::{Guess, guess};
use super::{Client, Field, JsonError, Mistake, Suspects, read, read_query, sign_fields};
use crate::Salt;
use crate::ecpay::Signature;
use crate::ecpay::sign::signed_part;

/// Stands where the salt stands; the salt itself is never shown.
const SALT_SHOWN: &str = "‹SALT›";
/// A shorter salt is hidden only where it stands alone: it may be a part of any word.
const SALT_HIDDEN_INSIDE: usize = 6;

/// One field and its part in the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// What its value is: `text`, `number`, `boolean`, `null`, `object` or `array`.
    pub kind: &'static str,
    /// Whether it takes part.
    pub signed: bool,
    /// Why not, or what was taken away before signing; empty when it is signed as it stands.
    pub note: &'static str,
    /// The value's text as it was received, quoted, with everything that is not printable escaped.
    pub received: String,
    /// The text that is signed, written in the same way.
    pub text: Option<String>,
    /// The received text's bytes in hex, when it holds anything but printable ASCII.
    pub received_hex: Option<String>,
    /// The signed text's bytes in hex, when it holds anything but printable ASCII.
    pub hex: Option<String>,
    /// What about the value makes implementations disagree.
    pub hints: Vec<&'static str>,
}

/// How a signature came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Every field, in the order in which it was received.
    pub fields: Vec<Part>,
    /// The signed texts in byte order, with the salt hidden.
    pub sorted: Vec<String>,
    /// The sorted texts joined with `&`, with the salt hidden: the MD5 of this, with the salt, is the signature.
    pub joined: String,
    /// The right signature.
    pub sign: String,
    /// The `sign` that the request carries, if any.
    pub claimed: Option<String>,
    /// Whether the two are the same.
    pub matches: Option<bool>,
    /// The mistakes that together give the claimed signature; [`Mistake::Unknown`] when no known ones do, none when
    /// it is right or missing.
    pub mistakes: Vec<Mistake>,
    /// The known kinds of clients that sign just so.
    pub clients: Vec<Client>,
    /// The mistakes and clients as one sentence in Chinese; empty when there are none.
    pub zh: String,
    /// The same in English.
    pub en: String,
    #[serde(skip)]
    signature: Signature,
}

impl Explanation {
    /// The right signature.
    pub fn signature(&self) -> Signature {
        self.signature
    }
}

/// Explains the signature of a request given as JSON bytes.
///
/// # Errors
/// As [`super::sign`].
///
/// ```
/// use douyin_pay_protocol::{Salt, ecpay::json};
///
/// let salt = Salt::new("test_salt_Ab12Cd34").unwrap();
/// let explained = json::explain(br#"{"app_id":"tt1","disable_msg":0,"cp_extra":" null "}"#, &salt).unwrap();
/// assert_eq!(explained.joined, "0&‹SALT›");
/// assert!(!explained.to_string().contains("test_salt"));
/// ```
pub fn explain(body: &[u8], salt: &Salt) -> Result<Explanation, JsonError> {
    explain_with(body, salt, &Suspects::new())
}

/// As [`explain`], and tries other secrets in the salt's place.
///
/// # Errors
/// As [`super::sign`].
pub fn explain_with(body: &[u8], salt: &Salt, suspects: &Suspects<'_>) -> Result<Explanation, JsonError> {
    Ok(explain_fields(&read(body)?, salt, suspects))
}

/// Explains the signature of a query string.
///
/// # Errors
/// As [`super::sign_query`].
pub fn explain_query(query: &str, salt: &Salt) -> Result<Explanation, JsonError> {
    explain_query_with(query, salt, &Suspects::new())
}

/// As [`explain_query`], and tries other secrets in the salt's place.
///
/// # Errors
/// As [`super::sign_query`].
pub fn explain_query_with(
    query: &str,
    salt: &Salt,
    suspects: &Suspects<'_>,
) -> Result<Explanation, JsonError> {
    Ok(explain_fields(&read_query(query)?, salt, suspects))
}

fn explain_fields(fields: &[Field<'_>], salt: &Salt, suspects: &Suspects<'_>) -> Explanation {
    let taking_part = fields.iter().filter(|field| !field.is_left_out());
    let mut values: Vec<&str> = taking_part.filter_map(|field| signed_part(&field.text)).collect();
    values.push(salt.expose());
    values.sort_unstable();
    let sorted: Vec<String> = values.iter().map(|value| without_salt(value, salt)).collect();
    let signature = sign_fields(fields, salt);
    let claimed = fields.iter().find(|field| field.name == "sign").map(|field| field.text.clone());
    let matches = claimed.as_deref().map(|claimed| signature.matches(claimed));
    let wrong = claimed.as_deref().filter(|_| matches == Some(false));
    let guessed = wrong.map(|claimed| guess(fields, salt, suspects, claimed)).unwrap_or_default();
    Explanation {
        fields: fields.iter().map(|field| part(field, salt)).collect(),
        joined: sorted.join("&"),
        sorted,
        sign: signature.to_string(),
        matches,
        zh: guessed.told("；", Mistake::zh, ("这正是以下客户端的算法：", "、"), Client::zh),
        en: guessed.told("; ", Mistake::en, ("this is how it is signed by ", " and by "), Client::en),
        mistakes: guessed.mistakes,
        clients: guessed.clients,
        claimed,
        signature,
    }
}

impl Guess {
    /// All mistakes and then all clients, as one sentence.
    fn told(
        &self,
        between: &str,
        mistake: impl Fn(&Mistake) -> String,
        (these_sign_so, and): (&str, &str),
        client: impl Fn(Client) -> &'static str,
    ) -> String {
        let mut told: Vec<String> = self.mistakes.iter().map(mistake).collect();
        let clients: Vec<_> = self.clients.iter().copied().map(client).collect();
        if !clients.is_empty() {
            told.push(format!("{these_sign_so}{}", clients.join(and)));
        }
        told.join(between)
    }
}

/// A text that may be shown: someone may have put the salt into a field.
fn without_salt(text: &str, salt: &Salt) -> String {
    let salt = salt.expose();
    if text == salt || (salt.len() >= SALT_HIDDEN_INSIDE && text.contains(salt)) {
        return text.replace(salt, SALT_SHOWN);
    }
    text.to_owned()
}

fn part(field: &Field<'_>, salt: &Salt) -> Part {
    let signed = if field.is_left_out() { None } else { signed_part(&field.text) };
    let note = match signed {
        None if field.is_left_out() => "never takes part",
        None if field.text.is_empty() => "empty, so it is left out",
        None if field.text.trim().is_empty() => "only white space, so it is left out",
        None => "empty or `null` after trimming, so it is left out",
        Some(text) if text.len() == field.text.len() => "",
        Some(text) if text.len() == field.text.trim().len() => "white space at the ends is not signed",
        Some(_) => "the wrapping pair of double quotes is not signed",
    };
    let quoted = |text: &str| format!("{:?}", without_salt(text, salt));
    let mut hints = hints(field);
    let holds_salt = without_salt(&field.text, salt) != field.text;
    if holds_salt {
        hints.push("the value holds the SALT, which must never be sent: the platform has to give a new one");
    }
    let hex = |text: &str| (!holds_salt).then(|| hex_unless_plain(text)).flatten();
    Part {
        name: field.name.clone(),
        kind: field.kind,
        signed: signed.is_some(),
        note,
        received: quoted(&field.text),
        text: signed.map(quoted),
        received_hex: hex(&field.text),
        hex: signed.and_then(hex),
        hints,
    }
}

fn hex_unless_plain(text: &str) -> Option<String> {
    let plain = text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    (!plain).then(|| data_encoding::HEXLOWER.encode(text.as_bytes()))
}

/// What makes implementations of the signature disagree about this value.
fn hints(field: &Field<'_>) -> Vec<&'static str> {
    let mut hints = Vec::new();
    let text = field.text.as_str();
    if field.name == "appid" {
        hints.push("requests spell it `app_id`; the platform answers 2008 to `appid`");
    }
    if field.is_left_out() {
        return hints;
    }
    match field.kind {
        "object" | "array" => hints.push("languages print nested values differently: send JSON as text"),
        "boolean" => hints.push("PHP signs `true` as 1 and drops `false`: send 0 or 1"),
        "null" => hints
            .push("`null` is signed as `<nil>` by one side and dropped by the other: leave the field out"),
        "number" if text.bytes().any(|byte| matches!(byte, b'e' | b'E' | b'.')) => {
            hints.push("a number with an exponent or a fraction: amounts are plain integers");
        }
        "number" if text == "0" => hints.push("zero is signed as `0`; PHP's `empty` drops it"),
        "number" if text.len() >= 7 => hints.push("a float would sign this as an exponent such as 1e+06"),
        _ => {}
    }
    if text.trim().len() != text.len() {
        hints.push("white space at the ends: Java, PHP and JavaScript trim differently");
    }
    if text.len() > 1 && text.starts_with('"') && text.ends_with('"') {
        hints.push("wrapped in double quotes: several packages keep them");
    }
    if text.trim() == "null" {
        hints.push("the text `null` is not signed; several packages sign it");
    }
    if text.chars().any(|c| u32::from(c) > 0xffff) {
        hints.push("a character outside the BMP: Java, JavaScript and C# sort it differently");
    }
    if text.chars().any(|c| c.is_control() || c == '\u{feff}') {
        hints.push("control characters or a byte order mark: languages trim them differently");
    }
    hints
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.signed { '+' } else { '-' };
        let changed = self.text.as_ref().is_none_or(|text| *text != self.received);
        write!(f, "  {mark} {} ({})", self.name, self.kind)?;
        if let Some(text) = &self.text {
            write!(f, " {text}")?;
        }
        if !self.note.is_empty() {
            write!(f, "  [{}]", self.note)?;
        }
        writeln!(f)?;
        if let Some(hex) = &self.hex {
            writeln!(f, "      bytes {hex}")?;
        }
        if changed && !self.received.is_empty() {
            writeln!(f, "      received {}", self.received)?;
            if let Some(hex) = &self.received_hex {
                writeln!(f, "      received bytes {hex}")?;
            }
        }
        for hint in &self.hints {
            writeln!(f, "      ! {hint}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "fields")?;
        for part in &self.fields {
            part.fmt(f)?;
        }
        writeln!(f, "sorted by bytes, with the salt")?;
        for (index, value) in self.sorted.iter().enumerate() {
            writeln!(f, "  {:>2} {value:?}", index + 1)?;
        }
        writeln!(f, "joined\n  {}", self.joined)?;
        writeln!(f, "sign\n  {}", self.sign)?;
        if let Some(claimed) = &self.claimed {
            let verdict = if self.matches == Some(true) { "the same" } else { "different" };
            writeln!(f, "sign in the request: {verdict}\n  {claimed}")?;
        }
        for told in [&self.zh, &self.en].into_iter().filter(|told| !told.is_empty()) {
            writeln!(f, "  ! {told}")?;
        }
        Ok(())
    }
}
