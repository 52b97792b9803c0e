//! A bill of a million rows against the books, beside loading both sides into memory.
//!
//! Each runs in a process of its own, so that the peak of resident memory is its own.

mod books;
mod naive;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use douyin_pay_protocol::ecpay::bill::BillKind;
use douyin_pay_server::reconcile::{self, Ask, Progress, Source, rows_of};

use crate::world;

const ROWS: usize = 1_000_000;
const ROWS_SHORT: usize = 50_000;
/// What must not be exceeded for a million rows.
const WITHIN: Duration = Duration::from_secs(60);
const RESIDENT_MIB_MAX: u64 = 200;

/// What one side found, in how much time and memory.
struct Measured {
    seconds_hundredths: u64,
    resident_mib: u64,
}

/// Makes books and a bill, then reconciles them both ways, `rounds` times.
///
/// # Errors
/// When a side does not find exactly what differs, or ours takes more time or memory than it may.
pub fn run(short: bool) -> anyhow::Result<()> {
    let rows = if short { ROWS_SHORT } else { ROWS };
    let folder = tempfile::tempdir()?;
    println!("a bill of {rows} payments against books of as many orders, SQLite; 3 in 20,000 differ");
    books::make(folder.path(), rows)?;
    let ours = apart("ours", folder.path())?;
    let naive = apart("naive", folder.path())?;
    for (name, one) in [("streamed", &ours), ("naive", &naive)] {
        println!(
            "  {name:<8} {:>4}.{:02} s   {:>6}/s   {:>5} MiB resident at most",
            one.seconds_hundredths / 100,
            one.seconds_hundredths % 100,
            u64::try_from(rows)? * 100 / one.seconds_hundredths.max(1),
            one.resident_mib,
        );
    }
    let percent = |a: u64, b: u64| a * 100 / b.max(1);
    let time = percent(ours.seconds_hundredths, naive.seconds_hundredths);
    let memory = percent(ours.resident_mib, naive.resident_mib);
    println!(
        "streamed / naive: time {}.{:02}, memory {}.{:02}",
        time / 100,
        time % 100,
        memory / 100,
        memory % 100
    );
    ensure!(
        u128::from(ours.seconds_hundredths) * 10 <= WITHIN.as_millis()
            && ours.resident_mib <= RESIDENT_MIB_MAX,
        "more than {WITHIN:?} or {RESIDENT_MIB_MAX} MiB"
    );
    Ok(())
}

/// Runs one side in a process of its own.
fn apart(side: &str, folder: &Path) -> anyhow::Result<Measured> {
    let program = std::env::current_exe()?;
    let output = Command::new(program).arg("reconciling-side").arg(side).arg(folder).output()?;
    ensure!(output.status.success(), "{side}: {}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout)?;
    let mut numbers = said.split_whitespace().map(str::parse::<u64>);
    let mut number = || numbers.next().context("too little was said")?.context("no number");
    Ok(Measured { seconds_hundredths: number()?, resident_mib: number()? })
}

/// One side, in this process: prints hundredths of seconds and MiB.
///
/// # Errors
/// When it does not find exactly what differs.
pub fn side(side: &str, folder: &Path) -> anyhow::Result<()> {
    let begun = Instant::now();
    let found = match side {
        "ours" => tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?
            .block_on(ours(folder))?,
        "naive" => naive::reconcile(folder)?,
        other => anyhow::bail!("no side is called {other}"),
    };
    let elapsed = begun.elapsed().as_millis() / 10;
    let expected = books::differing(folder)?;
    ensure!(found == expected, "{found} differences found, {expected} made");
    println!("{elapsed} {}", resident_mib()?);
    Ok(())
}

async fn ours(folder: &Path) -> anyhow::Result<u64> {
    let (server, writer) = world::service(folder)?;
    let writing = writer.run_on_thread()?;
    let bill = std::fs::File::open(folder.join(books::BILL))?;
    let rows = rows_of(BillKind::Payment, bill, None);
    let ask = Ask { queries_max: 0, ..Ask::new("coffee", books::DAY.parse()?, vec![BillKind::Payment]) };
    let source = Source::Files(vec![(BillKind::Payment, Box::new(rows))]);
    let run = reconcile::run(&server, &ask, source, &Progress::default()).await?;
    ensure!(run.problem.is_none(), "{:?}", run.problem);
    drop(server);
    writing.join().map_err(|_| anyhow::anyhow!("the journal's thread panicked"))?;
    Ok(run.differences)
}

/// The peak of this process.
fn resident_mib() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("needs Linux's /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kib: u64 = line.split_whitespace().next().context("no number")?.parse()?;
    Ok(kib.div_ceil(1024))
}
