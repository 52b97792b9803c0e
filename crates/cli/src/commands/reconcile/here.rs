//! Over the books themselves, in this process: nothing listens, no worker runs.

use std::fs::File;
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use anyhow::Context as _;
use douyin_pay_env::Env;
use douyin_pay_protocol::AppId;
use douyin_pay_protocol::ecpay::bill::{BillKind, Unit};
use douyin_pay_server::config::Config;
use douyin_pay_server::reconcile::{
    self, DifferenceView, Month, MonthView, Progress, RowsOf, RunError, RunView, Source, rows_of,
};
use douyin_pay_server::store::{BillRun, Difference, DifferenceFilter, RunState};
use douyin_pay_server::{Server, caught_up};
use futures_util::future::{Either, select};
use serde::Serialize;
use serde_json::Value;

use super::bill::Wanted;
use super::outcome::{Outcome, SHOWN_MAX, say_progress};
use crate::commands::find_app;
use crate::exit::Failure;
use crate::lang::tell;
use crate::out::{Form, printable};

/// Differences read at once.
const AT_ONCE: usize = 1000;
/// A person begins to wonder after this long.
const FIRST_AFTER: Duration = Duration::from_secs(2);
/// From then on.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Carries out a run to its end.
pub(super) fn bill(
    config: Config,
    app: &str,
    wanted: Wanted,
    want_csv: bool,
    form: Form,
) -> Result<Outcome, Failure> {
    let app = find_app(&config, app)?;
    let (name, app_id) = (app.name.clone(), app.app_id.clone());
    let wanted = match wanted {
        Wanted::Run(ask, files) => Wanted::Run(reconcile::Ask { app: name.clone(), ..ask }, files),
        resume @ Wanted::Resume(..) => resume,
    };
    with_books(config, async |server: Server| {
        let progress = Progress::default();
        let run = watched(form, &progress, async {
            match wanted {
                Wanted::Run(ask, files) => {
                    reconcile::run(&server, &ask, source(files, ask.unit)?, &progress).await.map_err(failure)
                }
                Wanted::Resume(run, queries) => {
                    reconcile::resume(&server, &name, run, queries, &progress).await.map_err(failure)
                }
            }
        });
        let run = run.await?;
        let open = open_differences(&server, &run, &app_id, want_csv).await?;
        let csv = want_csv.then(|| reconcile::differences_csv(&open).into_bytes());
        let any_open = !open.is_empty();
        let differences = open.into_iter().take(SHOWN_MAX).map(|one| shown(&DifferenceView::of(one)));
        let differences = differences.collect::<Result<_, _>>()?;
        Ok(Outcome { run: shown(&RunView::of(run, None))?, differences, any_open, csv })
    })
}

/// A month of the books: a value for programs and people, and the table.
pub(super) fn month(config: Config, app: &str, month: Month) -> Result<(Value, Vec<u8>), Failure> {
    let app_id = find_app(&config, app)?.app_id.clone();
    with_books(config, async |server: Server| {
        let merchants = reconcile::month(server.reads(), &app_id, month).await.map_err(failure)?;
        let table = reconcile::month_csv(month, &merchants).into_bytes();
        Ok((shown(&MonthView::of(month, merchants))?, table))
    })
}

/// Opens the books, works on them, and closes them.
fn with_books<T>(config: Config, work: impl AsyncFnOnce(Server) -> Result<T, Failure>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("starting the runtime")?;
    let inside = runtime.enter();
    let env = match config.follow_clock.clone() {
        None => Env::real(),
        Some(url) => {
            runtime.block_on(caught_up(&Env::real(), &url)).map_err(|problem| silent_clock(&url, &problem))?
        }
    };
    let (server, writer) = Server::open(config, env).map_err(|cause| Failure::Outside(cause.into()))?;
    let writing = writer.run_on_thread().context("starting the journal")?;
    let done = runtime.block_on(work(server.clone()));
    server.stop();
    drop(server);
    // Tasks that are still under way hold handles to the journal; with the runtime they end too.
    drop(inside);
    drop(runtime);
    if writing.join().is_err() {
        return Err(Failure::Outside(anyhow::anyhow!("the journal's thread ended in a panic")));
    }
    done
}

