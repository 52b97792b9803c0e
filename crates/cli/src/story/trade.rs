//! The general trade system: sign, place, pay, fulfil, refund by shop and by user, settle.

pub(super) mod buy;
mod refund;
mod settle;

use anyhow::Context;

use super::telling::ask_again;
use super::{Comparison, Stage, compare_books};
use crate::lang::say;

/// What happens in one telling: the numbers and amounts differ, the story does not.
#[derive(Debug, Clone)]
pub struct Plot {
    /// Distinguishes this telling's numbers: `T-{tag}`, `TR-{tag}`, `TS-{tag}`.
    pub tag: String,
    /// What the order costs, in fen.
    pub amount_fen: i64,
    /// How many pieces are bought; each becomes an item.
    pub quantity: i64,
    /// What the platform pays in the user's place, in fen.
    pub discount_fen: i64,
    /// How the user pays: 1 WeChat, 2 Alipay, 10 Douyin Pay.
    pub way: i64,
    /// The front end asks for its signature a second time before it places the order.
    pub sign_again: bool,
    /// Another order is signed and never placed.
    pub never_placed: bool,
    /// Platform and application change their keys in the middle.
    pub rotate_keys: bool,
    /// The platform forgets all access tokens in the middle.
    pub revoke_tokens: bool,
    /// What the shop gives back of the first item, in fen; 0 leaves it out.
    pub refund_fen: i64,
    /// A refund that somebody on the platform's side asks for.
    pub applied: Option<Applied>,
    /// How the money is settled.
    pub settle: Settle,
}

/// A refund that the user or the customer service asks for.
#[derive(Debug, Clone, Copy)]
pub struct Applied {
    /// How much of the last item, in fen.
    pub amount_fen: i64,
    /// The platform's customer service asks, not the user.
    pub by_service: bool,
    /// What the merchant says to it.
    pub reply: Reply,
}

/// The merchant's decision about a refund that others asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The money goes back.
    Agree,
    /// It does not.
    Refuse,
    /// None: after 72 hours the platform takes silence for consent.
    Silence,
}

/// How an order of the general trade system is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    /// The merchant asks for it, with so much for another merchant, in fen.
    Asked {
        /// The other merchant's part; 0 settles without a share.
        share_fen: i64,
    },
    /// The platform does it by itself.
    Automatic,
}

impl Plot {
    /// Two teas for ¥25.80, ¥0.80 of it paid by the platform; ¥1.00 back from the shop, ¥2.00 asked for by the user.
    pub fn tea(tag: impl Into<String>) -> Self {
        Self {
            tag: tag.into(),
            amount_fen: 2580,
            quantity: 2,
            discount_fen: 80,
            way: 10,
            sign_again: true,
            never_placed: true,
            rotate_keys: true,
            revoke_tokens: true,
            refund_fen: 100,
            applied: Some(Applied { amount_fen: 200, by_service: false, reply: Reply::Agree }),
            settle: Settle::Asked { share_fen: 120 },
        }
    }

    /// The order's number.
    pub fn order_no(&self) -> String {
        format!("T-{}", self.tag)
    }

    fn unplaced_no(&self) -> String {
        format!("TN-{}", self.tag)
    }

    fn refund_no(&self) -> String {
        format!("TR-{}", self.tag)
    }

    fn settle_no(&self) -> String {
        format!("TS-{}", self.tag)
    }

    fn paid_fen(&self) -> i64 {
        self.amount_fen - self.discount_fen
    }
}

/// Tells the whole story once and compares both books at the end.
///
/// # Errors
/// When a step does not come to its end, or an answer is not what the contract says.
pub async fn tell(stage: &Stage, plot: &Plot) -> anyhow::Result<Comparison> {
    let placed = buy::order(stage, plot).await.context("signing and placing the order")?;
    buy::pay(stage, plot, &placed).await.context("paying")?;
    buy::hear_of_payment(stage, plot).await.context("waiting for the payment")?;
    if plot.rotate_keys {
        buy::rotate_keys(stage).await.context("changing the keys")?;
    }
    if plot.refund_fen > 0 {
        refund::by_shop(stage, plot, &placed).await.context("refunding a part")?;
    }
    buy::fulfil(stage, plot, "fulfilling").await.context("beginning the fulfilment")?;
    let mut wanted = vec![(format!("orders/{}", plot.order_no()), "paid")];
    if plot.refund_fen > 0 {
        wanted.push((format!("refunds/{}", plot.refund_no()), "succeeded"));
    }
    if let Some(applied) = &plot.applied {
        wanted.push(refund::by_user(stage, plot, applied, &placed).await.context("refunding for the user")?);
    }
    buy::fulfil(stage, plot, "fulfill_done").await.context("ending the fulfilment")?;
    wanted.push(settle::settle(stage, plot).await.context("settling")?);
    if plot.never_placed {
        buy::hear_of_unplaced(stage, plot).await.context("waiting for the order that nobody placed")?;
    }
    ask_again(stage, &wanted).await.context("asking the platform")?;
    stage.say(say("查单、查退款、查结算，都没有新消息", "asked about all of it: no news"));
    compare_books(stage, &plot.order_no()).await.context("comparing the books")
}
