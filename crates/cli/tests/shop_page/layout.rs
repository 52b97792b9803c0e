//! True of every look at the page: nothing sticks out, nothing is cut.

use crate::browser::Browser;

/// Elements whose text is wider than they are, and the page itself.
const STICKING_OUT: &str = r#"
const out = [];
if (document.scrollingElement.scrollWidth > innerWidth) out.push(`the page: ${document.scrollingElement.scrollWidth} of ${innerWidth}`);
for (const element of document.querySelectorAll("button, p, dd, dt, h1, h2, h3, label, summary, time, .said")) {
  if (element.offsetParent === null) continue;
  if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline") {
    out.push(`${element.tagName} "${element.innerText.slice(0, 40)}": ${element.scrollWidth} of ${element.clientWidth}`);
  }
}
return out;"#;

pub(crate) async fn check(browser: &Browser) {
    let out = browser.script(STICKING_OUT).await;
    assert_eq!(out, serde_json::json!([]), "these stick out");
}
