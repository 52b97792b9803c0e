//! A new order in the general trade system: signed and handed out.

use douyin_pay_ledger::{Fact, Open, OpenTrade, Order, Refusal, Source, System, What};
use douyin_pay_protocol::UnixMs;

use super::CreateOrder;
use super::data::TradeOfOrder;
use crate::Server;
use crate::api::{ApiError, ApiResult, chain, remember, replies};
use crate::journal::{Key, Submission};
use crate::live::{App, Trade};
use crate::store::LoadKey;

/// The platform takes signed data for so long.
const SIGNATURE_MS: i64 = 3_600_000;
/// A front end may ask for a fresh signature as often as it likes; the books note one per minute. That is far less than
/// the ten minutes for which an order is kept open after its end.
const NOTED_EVERY_MS: i64 = 60_000;

/// Signs the order's data, remembers it, and hands it out.
pub(super) async fn create(
    server: &Server,
    app: &App,
    common: CreateOrder,
    ask: TradeOfOrder,
    request_sha256: [u8; 32],
) -> ApiResult {
    let (Some(config), Some(trade)) = (&app.config.trade, &app.trade) else { return Err(no_section(app)) };
    let seconds = ask.pay_expire_seconds.seconds();
    let data = match ask.data(&common, app, config) {
        Ok(data) => data,
        // The configuration may have lost since then what the same request took from it.
        Err(problem) => {
            let key = LoadKey::Order(app.config.app_id.clone(), common.out_order_no);
            let known = remember::load(server, key).await?;
            return match known.filter(|order| order.request_sha256 == request_sha256) {
                Some(order) => again(server, trade, &order).await,
                None => Err(problem),
            };
        }
    };
    // Signed before it is remembered: so the order is never thought to end before the signature does.
    let signed = trade.signer.sign(server.env(), &data);
    let open = Open {
        system: System::Trade,
        valid_seconds: seconds,
        trade: Some(OpenTrade { data: signed.data.as_str().into(), pay_expire_seconds: seconds }),
        ..common.open(server, app, request_sha256)
    };
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what: What::Open(Box::new(open)) };
    let decided = server.journal().submit(Submission { key: Key::New, fact, callback: None }).await?;
    match (decided.verdict, decided.order) {
        (Ok(warnings), Some(order)) => Ok(replies::signed(&order, true, Some(&signed), &warnings)),
        (Err(Refusal::Duplicate), Some(order)) => again(server, trade, &order).await,
        (Err(refusal), _) => Err(refusal.into()),
        (Ok(_), None) => Err(super::not_written()),
    }
}

/// When the order was last signed, as its books say: an hour and the time to pay before it ends.
fn signed_at(order: &Order) -> UnixMs {
    let seconds = order.trade.as_ref().map_or(0, |trade| trade.pay_expire_seconds);
    order.expires_at.plus_ms(-SIGNATURE_MS - i64::from(seconds) * 1_000)
}

/// The same request again: the same data with a fresh signature, as long as it can be placed.
async fn again(server: &Server, trade: &Trade, order: &Order) -> ApiResult {
    if order.system != System::Trade || !order.is_payable() {
        return Ok(replies::signed(order, false, None, &[]));
    }
    let Some(data) = data_of(server, order).await? else {
        return Ok(replies::signed(order, false, None, &[]));
    };
    let signed = trade.signer.sign_again(server.env(), &data);
    if server.env().now().since(signed_at(order)) < NOTED_EVERY_MS {
        return Ok(replies::signed(order, false, Some(&signed), &[]));
    }
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what: What::SignedAgain };
    let decided =
        server.journal().submit(Submission { key: Key::Id(order.id), fact, callback: None }).await?;
    match (decided.verdict, decided.order) {
        (Ok(_) | Err(Refusal::Duplicate), Some(order)) if order.is_payable() => {
            Ok(replies::signed(&order, false, Some(&signed), &[]))
        }
        // It was paid, closed or given up in between: nobody should place it any more.
        (_, Some(order)) => Ok(replies::signed(&order, false, None, &[])),
        (_, None) => Err(super::not_written()),
    }
}

/// The order's data, byte for byte as it was first signed.
async fn data_of(server: &Server, order: &Order) -> Result<Option<Box<str>>, ApiError> {
    let facts = server.reads().facts(order.id).await.map_err(|cause| {
        tracing::error!(order.id = %order.id, error = %chain(&cause), "an order's data could not be read");
        ApiError::unreadable(&cause)
    })?;
    Ok(match facts.into_iter().next().map(|row| row.fact.what) {
        Some(What::Open(open)) => open.trade.map(|trade| trade.data),
        _ => None,
    })
}

fn no_section(app: &App) -> ApiError {
    ApiError::other_system(format!(
        "app `{}` has no `[apps.trade]`; configure it, or give a number that is not used in that system",
        app.config.name
    ))
}