/// The books may be of a time to come, so our own clock would judge wrongly.
fn silent_clock(url: &str, problem: &str) -> Failure {
    let problem = printable(problem);
    Failure::told(
        3,
        "no_clock",
        tell!(
            "`dev.follow_clock`：模拟平台 {url} 没有报时：{problem}；请先启动它，或去掉这一项",
            "`dev.follow_clock`: the mock at {url} does not tell the time: {problem}; start it first, or remove the setting"
        ),
    )
}

fn source(files: Vec<(BillKind, PathBuf)>, unit: Option<Unit>) -> Result<Source, Failure> {
    if files.is_empty() {
        return Ok(Source::Platform);
    }
    let open = |(kind, path): (BillKind, PathBuf)| {
        let opened = File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (bytes, file) = opened.map_err(|cause| {
            let path = path.display();
            Failure::usage(tell!(
                "`--file`：读不了 {path}：{cause}",
                "`--file`: {path} cannot be read: {cause}"
            ))
        })?;
        let rows: Box<dyn reconcile::Rows> =
            Box::new(unit.into_iter().fold(rows_of(kind, file, Some(bytes)), RowsOf::unit));
        Ok((kind, rows))
    };
    Ok(Source::Files(files.into_iter().map(open).collect::<Result<_, Failure>>()?))
}

/// Drives a run and says now and then how far it is.
async fn watched<T>(form: Form, progress: &Progress, work: impl Future<Output = T>) -> T {
    let env = Env::real();
    let mut work = pin!(work);
    let mut next = env.mono().plus(FIRST_AFTER);
    loop {
        match select(work.as_mut(), env.sleep_until(next)).await {
            Either::Left((done, _)) => return done,
            Either::Right(((), _)) => {
                next = env.mono().plus(AGAIN_AFTER);
                if let Some(seen) = progress.look() {
                    say_progress(
                        form,
                        seen.rows(),
                        (seen.run.asked, seen.run.to_ask),
                        seen.eta_seconds(env.now()),
                    );
                }
            }
        }
    }
}

/// What is open on the run's day; all of it for a table, else as much as is shown.
async fn open_differences(
    server: &Server,
    run: &BillRun,
    app_id: &AppId,
    all: bool,
) -> Result<Vec<Difference>, Failure> {
    let mut filter = DifferenceFilter {
        day: Some(run.day),
        kinds: run.kinds.clone(),
        open_only: true,
        ..DifferenceFilter::of(app_id.clone(), if all { AT_ONCE } else { SHOWN_MAX })
    };
    let mut found = Vec::new();
    loop {
        let page = server.reads().differences(filter.clone()).await;
        let page = page.map_err(|cause| Failure::Outside(cause.into()))?;
        let last = page.last().filter(|_| all && page.len() == AT_ONCE).map(|one| one.id);
        found.extend(page);
        match last {
            Some(last) => filter.after = last,
            None => return Ok(found),
        }
    }
}

/// In the words of the service.
fn shown(view: &impl Serialize) -> Result<Value, Failure> {
    Ok(serde_json::to_value(view).context("writing JSON")?)
}

fn failure(cause: RunError) -> Failure {
    let sentence = cause.to_string();
    match cause {
        RunError::NotOver(day) => Failure::told(
            2,
            "day_not_over",
            tell!("{day} 在北京时间还没有过完；请核对已结束的日期", "{sentence}"),
        ),
        RunError::NoApp(name) => Failure::usage(tell!(
            "没有带 `[apps.ecpay]` 的小程序 `{name}`；对账单只属于担保支付",
            "{sentence}"
        )),
        RunError::Kind(_) | RunError::Kinds => Failure::usage(tell!(
            "每种账单只写一次，且至少一种：payment、refund、settle、return、withdraw",
            "{sentence}"
        )),
        RunError::NoRun(run) => {
            Failure::told(1, "unknown_run", tell!("这个小程序没有核对 {run}", "{sentence}"))
        }
        RunError::NotMatched(run) => Failure::told(
            1,
            "not_matched",
            tell!("核对 {run} 没有比完所有行；请重新核对那一天，已发现的差异会保留", "{sentence}"),
        ),
        RunError::Running { run } => {
            Failure::told(1, "run_under_way", tell!("核对 {run} 正在进行；请等它结束", "{sentence}"))
        }
        other => Failure::Outside(other.into()),
    }
}

/// Whether the run came to its end.
pub(super) fn is_done(state: &str) -> bool {
    state == RunState::Done.as_str()
}
