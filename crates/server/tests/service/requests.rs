//! Keys, roles, bodies, ids: what every request has in common.

use serde_json::json;

use crate::world::{World, config, key, order};

const ORDERS: &str = "/v1/apps/coffee/orders";

#[tokio::test]
async fn keys_roles_and_scopes_are_checked_before_anything_else() {
    let world = World::new();
    let body = order("O1").to_string();
    let send = |key: Option<String>, path: &'static str| {
        let request = world.request("POST", path, key.as_deref(), body.clone());
        world.send(request)
    };
    send(None, ORDERS).await.problem(401, "no_api_key");
    send(Some("dpk_wrong".into()), ORDERS).await.problem(401, "wrong_api_key");
    send(Some(key("viewer")), ORDERS).await.problem(403, "role_too_low");
    send(Some(key("merchant")), "/v1/apps/tea/orders").await.problem(403, "app_not_allowed");
    let detail = send(Some(key("merchant")), "/v1/apps/cofee/orders").await.problem(404, "unknown_app");
    assert!(detail.contains("did you mean `coffee`?"), "{detail}");
    send(Some(key("merchant")), ORDERS).await.expect(201);
    let read = world.request("GET", "/v1/apps/coffee/orders/O1", Some(&key("viewer")), "");
    world.send(read).await.expect(200);
}

#[tokio::test]
async fn bodies_that_are_no_json_object_are_refused() {
    let world = World::new();
    let send = |body: Vec<u8>| world.send(world.request("POST", ORDERS, Some(&key("merchant")), body));
    for body in [b"".to_vec(), b"[]".to_vec(), b"{".to_vec(), vec![0xff]] {
        send(body).await.problem(400, "bad_request");
    }
    send(vec![b' '; 64 * 1024 + 1]).await.problem(413, "too_large");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let world = World::new();
    world.get("/v2/orders").await.problem(404, "unknown_path");
    world.send(world.request("DELETE", ORDERS, Some(&key("admin")), "")).await.problem(405, "wrong_method");
    world.get("/v1/apps/coffee/orders/O1/timeline?x=1").await.problem(400, "bad_request");
}

#[tokio::test]
async fn a_harmless_request_id_is_kept_and_another_is_replaced() {
    let world = World::new();
    for (given, kept) in [("shop-1.a_B", true), ("two words", false), ("", false)] {
        let mut request = world.request("GET", "/healthz", None, "");
        request.headers_mut().insert("x-request-id", given.parse().unwrap());
        let came = world.send(request).await;
        assert_eq!(came.headers["x-request-id"] == given, kept, "{given}");
    }
}

#[tokio::test]
async fn a_reload_changes_keys_and_apps_at_once() {
    let world = World::new();
    world.open("O1").await;
    let more = "[[apps]]\nname = \"cake\"\napp_id = \"tt3\"\n[apps.ecpay]\nplatform = \"https://platform.test\"\n\
                salt = { env = \"SALT\" }\ncallback_tokens = [{ env = \"TOKEN\" }]\n";
    world.get("/v1/apps/cake/orders").await.problem(404, "unknown_app");
    world.server.reload(&config("/unused", more)).unwrap();
    assert_eq!(world.get("/v1/apps/cake/orders").await.expect(200), json!({ "orders": [] }));
    assert_eq!(world.order("O1").await["state"], "waiting");
}

#[tokio::test]
async fn an_alias_stands_for_the_app_in_every_path() {
    let world = World::new();
    let merchant =
        |method, path: &str, body: String| world.request(method, path, Some(&key("merchant")), body);
    let order = order("O1").to_string();
    world.send(merchant("POST", "/v1/apps/old-coffee/orders", order.clone())).await.expect(201);
    world.send(merchant("POST", "/v1/apps/coffee/orders", order)).await.expect(200);
    let came = world.send(merchant("GET", "/v1/apps/old-coffee/orders/O1", String::new())).await;
    assert_eq!(came.expect(200), world.order("O1").await);
    let tea = world.send(merchant("GET", "/v1/apps/old-tea/orders", String::new())).await;
    tea.problem(403, "app_not_allowed");
    // The platform is told of today's name only.
    let told = &world.others.calls("create_order")[0];
    assert_eq!(told["notify_url"], "https://pay.test/callbacks/coffee");
}

#[tokio::test]
async fn exceptions_of_other_apps_are_neither_seen_nor_resolved() {
    let world = World::new();
    world.others.next("create_order", crate::platform::refused(2008, "签名校验异常"));
    let tea = json!({ "out_order_no": "T1", "amount_fen": 1, "subject": "Tea", "body": "Tea" });
    world.post("/v1/apps/tea/orders", &tea).await.problem(502, "platform_refuses_configuration");
    let all = world.get("/v1/exceptions").await.expect(200);
    let path = format!("/v1/exceptions/{}/resolve", all["exceptions"][0]["id"]);
    let seen = world.send(world.request("GET", "/v1/exceptions", Some(&key("operator")), "")).await;
    assert_eq!(seen.expect(200)["exceptions"], json!([]));
    let resolve = world.request("POST", &path, Some(&key("operator")), r#"{"note":"x"}"#);
    world.send(resolve).await.problem(404, "unknown_exception");
    world.post(&path, &json!({ "note": "mended" })).await.expect(200);
}
