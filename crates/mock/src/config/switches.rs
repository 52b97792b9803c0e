//! Where sources disagree or environments differ; all off is production as of 2026.

use serde::Deserialize;

/// Whose salt signs the calls that a provider makes for an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderSalt {
    /// Either is accepted.
    #[default]
    Both,
    /// The app's only.
    App,
    /// The provider's only.
    Provider,
}

/// Where sources disagree or environments differ; all off is production as of 2026.
///
/// `docs/mock-fidelity.md` says of each which sources stand behind either side.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// The sandbox: its own salts and tokens, one delivery per callback, no settlement period, plain numbers, empty
    /// channel numbers, no balances and withdrawals, old data deleted on Saturdays.
    pub sandbox: bool,
    /// A refund after settlement must say `all_settle = 1`, as in 2021.
    pub strict_2021: bool,
    /// Bad signatures are answered with the longer text of 2023–2025.
    pub old_signature_text: bool,
    /// An acknowledgement must also say `err_tips = "success"`.
    pub strict_acknowledgement: bool,
    /// Returns of shares are told by a callback of type `return`, which nobody has seen yet.
    pub return_callback: bool,
    /// `query_order` may be called 30 times a second, as in 2021, instead of 150.
    pub query_order_30: bool,
    /// `query_order` is also taken as a GET with the fields in its body, as one client sends it.
    pub query_order_by_get: bool,
    /// Fields that a call does not have take no part in its signature.
    pub unknown_fields_unsigned: bool,
    /// `valid_time` below 15 minutes is raised to them, as in 2021, instead of 300 s.
    pub valid_time_15_min: bool,
    /// `finish` is also read as a JSON boolean.
    pub finish_as_boolean: bool,
    /// A settlement without `finish` is not the last one.
    pub finish_defaults_to_false: bool,
    /// `query_withdraw_order` says `statusMsg`.
    pub status_msg_camel: bool,
    /// `merchant_withdraw` reads `callback_url` instead of `callback`.
    pub withdraw_callback_url: bool,
    /// Balances are written as texts.
    pub balances_as_strings: bool,
    /// `query_merchant_status` also answers as in 2021: a number per channel.
    pub merchant_status_2021: bool,
    /// Order pushes carry seconds in `update_time`, as newer pages say, instead of milliseconds.
    pub push_seconds: bool,
    /// `create_return` and `query_return` want both numbers, as the table of the page says.
    pub return_needs_both_numbers: bool,
    /// Refusals of the bills say `error_no` and `error_msg`.
    pub bill_error_no: bool,
    /// "At most 16 retries" means 17 deliveries.
    pub seventeen_deliveries: bool,
    /// `cps_info` stands inside `payment_info`, as text.
    pub cps_info_inside: bool,
    /// Callbacks of guaranteed payment carry `timestamp` as a number, as in 2021.
    pub numeric_timestamp: bool,
    /// Callbacks of settlements say `app_id`, as two clients expect.
    pub app_id_in_settle: bool,
    /// A repeated callback of guaranteed payment is the first one byte for byte.
    pub repeat_same_signature: bool,
    /// No new orders: the product is being retired.
    pub closed_to_new_orders: bool,
    /// `query_order` does not know an order (2000) whose cashier was never opened.
    pub unopened_unknown: bool,
    /// `create_order` refuses to repeat the number of a paid order.
    pub paid_number_refused: bool,
    /// Whose salt signs the calls that a provider makes for an app.
    pub provider_salt: ProviderSalt,
    /// The fee is rounded down instead of half up.
    pub fee_rounds_down: bool,
    /// `settle_amount` is what left transit, fee and commission included.
    pub settle_amount_gross: bool,
    /// The rate limit is checked before the signature.
    pub limit_before_signature: bool,
    /// A console URL is only saved when it answers a GET with `echostr`.
    pub url_verification: bool,
    /// How far the `Date` header of every answer is ahead of the mock's clock: the caller's own clock looks wrong.
    pub date_offset_seconds: i64,
    /// The general trade system answers refusals with HTTP 400 instead of 200.
    pub http_400_for_errors: bool,
    /// The general trade system writes integers as texts, in answers and callbacks.
    pub numbers_as_strings: bool,
    /// Repeated callbacks of the general trade system carry the first signature instead of a fresh one.
    pub replay_first_signature: bool,
    /// A `nonce_str` of order data is accepted only once.
    pub check_nonces: bool,
    /// The general trade system ignores the address inside a request while none is published for the ability, as
    /// the platform does. Off: it is used all the same, with a warning in the books.
    pub ignore_unpublished: bool,
}
