//! The page in the general trade system: the phone orders, customers want refunds.

use std::process::Command;

use serde_json::json;

use crate::shop::Visitor;
use crate::{Lang, Size};

/// Buys, and pays in the cashier that the page plays.
async fn buy_and_pay(visitor: &Visitor, way: &str) {
    visitor.buy().await;
    visitor.browser.wait("the cashier", "return !document.getElementById('tt-sheet').hidden").await;
    visitor.look("2-cashier").await;
    visitor.click(&format!("way-{way}")).await;
    visitor.click("tt-pay").await;
    visitor.sees_state("paid").await;
}

/// Begins the service, so that customers can no longer have their money back at will.
async fn begin(visitor: &Visitor) {
    visitor.click("fulfil-begin").await;
    visitor.sees_line("call", "fulfill_push_status").await;
    visitor
        .browser
        .wait(
            "it to be under way",
            "return document.querySelector('[data-test=fulfilment]').dataset.state === 'fulfilling'",
        )
        .await;
}

/// The customer asks for an amount and the merchant is asked to decide.
async fn apply(visitor: &Visitor, yuan: &str) {
    visitor.browser.fill("[data-test=apply-amount]", yuan).await;
    visitor.click("apply").await;
    visitor.browser.wait("the question", "return Boolean(document.querySelector('[data-test=agree]'))").await;
}

async fn sees_verdict(visitor: &Visitor, verdict: &str) {
    let script = format!(
        "return Boolean(document.querySelector('[data-test=audits] > [data-state={verdict}]')) && !document.querySelector('[data-test=agree]')"
    );
    visitor.browser.wait(&format!("the verdict {verdict}"), &script).await;
}

async fn whole_story(size: Size, lang: Lang, way: &str) {
    let visitor = Visitor::enter_trade("trade", size, lang).await;
    visitor.look("1-shop").await;
    buy_and_pay(&visitor, way).await;
    visitor.sees_line("client", "tt.requestOrder").await;
    visitor.sees_line("client", "tt.getOrderPayment").await;
    visitor.sees_line("callback", "payment").await;
    visitor.sees_line("event", "order.paid").await;
    visitor.look("3-paid").await;

    begin(&visitor).await;
    apply(&visitor, "5.00").await;
    visitor.sees_line("callback", "pre_create_refund").await;
    visitor.sees_line("event", "refund.requested").await;
    visitor.look("4-asked").await;
    visitor.click("agree").await;
    visitor.sees_line("call", "refund_audit_callback").await;
    visitor.click("jump-60").await;
    visitor.sees("refunded", "¥5.00").await;
    sees_verdict(&visitor, "agree").await;

    apply(&visitor, "2.00").await;
    visitor.click("refuse").await;
    sees_verdict(&visitor, "deny").await;
    visitor.sees_line("event", "refund.failed").await;
    visitor.look("5-refused").await;

    visitor.click("refund").await;
    visitor.sees_line("call", "refund_create").await;
    visitor.click("jump-60").await;
    visitor.sees("refunded", "¥7.80").await;

    visitor.click("confirm").await;
    visitor.sees_line("client", "tt.confirmFulfillment").await;
    visitor.click("settle").await;
    visitor.sees_line("call", "settle_create").await;
    visitor.click("jump-60").await;
    visitor.sees("settled", "¥5.00").await;
    visitor.sees_line("event", "settlement.succeeded").await;
    visitor.look("6-settled").await;

    let sums = async || {
        let order = visitor.order().await;
        (order["system"].clone(), order["refunded_fen"].clone(), order["settled_fen"].clone())
    };
    assert_eq!(sums().await, (json!("trade"), json!(780), json!(500)));
    commands_work(&visitor).await;
    // Everything was sent again, and nothing happened twice.
    assert_eq!(sums().await, (json!("trade"), json!(780), json!(500)));
    visitor.leave().await;
}

/// Each command can be run, and is answered by the one it is for.
async fn commands_work(visitor: &Visitor) {
    let script = "return [...document.querySelectorAll('[data-test=step]')].map(step => [step.dataset.step,
        [...step.querySelectorAll('[data-test$=-curl]')].map(command => command.innerText)])";
    let steps: Vec<(String, Vec<String>)> =
        serde_json::from_value(visitor.browser.script(script).await).expect("steps with their commands");
    let names: Vec<&str> = steps.iter().map(|step| step.0.as_str()).collect();
    assert_eq!(
        names,
        ["sign", "request_order", "get_order_payment", "fulfil", "refund", "apply", "audit", "settle"]
    );
    for (step, commands) in &steps {
        assert!(!commands.is_empty(), "{step}");
        // Applying is what the customer does: again would be another refund.
        for command in commands.iter().filter(|_| step != "apply") {
            let output = Command::new("sh").args(["-c", command]).output().expect("a shell");
            let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
            assert!(output.status.success() && said.is_object(), "{step}: {command}\n{said}");
        }
    }
    let code = "return [...document.querySelectorAll('[data-test=code]')].map(code => code.innerText)";
    let code: Vec<String> = serde_json::from_value(visitor.browser.script(code).await).expect("texts");
    assert!(
        code[0].starts_with("tt.requestOrder({") && code[1].starts_with("tt.getOrderPayment({"),
        "{code:?}"
    );
    // The mini-program is shown the very bytes that were signed.
    let signed = format!("data: {}", json!(visitor_data(&commands_of(&steps, "request_order"))));
    assert!(code[0].contains(&signed), "{signed}\n{}", code[0]);
}

