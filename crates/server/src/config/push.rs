//! Order push: whether the platform is told how far orders are.

use super::PushDefaults;
use super::build::Findings;
use super::raw::RawEcpay;

/// The platform's limits for the page and the picture.
const PAGE_BYTES_MAX: usize = 1024;
const IMAGE_BYTES_MAX: usize = 512;
/// What is replaced by the order's number.
const PLACEHOLDER: &str = "{out_order_no}";

pub(super) fn order_push(at: &str, given: &RawEcpay, found: &mut Findings) -> Option<PushDefaults> {
    let defaults = &given.push_defaults;
    if !given.order_push.unwrap_or(false) {
        if defaults.detail_url.is_some() || defaults.image.is_some() {
            found.warn(format!("`{at}.push_defaults` has no effect without `order_push = true`"));
        }
        return None;
    }
    if given.app_secret.is_none() {
        found.problem(format!(
            "`{at}.app_secret` is missing: order push needs an access token, which the app's secret gives; \
             copy it from the console, or write order_push = false"
        ));
    }
    if let Some(page) = &defaults.detail_url
        && (page.is_empty() || page.len() > PAGE_BYTES_MAX || page.contains("://") || page.starts_with('/'))
    {
        found.problem(format!(
            "`{at}.push_defaults.detail_url`: `{page}` is not a page of the mini-program; write its path, \
             such as \"pages/order/detail?no={{out_order_no}}\""
        ));
    }
    if let Some(page) = &defaults.detail_url
        && page.replace(PLACEHOLDER, "").contains(['{', '}'])
    {
        found.problem(format!(
            "`{at}.push_defaults.detail_url`: `{page}` has a placeholder that is not known; only {PLACEHOLDER} is filled in"
        ));
    }
    if let Some(image) = &defaults.image
        && (!image.starts_with("https://") || image.len() > IMAGE_BYTES_MAX)
    {
        found.problem(format!(
            "`{at}.push_defaults.image`: is not an https address of at most {IMAGE_BYTES_MAX} bytes"
        ));
    }
    if defaults.detail_url.is_none() || defaults.image.is_none() {
        found.warn(format!(
            "`{at}.push_defaults` lacks `detail_url` or `image`: only orders whose request has `order_push` are pushed"
        ));
    }
    Some(PushDefaults { detail_url: defaults.detail_url.clone(), image: defaults.image.clone() })
}
