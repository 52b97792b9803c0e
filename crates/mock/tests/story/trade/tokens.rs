//! Tokens: how they are fetched, how long they live, what a wrong one gets.

use serde_json::json;

use super::shop::{APP, Shop, secret};

#[tokio::test]
async fn a_token_is_fetched_with_the_secret_and_nothing_else() {
    let shop = Shop::new();
    let (status, answer) = shop.token_call("client_token", secret("mock_app_secret")).await;
    assert_eq!((status, &answer["message"]), (200, &json!("success")));
    assert_eq!((&answer["data"]["expires_in"], &answer["data"]["error_code"]), (&json!(7200), &json!(0)));
    assert!(answer["data"]["access_token"].as_str().unwrap().starts_with("clt."));
    let mut stranger = secret("mock_app_secret");
    stranger["client_key"] = json!("ttstranger");
    let mut implicit = secret("mock_app_secret");
    implicit["grant_type"] = json!("authorization_code");
    let table = [
        (secret("wrong"), 10_013),
        (stranger, 10_003),
        (implicit, 10_002),
        (json!({ "client_key": APP }), 10_002),
    ];
    for (body, code) in table {
        let (status, answer) = shop.token_call("client_token", body).await;
        assert_eq!((status, &answer["message"]), (200, &json!("error")));
        assert_eq!(answer["data"]["error_code"], code, "{answer}");
        assert_eq!(shop.world.mock.calls().calls.last().unwrap().err_no, Some(code));
    }
}

#[tokio::test]
async fn the_501st_call_in_five_minutes_is_too_many() {
    let shop = Shop::new();
    for _ in 0..500 {
        assert_eq!(shop.token_call("client_token", secret("mock_app_secret")).await.1["message"], "success");
    }
    let (_, answer) = shop.token_call("stable_client_token", secret("mock_app_secret")).await;
    assert_eq!(answer["data"]["error_code"], 10_020);
    shop.seconds(300).await;
    assert_eq!(shop.token_call("client_token", secret("mock_app_secret")).await.1["message"], "success");
}

#[tokio::test]
async fn wrong_expired_and_revoked_tokens_have_codes_of_their_own() {
    let shop = Shop::new();
    let path = "/api/trade_basic/v1/developer/tag_query";
    let token = shop.fetch_token().await;
    let err_no = async |token: &str| shop.call_with(token, path, &json!({})).await.1["err_no"].as_i64();
    assert_eq!(err_no(&token).await, Some(0));
    assert_eq!(err_no("clt.unknown").await, Some(28_001_003));
    assert_eq!(err_no("").await, Some(28_001_003));
    shop.seconds(7_200).await;
    assert_eq!(err_no(&token).await, Some(28_001_008));
    let token = shop.fetch_token().await;
    shop.world.control("POST", "/mock/tokens/revoke", "").await;
    assert_eq!(err_no(&token).await, Some(28_001_003));
    let token = shop.fetch_token().await;
    shop.console(|change| change.revoke_tokens = true);
    assert_eq!(err_no(&token).await, Some(28_001_003));
    let token = shop.fetch_token().await;
    shop.console(|change| change.capability = Some(false));
    assert_eq!(err_no(&token).await, Some(28_001_018));
}

#[tokio::test]
async fn the_stable_token_is_the_same_for_two_hours_and_works() {
    let shop = Shop::new();
    let fetch =
        async || shop.token_call("stable_client_token", secret("mock_app_secret")).await.1["data"].clone();
    let first = fetch().await;
    shop.seconds(3_600).await;
    let second = fetch().await;
    assert_eq!(first["access_token"], second["access_token"]);
    assert_eq!(second["expires_in"], 3_600);
    let token = second["access_token"].as_str().unwrap();
    let (_, answer) = shop.call_with(token, "/api/trade_basic/v1/developer/tag_query/", &json!({})).await;
    assert_eq!(answer["err_no"], 0);
    shop.seconds(3_600).await;
    assert_ne!(fetch().await["access_token"], first["access_token"]);
}
