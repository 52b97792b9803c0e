//! Calls per second that differ from the defaults.

use std::collections::BTreeMap;

use douyin_pay_protocol::Endpoint;

use super::build::Findings;
use super::nearest;
use super::raw::RawApp;

const CALLS_PER_SECOND_MAX: i64 = 1000;

pub(super) fn limits(at: &str, raw: &RawApp, found: &mut Findings) -> BTreeMap<Endpoint, u32> {
    let mut limits = BTreeMap::new();
    for (name, per_second) in &raw.limits {
        let Some(endpoint) = Endpoint::of_name(name) else {
            let known: Vec<_> = Endpoint::all().map(Endpoint::name).collect();
            let hint = nearest(name, known.iter().copied()).map_or_else(
                || format!("known are {}", known.join(", ")),
                |meant| format!("did you mean `{meant}`?"),
            );
            found.problem(format!("unknown key `{name}` in `{at}.limits`; {hint}"));
            continue;
        };
        match u32::try_from(*per_second) {
            Ok(limit @ 1..) if *per_second <= CALLS_PER_SECOND_MAX => {
                if endpoint.default_limit_per_s().is_some_and(|usual| limit > usual) {
                    found.warn(format!(
                        "`{at}.limits.{name}`: {limit} per second is more than the default; \
                         make sure that the platform grants it to this app"
                    ));
                }
                limits.insert(endpoint, limit);
            }
            _ => found.problem(format!(
                "`{at}.limits.{name}`: {per_second} calls per second; give 1 to {CALLS_PER_SECOND_MAX}"
            )),
        }
    }
    limits
}
