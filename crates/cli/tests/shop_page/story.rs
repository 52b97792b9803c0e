//! The story of the page: buy, pay, refund, settle; or do not pay.

use std::process::Command;

use crate::shop::Visitor;
use crate::{Lang, Size};

async fn whole_story(size: Size, lang: Lang, way: &str) {
    let visitor = Visitor::enter("story", size, lang).await;
    visitor.look("1-shop").await;
    visitor.buy().await;
    visitor.look("2-cashier").await;
    visitor.choose(&format!("button.{way}")).await;
    visitor.sees_state("paid").await;
    visitor.sees_line("callback", "payment").await;
    visitor.sees_line("event", "order.paid").await;
    visitor.look("3-paid").await;

    // The sheet goes by itself; then the merchant's side is free.
    visitor.browser.wait("the cashier to close", "return document.getElementById('sheet').hidden").await;
    visitor.click("refund").await;
    visitor.sees_line("call", "create_refund").await;
    visitor.click("jump-60").await;
    visitor.sees("refunded", "¥2.80").await;
    visitor.sees_line("event", "refund.succeeded").await;

    visitor.click("settle").await;
    let too_early = visitor.problem().await;
    assert!(too_early.contains('7'), "{too_early}");
    visitor.look("4-too-early").await;
    visitor.click("jump-604800").await;
    visitor.click("settle").await;
    visitor.sees_line("call", "settle").await;
    visitor.click("jump-60").await;
    visitor.sees("settled", "¥10.00").await;
    visitor.sees_line("event", "settlement.succeeded").await;
    visitor.look("5-settled").await;

    let order = visitor.order().await;
    assert_eq!((&order["refunded_fen"], &order["settled_fen"]), (&280.into(), &1000.into()), "{order}");
    commands_work(&visitor).await;
    visitor.leave().await;
}

/// Each step shows commands that do what they say when they are run.
async fn commands_work(visitor: &Visitor) {
    let script = "return [...document.querySelectorAll('[data-test=step]')].map(step => [step.dataset.step,
        step.querySelector('[data-test=rest-curl]')?.innerText, step.querySelector('[data-test=platform-curl]')?.innerText])";
    let steps = visitor.browser.script(script).await;
    let steps: Vec<(String, String, String)> =
        serde_json::from_value(steps).expect("three texts for each step");
    assert_eq!(
        steps.iter().map(|step| step.0.as_str()).collect::<Vec<_>>(),
        ["create", "pay", "refund", "settle"]
    );
    let number = visitor.text("order-no").await;
    for (step, rest, platform) in steps {
        for command in [rest, platform] {
            let output = Command::new("sh").args(["-c", &command]).output().expect("a shell");
            let said = String::from_utf8_lossy(&output.stdout);
            let right = said.contains(&number) || said.contains(r#""err_no":0"#);
            assert!(
                output.status.success() && right,
                "{step}: {command}\n{said}{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
    // Everything was sent again, and nothing happened twice.
    let order = visitor.order().await;
    assert_eq!((&order["refunded_fen"], &order["settled_fen"]), (&280.into(), &1000.into()), "{order}");
}

#[tokio::test]
async fn chinese_desktop_wechat() {
    whole_story(Size::Desktop, Lang::Zh, "wechat").await;
}

#[tokio::test]
async fn english_desktop_alipay() {
    whole_story(Size::Desktop, Lang::En, "alipay").await;
}

#[tokio::test]
async fn chinese_phone_douyin() {
    whole_story(Size::Phone, Lang::Zh, "douyin").await;
}

#[tokio::test]
async fn english_phone_wechat() {
    whole_story(Size::Phone, Lang::En, "wechat").await;
}

#[tokio::test]
async fn failing_and_timing_out_close_the_order() {
    let visitor = Visitor::enter("unpaid", Size::Phone, Lang::Zh).await;
    for outcome in ["fail", "timeout"] {
        visitor.buy().await;
        visitor.choose(&format!("button[value={outcome}]")).await;
        visitor.click("jump-3600").await;
        visitor.sees_state("closed").await;
        visitor.look(outcome).await;
        visitor.browser.wait("the cashier to close", "return document.getElementById('sheet').hidden").await;
        visitor.click("another").await;
    }
    visitor.leave().await;
}

#[tokio::test]
async fn whoever_cancels_can_pay_later() {
    let visitor = Visitor::enter("cancel", Size::Desktop, Lang::En).await;
    visitor.buy().await;
    visitor.choose("button[value=cancel]").await;
    visitor.click("cashier-close").await;
    visitor.look("closed").await;
    visitor.click("cashier-open").await;
    visitor.choose("button.alipay").await;
    visitor.sees_state("paid").await;
    visitor.leave().await;
}
