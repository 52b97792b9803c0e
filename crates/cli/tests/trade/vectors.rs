//! The golden vectors, their keys in files.

use std::path::PathBuf;

use data_encoding::{BASE64, HEXLOWER};
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

/// `crates/protocol/vectors/trade_rsa.json`.
#[derive(Deserialize)]
pub(crate) struct Vectors {
    pub(crate) app_id: String,
    keys_der_hex: Value,
    pub(crate) vectors: Vec<Vector>,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) method: String,
    #[serde(default)]
    pub(crate) uri: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
    #[serde(default)]
    pub(crate) key_version: String,
    pub(crate) body: String,
    pub(crate) signature: String,
    pub(crate) authorization: Option<String>,
}

impl Vectors {
    pub(crate) fn read() -> Self {
        serde_json::from_str(include_str!("../../../protocol/vectors/trade_rsa.json")).expect("the vectors")
    }

    pub(crate) fn of_kind(&self, kind: &str) -> Vec<Vector> {
        self.vectors.iter().filter(|vector| vector.kind == kind).cloned().collect()
    }

    pub(crate) fn one(&self, id: &str) -> Vector {
        self.vectors.iter().find(|vector| vector.id == id).expect("a vector").clone()
    }

    /// A key's DER.
    pub(crate) fn der(&self, name: &str) -> Vec<u8> {
        let hex = self.keys_der_hex[name].as_str().expect("a key");
        HEXLOWER.decode(hex.as_bytes()).expect("hex")
    }
}

/// A folder with keys in it.
pub(crate) struct Keys {
    folder: TempDir,
}

impl Keys {
    /// `app.pem`, `app-public.pem`, `platform.pem`, `platform-public.pem`.
    pub(crate) fn new(vectors: &Vectors) -> Self {
        let keys = Self { folder: tempfile::tempdir().expect("a folder") };
        for (name, key, label) in [
            ("app.pem", "app_private_pkcs8", "PRIVATE KEY"),
            ("app-public.pem", "app_public_spki", "PUBLIC KEY"),
            ("platform.pem", "platform_private_pkcs8", "PRIVATE KEY"),
            ("platform-public.pem", "platform_public_spki", "PUBLIC KEY"),
        ] {
            keys.write(name, pem(label, &vectors.der(key)));
        }
        keys
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).expect("written");
        self.of(name)
    }

    /// The file's path, for a command line.
    pub(crate) fn of(&self, name: &str) -> String {
        self.path(name).to_str().expect("UTF-8").to_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The DER as PEM, 64 characters to a line.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let base64 = BASE64.encode(der);
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).map(|line| str::from_utf8(line).expect("ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
