//! Signing and verifying beside the raw digest, or the raw RSA, of the same bytes.

mod trade;

use std::hint::black_box;
use std::time::{Duration, Instant};

use douyin_pay_protocol::ecpay::callback::{self, Unverified};
use douyin_pay_protocol::ecpay::{CreateOrder, ValidTime, json, sign};
use douyin_pay_protocol::{Fen, NotifyUrl, OrderAmount, OrderBody, OutOrderNo, Salt, Subject, Token};
use md5::{Digest, Md5};
use sha1::Sha1;

const ROUNDS: usize = 9;
const REPEATS: u32 = 20_000;

/// Prints the ratios S1 to S4.
///
/// # Errors
/// Never: it only computes.
pub fn run() -> anyhow::Result<()> {
    let salt = Salt::new("test_salt_Ab12Cd34")?;
    let order = CreateOrder::new(
        OutOrderNo::new("O20240101000001")?,
        OrderAmount::new(Fen::new(1280)?)?,
        Subject::new("大杯拿铁")?,
        OrderBody::new("大杯拿铁，少冰")?,
        ValidTime::new(900)?,
    )
    .notify_url(NotifyUrl::new("https://pay.example.com/callbacks/coffee")?);
    let app_id = douyin_pay_protocol::AppId::new("tt0000000000000001")?;
    let body = douyin_pay_protocol::ecpay::signed_body(&app_id, None, &order, &salt);
    let joined = json::explain(&body, &salt)?.joined.replace("‹SALT›", "test_salt_Ab12Cd34");
    ratio(
        REPEATS,
        "S1 ecpay sign / raw MD5 of the same bytes",
        || black_box(sign(black_box(&order), &salt)),
        || black_box(Md5::digest(black_box(joined.as_bytes()))),
    );

    let token = Token::new("testToken2024")?;
    let msg = r#"{"appid":"tt0000000000000001","cp_orderno":"O20240101000001","cp_extra":"","way":"1","channel_no":"4200000000202401010000000001","channel_gateway_no":"","payment_order_no":"PCP2024010100000000000000000001","out_channel_order_no":"4200000000202401010000000001","total_amount":1280,"status":"SUCCESS","seller_uid":"70775300146143419322","extra":"","item_id":"","paid_at":1704067200,"message":"","order_id":"N7300000000000000001"}"#;
    let callback = callback::body(&token, "payment", "1704067201", "2345", msg);
    let signed = format!("17040672012345testToken2024{msg}");
    let tokens = [token];
    let parsed = Unverified::parse(&callback)?;
    ratio(
        REPEATS,
        "S2 ecpay verify, fields parsed / raw SHA-1",
        || black_box(parsed.clone().verify(&tokens).is_ok()),
        || black_box(Sha1::digest(black_box(signed.as_bytes()))),
    );
    ratio(
        REPEATS,
        "S3 callback body → verified, typed / raw SHA-1",
        || {
            let verified =
                Unverified::parse(black_box(&callback)).and_then(|envelope| envelope.verify(&tokens));
            let verified = verified.expect("genuine");
            black_box(verified.notice().is_ok())
        },
        || black_box(Sha1::digest(black_box(signed.as_bytes()))),
    );
    trade::run()
}

/// Both in turn, round by round; the median of the ratios.
fn ratio<A, B>(repeats: u32, name: &str, mut ours: impl FnMut() -> A, mut raw: impl FnMut() -> B) {
    let mut ratios = Vec::new();
    let (mut our_time, mut raw_time) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..ROUNDS {
        our_time = time(repeats, &mut ours);
        raw_time = time(repeats, &mut raw);
        ratios.push(our_time.as_nanos() * 1000 / raw_time.as_nanos().max(1));
    }
    ratios.sort_unstable();
    let median = ratios[ROUNDS / 2];
    let each = |total: Duration| total / repeats;
    println!(
        "{name}: {}.{:03}   ({:?} / {:?})",
        median / 1000,
        median % 1000,
        each(our_time),
        each(raw_time)
    );
}

fn time<T>(repeats: u32, work: &mut impl FnMut() -> T) -> Duration {
    let started = Instant::now();
    for _ in 0..repeats {
        black_box(work());
    }
    started.elapsed()
}
