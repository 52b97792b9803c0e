//! What the service says about itself: the OpenAPI document, health, metrics.

use serde_json::Value;

use crate::world::World;

#[tokio::test]
async fn every_documented_path_is_served_and_nothing_else() {
    let world = World::new();
    let document = world.get("/openapi.json").await.expect(200);
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 15, "{}", paths.len());
    for (path, methods) in paths {
        let example = path.replace("{app}", "coffee").replace("{id}", "1").replace(['{', '}'], "");
        for method in ["get", "post", "put", "delete"] {
            let request = world.request(&method.to_uppercase(), &example, None, "");
            let came = world.send(request).await;
            let served = !matches!(came.body["code"].as_str(), Some("unknown_path" | "wrong_method"));
            assert_eq!(
                served,
                methods.get(method).is_some(),
                "{method} {path}: {} {}",
                came.status,
                came.body
            );
        }
    }
}

#[tokio::test]
async fn documented_fields_are_the_ones_that_are_read() {
    let world = World::new();
    let document = world.get("/openapi.json").await.expect(200);
    let schemas = &document["components"]["schemas"];
    for (schema, path) in [
        ("CreateOrder", "/v1/apps/coffee/orders"),
        ("CreateRefund", "/v1/apps/coffee/orders/O1/refunds"),
        ("CreateSettlement", "/v1/apps/coffee/orders/O1/settlements"),
        ("CreateReturn", "/v1/apps/coffee/settlements/S1/returns"),
    ] {
        let names = schemas[schema]["properties"].as_object().unwrap();
        let all: Value =
            names.keys().map(|name| (name.clone(), Value::Null)).collect::<serde_json::Map<_, _>>().into();
        // Only `null`s: the first required field is missed, and none is unknown.
        let detail = world.post(path, &all).await.problem(400, "bad_request");
        assert!(detail.contains("is missing"), "{schema}: {detail}");
        for required in schemas[schema]["required"].as_array().unwrap() {
            assert!(names.contains_key(required.as_str().unwrap()), "{schema}: {required}");
        }
    }
}

#[tokio::test]
async fn health_and_metrics_answer_without_a_key() {
    let world = World::working();
    world.paid("O1").await;
    world.pass(2).await;
    let send = |path: &'static str| world.send(world.request("GET", path, None, ""));
    assert_eq!(send("/healthz").await.expect(200), "ok\n");
    assert_eq!(send("/readyz").await.expect(200)["ready"], true);
    let metrics = send("/metrics").await.expect(200);
    let metrics = metrics.as_str().unwrap();
    for name in [
        "http_requests_total",
        "callbacks_total",
        "platform_calls_total",
        "platform_call_seconds",
        "deliveries_total",
        "journal_waiting",
        "orders_overdue_seconds",
        "events_pending",
        "oldest_event_seconds",
        "exceptions_open",
    ] {
        assert!(metrics.contains(&format!("\ndouyin_pay_{name}")), "{name}: {metrics}");
    }
    world.server.stop();
    assert_eq!(send("/readyz").await.expect(503)["reasons"][0], "the service is stopping");
}
