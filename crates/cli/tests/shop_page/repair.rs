//! Things go wrong, and come right: switches, double clicks, reloads, bad input.

use serde_json::json;

use crate::shop::Visitor;
use crate::{Lang, Size};

/// With a switch on, a payment and a refund still end right, each counted once.
async fn comes_right(switch: &str) {
    let visitor = Visitor::enter("fault", Size::Desktop, Lang::Zh).await;
    visitor.click(&format!("fault-{switch}")).await;
    visitor.buy().await;
    visitor.choose("button.alipay").await;
    visitor.click("jump-60").await;
    visitor.sees_state("paid").await;
    visitor.browser.wait("the cashier to close", "return document.getElementById('sheet').hidden").await;
    visitor.click("refund").await;
    visitor.sees_line("call", "create_refund").await;
    let refunded = "return document.querySelector('[data-test=refunded]').innerText === '¥2.80'";
    // A busy platform may turn a refund away several times, and each repeat comes later than the one before.
    for _ in 0..30 {
        visitor.click("jump-60").await;
        if visitor.browser.script(refunded).await == json!(true) {
            break;
        }
    }
    visitor.sees("refunded", "¥2.80").await;
    visitor.look(switch).await;
    let order = visitor.order().await;
    assert_eq!((&order["state"], &order["refunded_fen"]), (&json!("paid"), &json!(280)), "{order}");
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
async fn lost_answers_are_asked_for_again() {
    comes_right("lose_response").await;
}

#[tokio::test]
async fn a_busy_platform_is_waited_for() {
    comes_right("busy").await;
}

#[tokio::test]
async fn a_double_click_buys_one_coffee_and_a_reload_keeps_it() {
    let visitor = Visitor::enter("once", Size::Phone, Lang::Zh).await;
    visitor
        .browser
        .script("const buy = document.querySelector('[data-test=buy]'); buy.click(); buy.click();")
        .await;
    visitor.sees_state("waiting").await;
    let number = visitor.text("order-no").await;
    let books = visitor.read(&format!("{}/mock/books", visitor.dev.url("mock"))).await;
    assert_eq!(books["orders"].as_array().map(Vec::len), Some(1), "{books}");

    visitor.browser.go("about:blank").await;
    visitor.browser.go(&format!("{}/#{number}", visitor.dev.url("shop"))).await;
    visitor.sees_state("waiting").await;
    visitor.sees("order-no", &number).await;
    visitor.click("lang").await;
    visitor.sees("state", "Waiting for payment").await;
    visitor.sees("order-no", &number).await;
    visitor.look("reloaded").await;
    visitor.leave().await;
}

#[tokio::test]
async fn bad_amounts_are_explained_and_change_nothing() {
    let visitor = Visitor::enter("bad-input", Size::Desktop, Lang::En).await;
    visitor.buy().await;
    visitor.choose("button.wechat").await;
    visitor.sees_state("paid").await;
    for (amount, part) in [("12.801", "two decimals"), ("abc", "two decimals"), ("0", "zero"), ("99", "left")]
    {
        visitor.browser.fill("[data-test=refund-amount]", amount).await;
        visitor.browser.script("document.querySelector('[data-test=problem]').textContent = ''").await;
        visitor.click("refund").await;
        let problem = visitor.problem().await;
        assert!(problem.contains(part), "{amount}: {problem}");
    }
    visitor.look("explained").await;
    assert_eq!(visitor.order().await["refunds"], json!([]));
    visitor.leave().await;
}

#[tokio::test]
async fn the_keyboard_is_enough() {
    let visitor = Visitor::enter("keyboard", Size::Desktop, Lang::Zh).await;
    press_until(&visitor, "document.activeElement?.dataset.test === 'buy'").await;
    visitor.browser.press('\u{E007}').await;
    visitor.sees_state("waiting").await;
    visitor.browser.frame(Some("[data-test=cashier]")).await;
    visitor.browser.find("button.wechat").await;
    visitor.browser.frame(None).await;
    // Into the frame, to the first way to pay.
    press_until(&visitor, "document.activeElement?.dataset.test === 'cashier'").await;
    visitor.browser.frame(Some("[data-test=cashier]")).await;
    press_until(&visitor, "document.activeElement?.classList.contains('wechat')").await;
    visitor.browser.press('\u{E007}').await;
    visitor.browser.frame(None).await;
    visitor.sees_state("paid").await;
    visitor.leave().await;
}

/// Presses Tab until the focus is where it should be.
async fn press_until(visitor: &Visitor, there: &str) {
    for _ in 0..30 {
        if visitor.browser.script(&format!("return Boolean({there})")).await == json!(true) {
            return;
        }
        visitor.browser.press('\u{E004}').await;
    }
    panic!("Tab never leads to: {there}");
}

#[tokio::test]
async fn commands_can_be_copied() {
    let visitor = Visitor::enter("copy", Size::Desktop, Lang::En).await;
    visitor.buy().await;
    visitor.click("cashier-close").await;
    visitor
        .browser
        .script("navigator.clipboard.writeText = async (text) => { window.copied = text; };")
        .await;
    visitor.browser.click("[data-test=step] [data-test=copy]").await;
    let copied = visitor
        .browser
        .script("return window.copied === document.querySelector('[data-test=rest-curl]').innerText")
        .await;
    assert_eq!(copied, json!(true));
    visitor.leave().await;
}
