//! Which stories are told, one after the other, each with its own app.

use anyhow::Context;

use super::apps::{BUN, DONUT, JUICE};
use super::{Chapter, Told};
use crate::dev::home::TEA;
use crate::lang::say;
use crate::story::{Stage, bills, guaranteed, migration, trade, unattended};

/// Tells all of them; the seed distinguishes their numbers.
pub(super) async fn tell_all(stage: &Stage, seed: u64) -> anyhow::Result<Told> {
    let tag = seed.to_string();
    let mut told = Told::new();

    let title = begin(stage, say("担保支付", "guaranteed payment"));
    let plot = guaranteed::Plot::latte(&tag);
    let books = guaranteed::tell(stage, &plot).await.context(title)?;
    bills::reconcile(stage, &plot.order_no()).await.context(title)?;
    told.push(Chapter { title, out_order_no: plot.order_no(), books });

    let unattended = [
        (BUN, unattended::By::Service, say("到期由服务自动结算", "settled by the service after seven days")),
        (DONUT, unattended::By::Platform, say("到期由平台自动结算", "settled by the platform itself")),
    ];
    for (app, by, title) in unattended {
        begin(stage, title);
        let plot = unattended::Plot::bun(&tag, by);
        let stage = stage.of_app(app);
        let books = unattended::tell(&stage, &plot).await.context(title)?;
        bills::reconcile(&stage, &plot.order_no()).await.context(title)?;
        told.push(Chapter { title, out_order_no: plot.order_no(), books });
    }

    let title = begin(stage, say("通用交易系统", "general trade system"));
    let plot = trade::Plot::tea(&tag);
    let books = trade::tell(&stage.of_app(TEA), &plot).await.context(title)?;
    told.push(Chapter { title, out_order_no: plot.order_no(), books });

    let title = begin(stage, say("迁移中的小程序", "an app that moves"));
    let plot = migration::Plot::juice(&tag);
    let orders = migration::tell(&stage.of_app(JUICE), &plot).await.context(title)?;
    told.extend(orders.into_iter().map(|(out_order_no, books)| Chapter { title, out_order_no, books }));
    Ok(told)
}

fn begin(stage: &Stage, title: &'static str) -> &'static str {
    stage.say(format!("── {title} ──"));
    title
}
