//! The story every test tells: order, pay, refund, settle, ask, and compare the books.

mod books;
mod stage;
mod steps;

pub use books::{Comparison, compare};
pub use stage::{PassTime, Stage};
pub(crate) use steps::yuan;

use anyhow::Context;

/// What happens in one telling: the numbers and amounts differ, the story does not.
#[derive(Debug, Clone)]
pub struct Plot {
    /// Distinguishes this telling's numbers: `O-{tag}`, `R-{tag}`, `S-{tag}`.
    pub tag: String,
    /// What the order costs, in fen.
    pub amount_fen: i64,
    /// What is refunded before the settlement, in fen; 0 leaves the refund out.
    pub refund_fen: i64,
    /// What another merchant gets out of the settlement, in fen; 0 settles without a share.
    pub share_fen: i64,
    /// How the user pays: 1 WeChat, 2 Alipay, 10 Douyin Pay.
    pub way: i64,
}

impl Plot {
    /// A latte for ¥12.80, ¥1.00 of it refunded, ¥0.60 shared.
    pub fn latte(tag: impl Into<String>) -> Self {
        Self { tag: tag.into(), amount_fen: 1280, refund_fen: 100, share_fen: 60, way: 1 }
    }

    fn order_no(&self) -> String {
        format!("O-{}", self.tag)
    }

    fn refund_no(&self) -> String {
        format!("R-{}", self.tag)
    }

    fn settle_no(&self) -> String {
        format!("S-{}", self.tag)
    }
}

/// Who receives the share in the mock's world.
pub const SHARE_RECEIVER: &str = "69645835031835936200";

/// Tells the whole story once and compares both books at the end.
///
/// # Errors
/// When a step does not come to its end, or an answer is not what the contract says.
pub async fn tell(stage: &Stage, plot: &Plot) -> anyhow::Result<Comparison> {
    let pay = steps::order(stage, plot).await.context("placing the order")?;
    steps::pay(stage, plot, &pay).await.context("paying")?;
    steps::hear_of_payment(stage, plot).await.context("waiting for the payment")?;
    if plot.refund_fen > 0 {
        steps::refund(stage, plot).await.context("refunding a part")?;
    }
    steps::settle(stage, plot).await.context("settling")?;
    steps::ask_again(stage, plot).await.context("asking the platform")?;
    steps::compare_books(stage, plot).await.context("comparing the books")
}
