//! The stories every test tells: order, pay, refund, settle, ask, and compare the books.
//!
//! One for each payment system, and one of an app that moves from one to the other with orders open in both.

pub mod bills;
mod books;
pub mod guaranteed;
pub mod migration;
mod stage;
mod telling;
pub mod trade;
pub mod unattended;

pub use books::{Comparison, compare};
pub use stage::{Operate, PassTime, Settings, Stage};
pub(crate) use telling::yuan;

use anyhow::bail;

/// Who receives the share in the mock's world.
pub const SHARE_RECEIVER: &str = "69645835031835936200";

/// Puts what the service says of an order beside the platform's books.
async fn compare_books(stage: &Stage, out_order_no: &str) -> anyhow::Result<Comparison> {
    let ledger = stage.ask("GET", &format!("orders/{out_order_no}"), None).await?;
    let mock = stage.control("GET", "/mock/books", None).await?;
    let complaints = stage.shop.complaints();
    if !complaints.is_empty() {
        bail!("the shop complains: {}", complaints.join("; "));
    }
    compare(&ledger, &mock, out_order_no)
}
