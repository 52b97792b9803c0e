//! Wrong signers over real HTTP: refused as on the platform, recognised in the log.

use std::time::Duration;

use bytes::Bytes;
use douyin_pay_mock::Running;
use http::Request;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct WrongSigner {
    id: String,
    word: String,
    body: Box<RawValue>,
}

async fn exchange(mock: &Running, request: Request<Bytes>) -> Value {
    let answer = mock.env().net.send(request, Duration::from_secs(5)).await.unwrap();
    assert_eq!(answer.status(), 200);
    serde_json::from_slice(answer.body()).unwrap()
}

#[tokio::test]
async fn every_wrong_signer_in_use_is_refused_and_recognised() {
    let mock = douyin_pay_mock::start().await.unwrap();
    let calls = || async {
        let request = Request::get(format!("{}/mock/calls", mock.url())).body(Bytes::new()).unwrap();
        exchange(&mock, request).await["calls"].as_array().unwrap().clone()
    };
    for line in include_str!("../../../protocol/vectors/ecpay_wrong_signers.jsonl").lines() {
        let vector: WrongSigner = serde_json::from_str(line).unwrap();
        let url = format!("{}/api/apps/ecpay/v1/create_order", mock.url());
        let body = Bytes::from(vector.body.get().to_owned());
        let answer = exchange(&mock, Request::post(url).body(body).unwrap()).await;
        assert_eq!(answer["err_no"], 2008, "{}: {answer}", vector.id);
        assert_eq!(answer["err_tips"], "签名校验异常,请使用正确的签名", "{}", vector.id);
        let call = calls().await.pop().unwrap();
        let told = format!("{} {}", call["problem"], call["problem_zh"]);
        assert!(told.contains(&vector.word), "{}: {told}", vector.id);
        assert!(told.contains("this is how it is signed by") && told.contains("算法"), "{told}");
    }
    assert!(mock.books().orders.is_empty());
    mock.stop().await;
}
