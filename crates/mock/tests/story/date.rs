//! The `Date` header: the mock's own clock, moved when the switch says so.

use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{Env, OffsetClock, UnixMs};
use douyin_pay_mock::{Mock, MockConfig, Switches};
use http::Request;

/// 2024-01-01 00:00:00 UTC.
const BEGIN: UnixMs = UnixMs::new(1_704_067_200_000);

async fn date_of(date_offset_seconds: i64, path: &str) -> String {
    let switches = Switches { date_offset_seconds, ..Switches::default() };
    let config = MockConfig { switches, ..MockConfig::default() };
    let mock = Mock::with_clock(Env::real(), OffsetClock::standing_at(BEGIN), config);
    mock.advance(Duration::from_secs(90)).await.unwrap();
    let running = mock.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let request = Request::get(format!("{}{path}", running.url())).body(Bytes::new()).unwrap();
    let answer = Env::real().net.send(request, Duration::from_secs(5)).await.unwrap();
    answer.headers()["date"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_answer_says_what_time_it_is_for_the_mock() {
    assert_eq!(date_of(0, "/mock/books").await, "Mon, 01 Jan 2024 00:01:30 GMT");
    assert_eq!(date_of(0, "/no/such/path").await, "Mon, 01 Jan 2024 00:01:30 GMT");
    assert_eq!(date_of(-600, "/mock/books").await, "Sun, 31 Dec 2023 23:51:30 GMT");
}
