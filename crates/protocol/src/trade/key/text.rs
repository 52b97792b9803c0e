//! From what people paste to DER: PEM or bare base64, any line breaks.

use std::fmt;

use data_encoding::{BASE64_NOPAD, DecodeKind};
use zeroize::Zeroizing;

use super::KeyError;
use super::der::{self, Shape};

/// More than any PEM of a 2048-bit key, even with text around it.
const BYTES_MAX: usize = 32 * 1024;
const DASHES: &str = "-----";

/// How a key was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyFormat {
    /// `BEGIN RSA PRIVATE KEY`, or its base64 alone: what the platform's Go sample loads.
    Pkcs1,
    /// `BEGIN PRIVATE KEY`, or its base64 alone: what the platform's Java sample loads.
    Pkcs8,
    /// `BEGIN RSA PUBLIC KEY`, or its base64 alone.
    Pkcs1Public,
    /// `BEGIN PUBLIC KEY`, or its base64 alone: what the console takes and shows.
    Spki,
}

impl KeyFormat {
    /// The PEM header's words.
    const fn label(self) -> &'static str {
        match self {
            Self::Pkcs1 => "RSA PRIVATE KEY",
            Self::Pkcs8 => "PRIVATE KEY",
            Self::Pkcs1Public => "RSA PUBLIC KEY",
            Self::Spki => "PUBLIC KEY",
        }
    }
}

impl fmt::Display for KeyFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs1 | Self::Pkcs1Public => "PKCS#1",
            Self::Pkcs8 => "PKCS#8",
            Self::Spki => "SPKI",
        })
    }
}

/// The content of a key's text.
pub(super) struct Decoded {
    pub(super) der: Zeroizing<Vec<u8>>,
    pub(super) format: KeyFormat,
}

/// Takes off whatever is around the DER, and checks that a PEM header tells the truth.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, KeyError> {
    if bytes.len() > BYTES_MAX {
        return Err(KeyError::TooLong(bytes.len()));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return decode_binary(bytes) };
    let text = unescaped(text);
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\0' | '"' | '\''));
    if text.is_empty() {
        return Err(KeyError::Empty);
    }
    if text.starts_with("ssh-") || text.starts_with("ecdsa-") {
        return Err(KeyError::OpenSsh);
    }
    let block = pem_block(text)?;
    let der = match &block {
        Some(block) => from_base64(block.content)?,
        None if looks_like_file_name(text) => return Err(KeyError::FileName),
        None => from_base64(text)?,
    };
    let format = format_of(&der)?;
    match block.map(|block| block.label).filter(|label| *label != format.label()) {
        Some(label) => Err(KeyError::LabelDiffers { label, fitting: format.label() }),
        None => Ok(Decoded { der, format }),
    }
}

/// A file of plain DER.
fn decode_binary(bytes: &[u8]) -> Result<Decoded, KeyError> {
    if bytes.first() != Some(&0x30) {
        return Err(KeyError::NotText);
    }
    Ok(Decoded { format: format_of(bytes)?, der: Zeroizing::new(bytes.to_vec()) })
}

fn format_of(der: &[u8]) -> Result<KeyFormat, KeyError> {
    Ok(match der::shape(der)? {
        Shape::Pkcs1Private(_) => KeyFormat::Pkcs1,
        Shape::Pkcs8(_) => KeyFormat::Pkcs8,
        Shape::Pkcs1Public(_) => KeyFormat::Pkcs1Public,
        Shape::Spki(_) => KeyFormat::Spki,
    })
}

/// Line breaks that were written as `\n` and `\r`, as in environment variables and JSON.
fn unescaped(text: &str) -> Zeroizing<String> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let after = rest[at..].trim_start_matches('\\');
        match after.strip_prefix(['n', 'r']) {
            Some(after_break) => {
                plain.push('\n');
                rest = after_break;
            }
            None => {
                plain.push('\\');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

struct Block<'a> {
    label: &'static str,
    content: &'a str,
}

/// The one PEM block of the text, if it has any.
fn pem_block(text: &str) -> Result<Option<Block<'_>>, KeyError> {
    const BEGIN: &str = "-----BEGIN ";
    let Some((_, after)) = text.split_once(BEGIN) else { return Ok(None) };
    let blocks = text.matches(BEGIN).count();
    if blocks > 1 {
        return Err(KeyError::Several(blocks));
    }
    let (label, after) = after.split_once(DASHES).ok_or(KeyError::Truncated)?;
    let label = known_label(label.trim())?;
    let (content, _) = after.split_once("-----END ").ok_or(KeyError::Truncated)?;
    if content.contains("ENCRYPTED") {
        return Err(KeyError::Encrypted);
    }
    Ok(Some(Block { label, content }))
}

fn known_label(label: &str) -> Result<&'static str, KeyError> {
    match label {
        "RSA PRIVATE KEY" => Ok(KeyFormat::Pkcs1.label()),
        "PRIVATE KEY" => Ok(KeyFormat::Pkcs8.label()),
        "RSA PUBLIC KEY" => Ok(KeyFormat::Pkcs1Public.label()),
        "PUBLIC KEY" => Ok(KeyFormat::Spki.label()),
        "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted),
        "OPENSSH PRIVATE KEY" | "SSH2 PUBLIC KEY" => Err(KeyError::OpenSsh),
        "EC PRIVATE KEY" | "EC PARAMETERS" | "SM2 PRIVATE KEY" => {
            Err(KeyError::OtherAlgorithm("elliptic curves (EC or SM2)"))
        }
        "DSA PRIVATE KEY" => Err(KeyError::OtherAlgorithm("DSA")),
        other if other.contains("CERTIFICATE") => Err(KeyError::Certificate),
        _ => Err(KeyError::OtherPem),
    }
}

fn looks_like_file_name(text: &str) -> bool {
    let name = text.to_ascii_lowercase();
    !text.contains('\n')
        && [".pem", ".key", ".der", ".txt", ".crt", ".cer", ".p12"].iter().any(|end| name.ends_with(end))
}

/// Padding may be missing: whether the content is complete, it says itself.
fn from_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let compact = Zeroizing::new(text.chars().filter(|c| !c.is_whitespace()).collect::<String>());
    let compact = compact.trim_end_matches('=');
    if compact.is_empty() {
        return Err(KeyError::Empty);
    }
    BASE64_NOPAD.decode(compact.as_bytes()).map(Zeroizing::new).map_err(|cause| match cause.kind {
        DecodeKind::Length | DecodeKind::Trailing => KeyError::Truncated,
        DecodeKind::Symbol | DecodeKind::Padding => KeyError::NotBase64(cause.position + 1),
    })
}
