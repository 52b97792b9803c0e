//! S4: order data signed, callbacks verified, beside aws-lc-rs alone with a parsed key.

use std::hint::black_box;

use anyhow::Context;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair};
use douyin_pay_protocol::trade::callback::{self, Unverified};
use douyin_pay_protocol::trade::{
    ApplicationKey, KeyVersion, Nonce, PlatformKey, PlatformPublicKey, REQUEST_ORDER_URI, authorize,
    callback_text, request_text,
};
use douyin_pay_protocol::{AppId, UnixMs};
use serde::Deserialize;

use super::ratio;

/// A signature takes a millisecond, a verification some twenty microseconds.
const SIGN_REPEATS: u32 = 100;
const VERIFY_REPEATS: u32 = 3_000;

/// The part of the golden vectors that is measured with.
#[derive(Deserialize)]
struct Vectors {
    keys_der_hex: Keys,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Keys {
    app_private_pkcs8: String,
    platform_private_pkcs8: String,
    platform_public_spki: String,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    body: String,
}

pub(super) fn run() -> anyhow::Result<()> {
    let file: Vectors = serde_json::from_str(include_str!("../../../protocol/vectors/trade_rsa.json"))?;
    let body = |id: &str| {
        let vector = file.vectors.iter().find(|vector| vector.id == id);
        vector.map(|vector| vector.body.as_bytes()).with_context(|| format!("no vector {id}"))
    };
    sign(&bytes(&file.keys_der_hex.app_private_pkcs8)?, body("T1")?)?;
    let keys = file.keys_der_hex;
    verify(&bytes(&keys.platform_private_pkcs8)?, &bytes(&keys.platform_public_spki)?, body("T8")?)
}

fn sign(key_der: &[u8], data: &[u8]) -> anyhow::Result<()> {
    let key = ApplicationKey::parse(key_der)?;
    let raw_key = RsaKeyPair::from_pkcs8(key_der)?;
    let random = SystemRandom::new();
    let (app_id, version) = (AppId::new("tt0000000000000001")?, KeyVersion::new("1")?);
    let (at, nonce) = (UnixMs::from_seconds(1_767_225_600), Nonce::of_random([7; 16]));
    let text = request_text("POST", REQUEST_ORDER_URI, &at.seconds().to_string(), nonce.as_str(), data);
    let mut signature = [0; 256];
    ratio(
        SIGN_REPEATS,
        "S4 order data → byteAuthorization / aws-lc-rs with parsed key",
        || {
            let signed =
                authorize(&app_id, &key, &version, "POST", REQUEST_ORDER_URI, black_box(data), at, &nonce);
            black_box(signed.to_string())
        },
        || black_box(raw_key.sign(&RSA_PKCS1_SHA256, &random, black_box(&text), &mut signature).is_ok()),
    );
    Ok(())
}

fn verify(private_der: &[u8], public_der: &[u8], body: &[u8]) -> anyhow::Result<()> {
    let private = PlatformKey::parse(private_der)?;
    let at = UnixMs::from_seconds(1_767_225_610);
    let sent = callback::signed(&private, at, "Lvd6e6w4sbxDxTIYlOwk3QAZDIXLG5du", body);
    let headers = sent.headers();
    let keys = [PlatformPublicKey::parse(public_der)?];
    let raw_key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public_der)?;
    let text = callback_text(headers.timestamp, headers.nonce, body);
    let mut signature = [0; 256];
    RsaKeyPair::from_pkcs8(private_der)?.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        &text,
        &mut signature,
    )?;
    let raw = || black_box(raw_key.verify_sig(black_box(&text), &signature).is_ok());
    ratio(
        VERIFY_REPEATS,
        "S4 text and base64 → verified / aws-lc-rs with parsed key",
        || black_box(keys[0].verify(black_box(&text), headers.signature)),
        raw,
    );
    ratio(
        VERIFY_REPEATS,
        "S4 callback → verified, envelope read / aws-lc-rs with parsed key",
        || {
            let callback = Unverified::parse(headers, black_box(body)).expect("three headers");
            black_box(callback.verify(&keys).expect("genuine").msg().len())
        },
        raw,
    );
    Ok(())
}

fn bytes(hex: &str) -> anyhow::Result<Vec<u8>> {
    let pairs = (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16));
    Ok(pairs.collect::<Result<_, _>>()?)
}
