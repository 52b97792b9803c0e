//! What the books on this machine know of an order, read without changing anything.

use douyin_pay_ledger::{OperationKind, Order, System};
use douyin_pay_protocol::{Fen, OutNo, OutOrderNo};
use douyin_pay_server::config::{AppConfig, Config, Database};
use douyin_pay_server::store::sqlite::SqliteReads;
use douyin_pay_server::store::{LoadKey, Reads};

use super::Kind;

/// What is known; nothing when the books are elsewhere.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The amount that the platform would report.
    pub(super) amount: Option<Fen>,
    /// The platform's number of the order.
    pub(super) order_id: Option<String>,
    /// The platform's number of the refund or settlement.
    pub(super) operation_no: Option<String>,
    /// The fee and the commission of a settlement, once the platform has told them.
    pub(super) fees: [Option<Fen>; 2],
    /// Who sells.
    pub(super) seller_uid: Option<String>,
    /// What comes back to the merchant unchanged.
    pub(super) cp_extra: Option<String>,
    /// The system it lives in.
    pub(super) system: Option<System>,
    /// The items and what each of them costs; none while the platform has not told.
    pub(super) items: Vec<(String, Fen)>,
}

/// Looks the order up, if the configured database is here and can be read.
pub(super) async fn look(config: &Config, app: &AppConfig, kind: Kind, order: &str, number: &str) -> Known {
    find(config, app, order).await.map(|order| told(&order, kind, number)).unwrap_or_default()
}

async fn find(config: &Config, app: &AppConfig, number: &str) -> Option<Order> {
    let Database::Sqlite(path) = &config.database;
    if !path.is_file() {
        return None;
    }
    let key = LoadKey::Order(app.app_id.clone(), OutOrderNo::new(number).ok()?);
    let reads = SqliteReads::inline(path).ok()?;
    reads.orders_of(vec![key]).await.ok()?.into_iter().next().flatten()
}

fn told(order: &Order, kind: Kind, number: &str) -> Known {
    let kind = match kind {
        Kind::Payment | Kind::PaymentCancel | Kind::PreCreateRefund | Kind::Withdraw => None,
        Kind::Refund => Some(OperationKind::Refund),
        Kind::Settle => Some(OperationKind::Settlement),
    };
    let operation = kind.and_then(|kind| order.operation(kind, &OutNo::new(number).ok()?));
    Known {
        amount: match kind {
            Some(_) => operation.map(|known| known.settle_amount.unwrap_or(known.amount)),
            None => Some(order.total),
        },
        fees: operation.map_or([None; 2], |known| [known.rake, known.commission]),
        order_id: order.platform_order_id.as_ref().map(|no| no.as_str().to_owned()),
        operation_no: operation
            .and_then(|operation| Some(operation.platform_no.as_ref()?.as_str().to_owned())),
        seller_uid: order.seller_uid.as_deref().map(str::to_owned),
        cp_extra: order.cp_extra.as_deref().filter(|_| kind.is_none()).map(str::to_owned),
        system: Some(order.system),
        items: order.items().iter().map(|item| (item.item_order_id.to_string(), item.amount)).collect(),
    }
}
