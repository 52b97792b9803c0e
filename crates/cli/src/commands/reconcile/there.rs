//! Over a running service, which holds the books.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::Env;
use douyin_pay_protocol::ecpay::bill::BillKind;
use douyin_pay_server::reconcile::{Ask, Month};
use serde_json::{Value, json};

use super::bill::Wanted;
use super::outcome::{Outcome, SHOWN_MAX, say_progress};
use crate::exit::Failure;
use crate::lang::{say, tell};
use crate::out::Form;
use crate::remote::{self, Remote, Target};

/// The largest bill that a service takes with a request.
const FILE_BYTES_MAX: u64 = 2 << 20;
/// Signs of life come no more often.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Has the service carry out a run, and follows it to its end.
pub(super) fn bill(target: Target, wanted: Wanted, want_csv: bool, form: Form) -> Result<Outcome, Failure> {
    remote::converse(target, form, async move |remote: Remote| {
        let begun = match &wanted {
            Wanted::Resume(run, queries) => {
                remote.post(&format!("bill_runs/{run}/resume?queries_max={queries}"), None).await?
            }
            Wanted::Run(ask, files) => match files.as_slice() {
                [] => remote.post("bill_runs", Some(&fields(ask))).await?,
                [one] => upload(&remote, ask, one).await?,
                _ => {
                    return Err(Failure::usage(say(
                        "账本由运行中的服务打开着：一次只能交给它一个 `--file`；请分几次执行，或先停下服务",
                        "a running service holds the books: give it one `--file` at a time, or stop the service first",
                    )));
                }
            },
        };
        let run = followed(&remote, begun.value, form).await?;
        let id = run["id"].as_i64().unwrap_or_default();
        let page = remote.get(&format!("bill_runs/{id}/differences?limit={SHOWN_MAX}")).await?;
        let differences = page.value["differences"].as_array().cloned().unwrap_or_default();
        let csv = match want_csv {
            true => Some(remote.fetch(&format!("bill_runs/{id}/differences.csv")).await?.to_vec()),
            false => None,
        };
        Ok(Outcome { run, any_open: !differences.is_empty(), differences, csv })
    })
}

/// A month of the books: a value for programs and people, and the table if it is wanted.
pub(super) fn month(target: Target, month: Month, want_csv: bool) -> Result<(Value, Vec<u8>), Failure> {
    remote::converse(target, Form::Json, async move |remote: Remote| {
        let value = remote.get(&format!("months/{month}")).await?.value;
        let table = match want_csv {
            true => remote.fetch(&format!("months/{month}.csv")).await?.to_vec(),
            false => Vec::new(),
        };
        Ok((value, table))
    })
}

fn fields(ask: &Ask) -> Value {
    let kinds: Vec<&str> = ask.kinds.iter().map(|kind| kind.as_str()).collect();
    let mut fields = json!({ "date": ask.day.to_string(), "kinds": kinds, "queries_max": ask.queries_max });
    if let Some(unit) = ask.unit {
        fields["unit"] = unit.as_str().into();
    }
    if !ask.merchants.is_empty() {
        fields["merchant_uids"] = ask.merchants.iter().map(AsRef::as_ref).collect::<Vec<&str>>().into();
    }
    fields
}

async fn upload(
    remote: &Remote,
    ask: &Ask,
    (kind, path): &(BillKind, PathBuf),
) -> Result<remote::Answer, Failure> {
    let shown = path.display();
    let unreadable = |cause: std::io::Error| {
        Failure::usage(tell!(
            "`--file`：读不了 {shown}：{cause}",
            "`--file`: {shown} cannot be read: {cause}"
        ))
    };
    if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(Failure::usage(tell!(
            "{shown} 超过 2 MiB，而账本由运行中的服务打开着；去掉 `--file` 让服务自己下载，或先停下服务",
            "{shown} is larger than 2 MiB and a running service holds the books; leave `--file` out so that it fetches the \
             bill itself, or stop it first"
        )));
    }
    let bill = std::fs::read(path).map_err(unreadable)?;
    let mut to = format!("bill_runs/file?date={}&kind={kind}&queries_max={}", ask.day, ask.queries_max);
    if let Some(unit) = ask.unit {
        to.push_str(&format!("&unit={}", unit.as_str()));
    }
    remote.upload(&to, Bytes::from(bill)).await
}

/// Looks until the run is over.
async fn followed(remote: &Remote, mut run: Value, form: Form) -> Result<Value, Failure> {
    let env = Env::real();
    let path = format!("bill_runs/{}", run["id"].as_i64().unwrap_or_default());
    let mut next = env.mono().plus(Duration::from_secs(2));
    while matches!(run["state"].as_str(), Some("matching" | "asking")) {
        run = remote.later(&path).await?.value;
        if env.mono() >= next {
            next = env.mono().plus(AGAIN_AFTER);
            let count = |name: &str| run[name].as_u64().unwrap_or_default();
            let asked = (count("queries_done"), count("queries"));
            say_progress(form, count("rows"), asked, run["eta_seconds"].as_u64());
        }
    }
    Ok(run)
}
