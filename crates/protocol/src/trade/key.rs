//! The four keys, parsed once, as types that cannot be mixed up.
//!
//! | key | half | who has it | what it does |
//! |---|---|---|---|
//! | [`ApplicationKey`] | private | the merchant | signs order data |
//! | [`ApplicationPublicKey`] | public | uploaded in the console | checks order data |
//! | [`PlatformKey`] | private | the platform (here: a mock, a test) | signs callbacks |
//! | [`PlatformPublicKey`] | public | shown in the console | verifies callbacks |
//!
//! All are RSA of exactly 2048 bits with the exponent 65537.

mod der;
mod error;
mod rsa;
mod text;
mod version;

use std::fmt;

pub use error::KeyError;
pub use text::KeyFormat;
pub use version::KeyVersion;

use rsa::PrivateHalf;
pub use rsa::SignatureError;
pub(super) use rsa::{Hashed, PublicHalf, SIGNATURE_BYTES, hash, signature_bytes};

macro_rules! public_key {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name(PublicHalf);

        impl $name {
            /// Reads the key: PEM or bare base64, `PUBLIC KEY` (SPKI) or `RSA PUBLIC KEY` (PKCS#1), with or without
            /// line breaks, which may also be written as `\n`.
            ///
            /// # Errors
            /// A [`KeyError`] that names the mistake and the next step.
            pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, KeyError> {
                PublicHalf::parse(text.as_ref()).map(Self)
            }

            /// Whether the signature, in base64, is this key's for the text.
            pub fn verify(&self, text: &[u8], signature: &str) -> bool {
                rsa::signature_bytes(signature).is_ok_and(|bytes| self.0.fits(&hash(&[text]), &bytes))
            }

            /// The first eight bytes of the SHA-256 of the key (SPKI), in hex: enough to tell two keys apart.
            pub fn fingerprint(&self) -> String {
                self.0.fingerprint()
            }

            /// The key as the console takes and shows it: PEM, `PUBLIC KEY`.
            pub fn to_pem(&self) -> String {
                self.0.to_pem()
            }

            pub(super) fn half(&self) -> &PublicHalf {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.fingerprint())
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.spki() == other.0.spki()
            }
        }

        impl Eq for $name {}
    };
}

macro_rules! private_key {
    ($(#[$meta:meta])* $name:ident, $public:ident) => {
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name(PrivateHalf, KeyFormat);

        impl $name {
            /// Reads the key: PEM or bare base64, PKCS#1 or PKCS#8, with or without line breaks, which may also be
            /// written as `\n`.
            ///
            /// # Errors
            /// A [`KeyError`] that names the mistake and the next step, and never a byte of the key.
            pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, KeyError> {
                PrivateHalf::parse(text.as_ref()).map(|(half, format)| Self(half, format))
            }

            /// The signature of the text: RSA PKCS#1 v1.5 with SHA-256, in base64 with padding.
            pub fn sign(&self, text: &[u8]) -> String {
                self.0.sign(&hash(&[text]))
            }

            /// The public half.
            pub fn public(&self) -> $public {
                $public(self.0.public().clone())
            }

            /// How the key was written.
            pub fn format(&self) -> KeyFormat {
                self.1
            }

            pub(super) fn half(&self) -> &PrivateHalf {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            /// The fingerprint of the public half, nothing of the private one.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "(… of {})"), self.0.public().fingerprint())
            }
        }
    };
}

private_key!(
    /// The application's private key (应用私钥): it signs order data, and nothing else.
    ///
    /// ```
    /// use douyin_pay_protocol::trade::{ApplicationKey, KeyError};
    ///
    /// let refused = ApplicationKey::parse("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
    /// assert_eq!(refused.unwrap_err(), KeyError::Certificate);
    /// ```
    ApplicationKey, ApplicationPublicKey
);
private_key!(
    /// The platform's private key, which only the platform has; mocks and tests sign callbacks with one of their own.
    PlatformKey, PlatformPublicKey
);
public_key!(
    /// The application's public key (应用公钥), as it was uploaded in the console: it checks order data.
    ApplicationPublicKey
);
public_key!(
    /// The platform's public key (平台公钥) of a mini-program, as the console shows it: it verifies callbacks.
    PlatformPublicKey
);

impl PlatformPublicKey {
    /// Whether this is the public half of the application's own key: the wrong one of the two that the console shows.
    pub fn is_of(&self, key: &ApplicationKey) -> bool {
        self.0.spki() == key.0.public().spki()
    }
}
