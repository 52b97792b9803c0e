//! Secrets by reference: an environment variable or a file, never the text itself.

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Surroundings;

/// No secret is longer; a larger file was surely not meant.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// Where a secret is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SecretRef {
    Env(String),
    File(String),
}

impl SecretRef {
    /// The secret, without the line ending that editors add. The error never shows it.
    pub(super) fn resolve(&self, around: &Surroundings) -> Result<String, String> {
        let text = match self {
            Self::Env(name) => around.variables.get(name).cloned().ok_or_else(|| {
                format!("the environment variable `{name}` is not set (or not UTF-8); set it, or use {{ file = \"…\" }}")
            })?,
            Self::File(path) => {
                let path = around.folder.join(path);
                let shown = path.display();
                let size = std::fs::metadata(&path).map_err(|cause| format!("the file `{shown}` cannot be read: {cause}"))?;
                if size.len() > FILE_BYTES_MAX {
                    return Err(format!("the file `{shown}` has {} bytes; a secret is shorter", size.len()));
                }
                std::fs::read_to_string(&path).map_err(|cause| format!("the file `{shown}` cannot be read: {cause}"))?
            }
        };
        let trimmed = text.trim_end_matches(['\n', '\r']);
        if trimmed.is_empty() {
            return Err(format!("the secret from {self} is empty; put the secret there"));
        }
        Ok(trimmed.to_owned())
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "{{ env = \"{name}\" }}"),
            Self::File(path) => write!(f, "{{ file = \"{path}\" }}"),
        }
    }
}

impl<'de> Deserialize<'de> for SecretRef {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reference;

        impl<'de> Visitor<'de> for Reference {
            type Value = SecretRef;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("{ env = \"NAME\" } or { file = \"PATH\" }")
            }

            // The text is a secret by mistake: it must not appear in the message.
            fn visit_str<E: de::Error>(self, _secret: &str) -> Result<SecretRef, E> {
                Err(E::custom(
                    "is written into the file; secrets are given as { env = \"NAME\" } or { file = \"PATH\" }",
                ))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SecretRef, A::Error> {
                let wrong = || de::Error::custom("give exactly one of `env` and `file`");
                let reference = match map.next_entry::<String, String>()? {
                    Some((key, name)) if key == "env" => SecretRef::Env(name),
                    Some((key, path)) if key == "file" => SecretRef::File(path),
                    _ => return Err(wrong()),
                };
                match map.next_entry::<String, String>()? {
                    None => Ok(reference),
                    Some(_) => Err(wrong()),
                }
            }
        }

        from.deserialize_any(Reference)
    }
}
