//! `platform token`: whether app id and secret give an access token that the platform takes.

use std::sync::{Arc, Mutex, PoisonError};

use clap::Args as ClapArgs;
use douyin_pay::{CachedToken, TokenCache, TokenKey};
use douyin_pay_env::{BoxFuture, Env, UnixMs};
use douyin_pay_protocol::trade::OrderQuery;
use douyin_pay_protocol::{OutOrderNo, ecpay};
use serde_json::json;

use super::columns::{As, Column};
use super::ending::{not_learnt, show};
use super::open::{At, Opened, Which, converse};
use crate::commands::sign::System;
use crate::exit::Ended;
use crate::out::Form;

/// Nobody's order.
const NUMBER_DIGITS: usize = 24;

/// Of which app.
#[derive(Debug, ClapArgs)]
pub struct Token {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    at: At,
}

const COLUMNS: &[Column] = &[
    Column("种类", "kind", "kind", As::Plain),
    Column("平台接受", "taken by the platform", "accepted", As::Plain),
    Column("有效至", "good until", "expires_at", As::Time),
];

pub(super) fn run(args: &Token, form: Form) -> Ended {
    let opened = args.at.open()?;
    match opened.system(&args.which) {
        System::Ecpay => of_ecpay(&opened, form),
        System::Trade => of_trade(&opened, form),
    }
}

/// The token of the order push. No query takes it, so whether it is taken shows with the first push.
fn of_ecpay(opened: &Opened, form: Form) -> Ended {
    let seen = Arc::new(Seen::default());
    let client = opened.pushing(Arc::clone(&seen) as Arc<dyn TokenCache>)?;
    converse(async {
        let _never_shown = client.access_token().await.map_err(|error| not_learnt(&error))?;
        let expires_at = seen.0.lock().unwrap_or_else(PoisonError::into_inner).map(UnixMs::get);
        let told = json!({ "kind": ecpay::Endpoint::Token.name(), "expires_at": expires_at });
        show(form, &told, None, COLUMNS);
        Ok(())
    })
}

fn of_trade(opened: &Opened, form: Form) -> Ended {
    let seen = Arc::new(Seen::default());
    let client = opened.trade_with(Arc::clone(&seen) as Arc<dyn TokenCache>)?;
    let number = format!("token-{}", Env::real().random_hex(NUMBER_DIGITS));
    let number = OutOrderNo::new(number).expect("letters, digits and a hyphen");
    converse(async {
        let answer = client.order_query(&OrderQuery::by_out_order_no(number)).await;
        let log_id = match answer {
            Ok(answer) => answer.log_id,
            // The token was taken; nobody knows this order.
            Err(error) if error.is_not_found() => error.log_id().map(str::to_owned),
            Err(error) => return Err(not_learnt(&error)),
        };
        let expires_at = seen.0.lock().unwrap_or_else(PoisonError::into_inner).map(UnixMs::get);
        let told = json!({ "kind": opened.token_kind().endpoint().name(), "accepted": true, "expires_at": expires_at });
        show(form, &told, log_id.as_deref(), COLUMNS);
        Ok(())
    })
}

/// Remembers until when the token is good, and nothing of the token.
#[derive(Default)]
struct Seen(Mutex<Option<UnixMs>>);

impl TokenCache for Seen {
    fn load(&self, _key: &TokenKey) -> BoxFuture<Option<CachedToken>> {
        Box::pin(async { None })
    }

    fn store(&self, _key: &TokenKey, token: CachedToken) -> BoxFuture<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.expires_at);
        Box::pin(async {})
    }
}