fn commands_of(steps: &[(String, Vec<String>)], name: &str) -> String {
    steps.iter().find(|step| step.0 == name).map(|step| step.1[0].clone()).expect("the step")
}

/// The order's data as the phone sends it.
fn visitor_data(command: &str) -> String {
    let body = command.split_once("-d '").expect("a body").1.trim_end_matches('\'');
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    body["data"].as_str().expect("a text").to_owned()
}

#[tokio::test]
async fn chinese_desktop_douyin() {
    whole_story(Size::Desktop, Lang::Zh, "douyin_pay").await;
}

#[tokio::test]
async fn english_phone_wechat() {
    whole_story(Size::Phone, Lang::En, "wechat").await;
}

#[tokio::test]
async fn before_the_service_begins_customers_have_their_money_back_unasked() {
    let visitor = Visitor::enter_trade("trade-free", Size::Phone, Lang::Zh).await;
    buy_and_pay(&visitor, "alipay").await;
    visitor.click("apply").await;
    visitor.sees_line("callback", "pre_create_refund").await;
    visitor.click("jump-60").await;
    visitor.sees("refunded", "¥5.00").await;
    sees_verdict(&visitor, "free").await;
    visitor.look("refunded").await;
    visitor.leave().await;
}

#[tokio::test]
async fn three_days_of_silence_are_consent() {
    let visitor = Visitor::enter_trade("trade-silence", Size::Desktop, Lang::En).await;
    buy_and_pay(&visitor, "wechat").await;
    begin(&visitor).await;
    apply(&visitor, "3.00").await;
    visitor.click("jump-259200").await;
    visitor.click("jump-60").await;
    visitor.sees("refunded", "¥3.00").await;
    sees_verdict(&visitor, "overtime").await;
    visitor.look("overtime").await;
    visitor.leave().await;
}

#[tokio::test]
async fn whoever_pays_later_gets_the_same_order() {
    let visitor = Visitor::enter_trade("trade-later", Size::Phone, Lang::Zh).await;
    visitor.buy().await;
    visitor.click("tt-close").await;
    visitor.look("closed").await;
    visitor.click("cashier-open").await;
    visitor.click("tt-pay").await;
    visitor.sees_state("paid").await;
    let books = visitor.read(&format!("{}/mock/books", visitor.dev.url("mock"))).await;
    assert_eq!(books["orders"].as_array().map(Vec::len), Some(1), "{books}");
    visitor.leave().await;
}

#[tokio::test]
async fn whoever_cancels_closes_the_order() {
    let visitor = Visitor::enter_trade("trade-cancel", Size::Desktop, Lang::Zh).await;
    visitor.buy().await;
    visitor.click("tt-cancel").await;
    visitor.sees_state("closed").await;
    visitor.look("closed").await;
    visitor.leave().await;
}

/// With the switch on, a payment and a refund still come right, and each counts once.
async fn comes_right(switch: &str) {
    let visitor = Visitor::enter_trade("trade-repair", Size::Desktop, Lang::En).await;
    visitor.click(&format!("fault-{switch}")).await;
    visitor.buy().await;
    visitor.click("tt-pay").await;
    visitor.click("jump-60").await;
    visitor.sees_state("paid").await;
    begin(&visitor).await;
    visitor.click("refund").await;
    visitor.sees_line("call", "refund_create").await;
    visitor.click("jump-3600").await;
    visitor.sees("refunded", "¥2.80").await;
    visitor.look(switch).await;
    let order = visitor.order().await;
    assert_eq!(
        (&order["refunded_fen"], order["refunds"].as_array().map(Vec::len)),
        (&json!(280), Some(1)),
        "{order}"
    );
    visitor.leave().await;
}

#[tokio::test]
async fn lost_callbacks_are_made_up_for_by_asking() {
    comes_right("lose_callback").await;
}

#[tokio::test]
async fn doubled_callbacks_count_once() {
    comes_right("double_callback").await;
}

#[tokio::test]
async fn lost_answers_are_asked_about() {
    comes_right("lose_response").await;
}

#[tokio::test]
async fn a_busy_platform_is_waited_for() {
    comes_right("busy").await;
}
