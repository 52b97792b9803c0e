//! This machine's clock beside the platform's `Date`.

use douyin_pay_protocol::UnixMs;
use douyin_pay_server::config::PlatformChoice;
use jiff::fmt::rfc2822;

use super::ear::Heard;
use super::report::{Finding, Report};

const CHECK: &str = "clock";
const WARNING_MS: u64 = 30_000;
const PROBLEM_MS: u64 = 5 * 60_000;
/// `Date` has whole seconds: on average half of one has passed.
const HALF_A_SECOND_MS: i64 = 500;

/// Compares the two, when the platform was heard and said what time it is.
pub(super) fn check(heard: Option<&Heard>, platform: &PlatformChoice, report: &mut Report) {
    let theirs = heard.and_then(|heard| Some((heard.at, moment(heard.date.as_deref()?)?)));
    report.add(match theirs {
        Some((ours, theirs)) => judge(ours, theirs, platform),
        None => Finding::skipped(
            CHECK,
            tell!(
                "平台没有告诉我们时间，无法对表",
                "the platform did not say what time it is, so the clock was not compared"
            ),
        ),
    });
}

/// The service does not go by this machine's clock.
pub(super) fn followed() -> Finding {
    Finding::skipped(
        CHECK,
        tell!(
            "服务跟随模拟平台的时钟（`dev.follow_clock`）",
            "the service follows a mock's clock (`dev.follow_clock`)"
        ),
    )
}

fn moment(date: &str) -> Option<UnixMs> {
    let date = rfc2822::parse(date).ok()?;
    Some(UnixMs::new(date.timestamp().as_millisecond()).plus_ms(HALF_A_SECOND_MS))
}

fn judge(ours: UnixMs, theirs: UnixMs, platform: &PlatformChoice) -> Finding {
    let ahead_ms = ours.since(theirs);
    let (off_ms, local, platform_says) =
        (ahead_ms.unsigned_abs(), seconds(ours).rfc3339(), seconds(theirs).rfc3339());
    let off = length(off_ms);
    if off_ms < WARNING_MS {
        return Finding::ok(CHECK, tell!("与平台的时间相差 {off}", "{off} from the platform's clock"));
    }
    let message = match ahead_ms > 0 {
        true => tell!(
            "本机比平台快 {off}：本机 {local}，平台 {platform_says}",
            "this machine is {off} ahead of the platform: here {local}, there {platform_says}"
        ),
        false => tell!(
            "本机比平台慢 {off}：本机 {local}，平台 {platform_says}",
            "this machine is {off} behind the platform: here {local}, there {platform_says}"
        ),
    };
    let remedy = match platform {
        PlatformChoice::Url(_) => tell!(
            "打开时间同步：`timedatectl set-ntp true`；若是模拟平台的时钟被拨快，则属正常",
            "switch time synchronisation on: `timedatectl set-ntp true`; if a mock's clock was moved, this is as it should be"
        ),
        _ => tell!(
            "打开时间同步：`timedatectl set-ntp true`，或启动 chrony；通用交易系统拒绝一小时以前的签名",
            "switch time synchronisation on: `timedatectl set-ntp true`, or start chrony; the general trade system refuses signatures older than an hour"
        ),
    };
    match off_ms {
        ..PROBLEM_MS => Finding::warning(CHECK, message, remedy),
        _ => Finding::problem(CHECK, message, remedy),
    }
}

fn seconds(at: UnixMs) -> UnixMs {
    UnixMs::from_seconds(at.seconds())
}

fn length(ms: u64) -> String {
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    match (hours, minutes) {
        (0, 0) => tell!("{seconds} 秒", "{seconds} s"),
        (0, _) => tell!("{minutes} 分 {seconds} 秒", "{minutes} min {seconds} s"),
        _ => tell!("{hours} 小时 {minutes} 分", "{hours} h {minutes} min"),
    }
}
