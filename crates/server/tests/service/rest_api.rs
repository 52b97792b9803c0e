//! `docs/rest-api.md` and its Chinese page, written from the OpenAPI document.
//!
//! `DOUYIN_PAY_WRITE_DOCS=1 cargo test -p douyin-pay-server --test service rest_api` writes them anew.

mod page;

use std::fs;
use std::path::Path;

use crate::world::World;
use page::{Page, Words};

#[tokio::test]
async fn the_committed_pages_are_the_document() {
    let world = World::new();
    let document = world.get("/openapi.json").await.expect(200);
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let english = Words::english();
    let chinese = Words::parse(include_str!("rest_api/sentences.zh-CN.txt"));
    let mut stale = Vec::new();
    for (name, head, words) in [
        ("rest-api.md", include_str!("rest_api/head.en.txt"), &english),
        ("rest-api.zh-CN.md", include_str!("rest_api/head.zh-CN.txt"), &chinese),
    ] {
        let text = Page::new(&document, words).write(head);
        let path = docs.join(name);
        if std::env::var_os("DOUYIN_PAY_WRITE_DOCS").is_some() {
            fs::write(&path, &text).expect("docs/ can be written");
        }
        if fs::read_to_string(&path).unwrap_or_default() != text {
            stale.push(name);
        }
    }
    assert_eq!(
        chinese.missing(),
        Vec::<String>::new(),
        "sentences without Chinese in rest_api/sentences.zh-CN.txt"
    );
    assert_eq!(
        chinese.unused(),
        Vec::<String>::new(),
        "sentences in rest_api/sentences.zh-CN.txt that nothing says any more"
    );
    assert!(
        stale.is_empty(),
        "{stale:?} are not what the document says; write them anew as the head of this file says"
    );
}
#[tokio::test]
async fn the_shown_examples_are_understood() {
    let world = World::new();
    let document = world.get("/openapi.json").await.expect(200);
    let words = Words::english();
    let page = Page::new(&document, &words);
    let order = page.example("CreateOrder");
    let path = format!("/v1/apps/coffee/orders/{}", order["out_order_no"].as_str().expect("an example"));
    world.post("/v1/apps/coffee/orders", &order).await.expect(201);
    world.post(&format!("{path}/refunds"), &page.example("CreateRefund")).await.problem(422, "not_paid");
    world
        .post(&format!("{path}/settlements"), &page.example("CreateSettlement"))
        .await
        .problem(422, "not_paid");
    let known = world.post("/v1/exceptions/1/resolve", &page.example("Resolution")).await;
    known.problem(404, "unknown_exception");
    let imported =
        world.post("/v1/apps/coffee/orders/import", &page.example("ImportOrders")).await.expect(200);
    assert_eq!(imported["results"][0]["result"], "imported");
}
