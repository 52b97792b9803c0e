//! Key pairs for tests: published with the source, therefore no secrets.
//!
//! ```
//! use douyin_pay_mock::keys;
//! use douyin_pay_protocol::trade::{ApplicationKey, PlatformPublicKey};
//!
//! assert!(ApplicationKey::parse(keys::APPLICATION_KEY_PEM).is_ok());
//! assert!(PlatformPublicKey::parse(keys::PLATFORM_PUBLIC_KEY_PEM).is_ok());
//! ```

/// The default app's private key, `key_version` 1: it signs order data.
pub const APPLICATION_KEY_PEM: &str = include_str!("../keys/application_test_key.pem");
/// Its public half, which the mock knows as uploaded.
pub const APPLICATION_PUBLIC_KEY_PEM: &str = include_str!("../keys/application_test_public_key.pem");
/// The pretended platform's private key: the mock signs the default app's callbacks with it.
pub const PLATFORM_KEY_PEM: &str = include_str!("../keys/platform_test_key.pem");
/// Its public half, with which a merchant verifies callbacks.
pub const PLATFORM_PUBLIC_KEY_PEM: &str = include_str!("../keys/platform_test_public_key.pem");

/// Another application key, to upload as the next `key_version`.
pub const SECOND_APPLICATION_KEY_PEM: &str = include_str!("../keys/second_application_test_key.pem");
/// The public half of the other application key.
pub const SECOND_APPLICATION_PUBLIC_KEY_PEM: &str =
    include_str!("../keys/second_application_test_public_key.pem");
/// Another platform key, to rotate to.
pub const SECOND_PLATFORM_KEY_PEM: &str = include_str!("../keys/second_platform_test_key.pem");
/// The public half of the other platform key.
pub const SECOND_PLATFORM_PUBLIC_KEY_PEM: &str = include_str!("../keys/second_platform_test_public_key.pem");
