//! Who plays: stories of both payment systems, with numbers and wishes that the seed picks.

use douyin_pay_cli::story::trade::{Applied, Reply, Settle};
use douyin_pay_cli::story::{Comparison, Stage, bills, guaranteed, migration, trade, unattended};

use crate::apps;
use crate::rng::Rng;

/// Which stories a run tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// Whatever the seed picks.
    Mixed,
    /// Guaranteed payment only.
    Ecpay,
    /// The general trade system, and apps that move to it.
    Trade,
}

/// One story with its numbers.
pub(crate) enum Part {
    Guaranteed(guaranteed::Plot),
    Unattended(unattended::Plot),
    Trade(trade::Plot),
    Migration(migration::Plot),
}

/// `count` stories that can be told side by side. Only one moves its app: a move is seen by all of the app's orders.
pub(crate) fn parts(rng: &mut Rng, count: usize, cast: Cast) -> Vec<Part> {
    let mut moved = false;
    let mut parts = Vec::with_capacity(count);
    for index in 0..count {
        let role = match cast {
            Cast::Mixed => rng.below(6),
            Cast::Ecpay => rng.below(3),
            Cast::Trade => 3 + rng.below(3),
        };
        parts.push(match role {
            0 | 1 => Part::Guaranteed(coffee(rng, index)),
            2 => Part::Unattended(bun(rng, index)),
            5 if !moved => {
                moved = true;
                Part::Migration(juice(rng, index))
            }
            _ => Part::Trade(tea(rng, index)),
        });
    }
    parts
}

impl Part {
    /// The app whose story it is.
    pub(crate) fn app(&self) -> &'static str {
        match self {
            Self::Guaranteed(_) => apps::COFFEE,
            Self::Unattended(plot) if plot.by == unattended::By::Service => apps::BUN,
            Self::Unattended(_) => apps::DONUT,
            Self::Trade(plot) if plot.settle == Settle::Automatic => apps::CAKE,
            Self::Trade(_) => apps::TEA,
            Self::Migration(_) => apps::JUICE,
        }
    }

    /// Tells it; the books of each of its orders.
    pub(crate) async fn tell(self, stage: &Stage) -> anyhow::Result<Vec<Comparison>> {
        match self {
            Self::Guaranteed(plot) => {
                let told = guaranteed::tell(stage, &plot).await?;
                bills::reconcile(stage, &plot.order_no()).await?;
                Ok(vec![told])
            }
            Self::Unattended(plot) => {
                let told = unattended::tell(stage, &plot).await?;
                bills::reconcile(stage, &plot.order_no()).await?;
                Ok(vec![told])
            }
            Self::Trade(plot) => Ok(vec![trade::tell(stage, &plot).await?]),
            Self::Migration(plot) => {
                let told = migration::tell(stage, &plot).await?;
                Ok(told.into_iter().map(|(_, books)| books).collect())
            }
        }
    }
}

fn coffee(rng: &mut Rng, index: usize) -> guaranteed::Plot {
    let amount_fen = 100 + pick(rng, 2_000_000);
    let refund_fen = if rng.hits(700) { 1 + pick(rng, amount_fen / 2) } else { 0 };
    let share_fen = if rng.hits(700) { 1 + pick(rng, (amount_fen - refund_fen) / 5) } else { 0 };
    let return_fen = if rng.hits(600) { pick(rng, share_fen + 1) } else { 0 };
    // What the seller is sure to hold after the settlement; one part may be refunded, another withdrawn.
    let part = (amount_fen - refund_fen - share_fen) / 3;
    let late_refund_fen = if rng.hits(500) { pick(rng, part) } else { 0 };
    let withdraw_fen = if rng.hits(500) { pick(rng, part) } else { 0 };
    let plain = guaranteed::Plot::plain(index.to_string(), amount_fen, way(rng));
    guaranteed::Plot { refund_fen, share_fen, return_fen, late_refund_fen, withdraw_fen, ..plain }
}

fn bun(rng: &mut Rng, index: usize) -> unattended::Plot {
    let amount_fen = 100 + pick(rng, 500_000);
    unattended::Plot {
        tag: index.to_string(),
        amount_fen,
        refund_fen: if rng.hits(500) { 1 + pick(rng, amount_fen / 2) } else { 0 },
        way: way(rng),
        by: if rng.hits(500) { unattended::By::Service } else { unattended::By::Platform },
    }
}

fn tea(rng: &mut Rng, index: usize) -> trade::Plot {
    let quantity = 1 + pick(rng, 3);
    let each_fen = 100 + pick(rng, 600_000);
    // The platform spreads its discount over the items: each keeps more than half of its price.
    let discount_fen = if rng.hits(400) { 1 + pick(rng, quantity * each_fen / 4) } else { 0 };
    // What goes back of one item by one route stays below a quarter of its price, so that both routes fit.
    let part = each_fen / 4;
    let refund_fen = if rng.hits(600) { 1 + pick(rng, part) } else { 0 };
    let applied = rng.hits(700).then(|| Applied {
        amount_fen: 1 + pick(rng, part),
        by_service: rng.hits(300),
        reply: [Reply::Agree, Reply::Refuse, Reply::Silence][index_below(rng, 3)],
    });
    let left = quantity * each_fen - discount_fen - 2 * part;
    let settle = match rng.hits(300) {
        true => Settle::Automatic,
        false => {
            Settle::Asked { share_fen: if rng.hits(700) { 1 + pick(rng, (left / 5).max(1)) } else { 0 } }
        }
    };
    trade::Plot {
        tag: index.to_string(),
        amount_fen: quantity * each_fen,
        quantity,
        discount_fen,
        way: way(rng),
        sign_again: rng.hits(400),
        never_placed: rng.hits(400),
        rotate_keys: rng.hits(400),
        revoke_tokens: rng.hits(400),
        refund_fen,
        applied,
        settle,
    }
}

fn juice(rng: &mut Rng, index: usize) -> migration::Plot {
    let amount_fen = 100 + pick(rng, 2_000_000);
    migration::Plot { tag: index.to_string(), amount_fen, refund_fen: 1 + pick(rng, amount_fen / 2) }
}

fn way(rng: &mut Rng) -> i64 {
    [1, 2, 10][index_below(rng, 3)]
}

fn index_below(rng: &mut Rng, bound: u64) -> usize {
    usize::try_from(rng.below(bound)).expect("a small number")
}

fn pick(rng: &mut Rng, bound: i64) -> i64 {
    i64::try_from(rng.below(u64::try_from(bound).unwrap_or(0))).unwrap_or(0)
}
