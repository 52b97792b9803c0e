//! Both halves of an RSA key: parsed once, then only used.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{Context, Digest, SHA256};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{
    KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use data_encoding::{BASE64, HEXLOWER};

use super::der::Shape;
use super::text::{Decoded, KeyFormat, decode};
use super::{KeyError, der};

/// Bytes of a signature: as many as the key's 2048 bits.
pub(in crate::trade) const SIGNATURE_BYTES: usize = 256;
/// What the platform asks for.
const BITS: usize = 2048;
const FINGERPRINT_BYTES: usize = 8;

/// The SHA-256 of a text to sign.
pub(in crate::trade) type Hashed = Digest;

/// The SHA-256 of these parts, one after the other; none of them is copied.
pub(in crate::trade) fn hash(parts: &[&[u8]]) -> Hashed {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    context.finish()
}

/// Why a text is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum SignatureError {
    /// Not base64 in the standard alphabet with padding.
    #[error("it is not standard base64 with padding on one line; copy it without changing a character")]
    NotBase64,
    /// Blanks: `+` is one after decoding a URL.
    #[error("it has white space inside; something decoded `+` as in a URL, or broke it into lines")]
    WhiteSpace,
    /// The alphabet for URLs.
    #[error("it is base64 with the alphabet for URLs (`-`, `_`); use the standard one (`+`, `/`)")]
    UrlAlphabet,
    /// Another number of bytes than an RSA signature of 2048 bits has.
    #[error("it has {0} bytes and a signature of a 2048-bit key has 256; copy it completely")]
    Length(usize),
}

impl SignatureError {
    /// The reason in Chinese, as [`fmt::Display`] gives it in English.
    pub fn zh(self) -> String {
        match self {
            Self::NotBase64 => "不是单行、带填充的标准 base64；请一字不差地复制".to_owned(),
            Self::WhiteSpace => "含有空白字符；`+` 可能被按 URL 解码成了空格，或被折成了多行".to_owned(),
            Self::UrlAlphabet => {
                "使用了 URL 用的 base64 字母表（`-`、`_`）；应使用标准字母表（`+`、`/`）".to_owned()
            }
            Self::Length(bytes) => format!("有 {bytes} 字节，而 2048 位密钥的签名是 256 字节；请完整复制"),
        }
    }
}

/// The signature's bytes. Standard base64 with padding, on one line.
pub(in crate::trade) fn signature_bytes(base64: &str) -> Result<[u8; SIGNATURE_BYTES], SignatureError> {
    // 256 bytes are 344 characters, which may decode to as many as 258 bytes.
    let mut bytes = [0; SIGNATURE_BYTES + 2];
    if BASE64.decode_len(base64.len()) == Ok(bytes.len())
        && let Ok(SIGNATURE_BYTES) = BASE64.decode_mut(base64.as_bytes(), &mut bytes)
    {
        return Ok(*bytes.first_chunk().expect("the buffer is longer"));
    }
    Err(match BASE64.decode(base64.as_bytes()) {
        Ok(other) => SignatureError::Length(other.len()),
        Err(_) if base64.contains(char::is_whitespace) => SignatureError::WhiteSpace,
        Err(_) if base64.contains(['-', '_']) => SignatureError::UrlAlphabet,
        Err(_) => SignatureError::NotBase64,
    })
}

/// A public key.
#[derive(Clone)]
pub(in crate::trade) struct PublicHalf {
    key: ParsedPublicKey,
    spki: Arc<[u8]>,
}

impl PublicHalf {
    pub(super) fn parse(text: &[u8]) -> Result<Self, KeyError> {
        let Decoded { der, format: _ } = decode(text)?;
        match der::shape(&der)? {
            Shape::Pkcs1Public(facts) | Shape::Spki(facts) => facts.check(BITS)?,
            Shape::Pkcs1Private(_) | Shape::Pkcs8(_) => return Err(KeyError::PrivateForPublic),
        }
        Self::of_der(&der)
    }

    fn of_der(der: &[u8]) -> Result<Self, KeyError> {
        let key =
            ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).map_err(|_| KeyError::Inconsistent)?;
        let spki = AsDer::<PublicKeyX509Der<'static>>::as_der(&key).map_err(|_| KeyError::Inconsistent)?;
        Ok(Self { key, spki: spki.as_ref().into() })
    }

    /// Whether the signature is this key's for the hashed text.
    pub(in crate::trade) fn fits(&self, hashed: &Hashed, signature: &[u8; SIGNATURE_BYTES]) -> bool {
        self.key.verify_digest_sig(hashed, signature).is_ok()
    }

    /// SubjectPublicKeyInfo, DER: the same for the same key however it was written.
    pub(in crate::trade) fn spki(&self) -> &[u8] {
        &self.spki
    }

    pub(in crate::trade) fn fingerprint(&self) -> String {
        HEXLOWER.encode(&hash(&[self.spki()]).as_ref()[..FINGERPRINT_BYTES])
    }

    pub(super) fn to_pem(&self) -> String {
        let base64 = BASE64.encode(self.spki());
        let lines: Vec<&str> =
            (0..base64.len()).step_by(64).map(|at| &base64[at..base64.len().min(at + 64)]).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }
}

impl fmt::Debug for PublicHalf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicHalf({})", self.fingerprint())
    }
}

/// A private key and its public half.
#[derive(Clone)]
pub(in crate::trade) struct PrivateHalf {
    pair: RsaKeyPair,
    public: PublicHalf,
}

impl PrivateHalf {
    pub(super) fn parse(text: &[u8]) -> Result<(Self, KeyFormat), KeyError> {
        let Decoded { der, format } = decode(text)?;
        let pair = match der::shape(&der)? {
            Shape::Pkcs1Private(facts) => {
                facts.check(BITS)?;
                RsaKeyPair::from_der(&der)
            }
            Shape::Pkcs8(facts) => {
                facts.check(BITS)?;
                RsaKeyPair::from_pkcs8(&der)
            }
            Shape::Pkcs1Public(_) | Shape::Spki(_) => return Err(KeyError::PublicForPrivate),
        };
        let pair = pair.map_err(|_| KeyError::Inconsistent)?;
        let public = PublicHalf::of_der(pair.public_key().as_ref())?;
        Ok((Self { pair, public }, format))
    }

    /// The signature of the hashed text, in base64.
    pub(in crate::trade) fn sign(&self, hashed: &Hashed) -> String {
        let mut signature = [0; SIGNATURE_BYTES];
        self.pair
            .sign_digest(&RSA_PKCS1_SHA256, hashed, &mut signature)
            .expect("a checked 2048-bit key signs any SHA-256");
        BASE64.encode(&signature)
    }

    pub(super) fn public(&self) -> &PublicHalf {
        &self.public
    }
}
