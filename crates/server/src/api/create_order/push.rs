//! What the platform's order centre shows of a new order of guaranteed payment.

use std::borrow::Cow;

use douyin_pay_ledger::{OpenPush, PushItem};
use douyin_pay_protocol::ecpay::PushStatus;
use douyin_pay_protocol::{Fen, FieldError, UnixMs};
use http::StatusCode;
use serde_json::Value;
use utoipa::ToSchema;

use super::CreateOrder;
use crate::api::ApiError;
use crate::api::fields::{Fields, amount, list, number, text};
use crate::ask::{push_detail, push_item};
use crate::config::PushDefaults;
use crate::live::App;

/// More items would not fit into what the platform takes.
const ITEMS_MAX: usize = 64;

/// What the platform's order centre shows of an order.
#[derive(ToSchema)]
pub(crate) struct PushOfOrder {
    /// The order's page in the mini-program, with its query: at most 1024 bytes.
    detail_url: String,
    /// What was bought. All of it together is shorter than 2048 bytes.
    #[schema(value_type = Vec<ItemOfPush>)]
    items: Vec<PushItem>,
}

/// One kind of goods, as the order centre shows it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description is used: items are read into the ledger's type")]
pub(crate) struct ItemOfPush {
    /// The merchant's code of the goods: at most 64 bytes.
    item_code: String,
    /// The https address of a picture: at most 512 bytes.
    img: String,
    /// Its name: at most 256 bytes.
    title: String,
    /// What stands below the name: at most 256 bytes.
    sub_title: Option<String>,
    /// How many.
    #[schema(minimum = 1)]
    amount: u32,
    /// What one costs, in fen.
    #[schema(minimum = 0)]
    price_fen: i64,
}

impl PushOfOrder {
    pub(super) fn read(given: Value) -> Result<Self, ApiError> {
        let mut fields = Fields::inside("order_push".to_owned(), given)?;
        let detail_url = fields.required("detail_url", text(any))?;
        let items = fields.required("items", list)?;
        fields.finish()?;
        if items.len() > ITEMS_MAX {
            let detail = format!("`order_push.items`: {} items; show at most {ITEMS_MAX}", items.len());
            return Err(ApiError::bad_request(detail).with("field", "order_push.items"));
        }
        let items = items.into_iter().enumerate().map(|(at, value)| ItemOfPush::read(at, value));
        Ok(Self { detail_url, items: items.collect::<Result<_, _>>()? })
    }

    /// What the ledger remembers, held against the platform's limits.
    pub(super) fn remembered(self, order: &CreateOrder, app: &App) -> Result<OpenPush, ApiError> {
        let config = app.config.ecpay.as_ref();
        if config.is_none_or(|ecpay| ecpay.order_push.is_none()) {
            let detail = format!(
                "`order_push`: app `{}` has no `order_push = true` in its configuration; switch it on, or leave it out",
                app.config.name
            );
            return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "push_off", detail));
        }
        let push = OpenPush { detail_url: self.detail_url.into(), items: self.items };
        check(order, &push).map_err(|Misfit { field, problem }| {
            ApiError::bad_request(format!("`{field}`: {problem}")).with("field", field)
        })?;
        Ok(push)
    }
}

impl ItemOfPush {
    fn read(at: usize, value: Value) -> Result<PushItem, ApiError> {
        let mut fields = Fields::inside(format!("order_push.items[{at}]"), value)?;
        let item = PushItem {
            item_code: fields.required("item_code", text(any))?.into(),
            img: fields.required("img", text(any))?.into(),
            title: fields.required("title", text(any))?.into(),
            sub_title: fields.optional("sub_title", text(any))?.map(Into::into),
            amount: fields.required("amount", count)?,
            price: fields.required("price_fen", amount(Ok::<Fen, FieldError>))?,
        };
        fields.finish()?;
        Ok(item)
    }
}

/// What is shown of an order whose request does not say: its subject, on the page and with the picture of the
/// configuration. Nothing when these or the payer are not known, or do not fit.
pub(super) fn by_default(order: &CreateOrder, app: &App) -> Option<OpenPush> {
    order.open_id.as_ref()?;
    let PushDefaults { detail_url, image } = app.config.ecpay.as_ref()?.order_push.as_ref()?;
    let number = order.out_order_no.as_str();
    let item = PushItem {
        item_code: number.into(),
        img: image.as_deref()?.into(),
        title: order.subject.as_str().into(),
        sub_title: order.body.as_ref().map(|body| body.as_str().into()),
        amount: 1,
        price: order.amount_fen.fen(),
    };
    let detail_url = detail_url.as_deref()?.replace("{out_order_no}", number).into();
    Some(OpenPush { detail_url, items: vec![item] }).filter(|push| check(order, push).is_ok())
}

/// A field of the request that does not fit, by its place in the request.
struct Misfit {
    field: String,
    problem: Cow<'static, str>,
}

/// Holds it against the platform's limits, in the state whose name is the longest.
fn check(order: &CreateOrder, push: &OpenPush) -> Result<(), Misfit> {
    for (at, item) in push.items.iter().enumerate() {
        let misfit =
            |field: &str, problem| Misfit { field: format!("order_push.items[{at}].{field}"), problem };
        push_item(item).map_err(|refused| misfit(refused.field, refused.problem))?;
        if !item.img.starts_with("https://") {
            let problem = "is not an https address; the platform shows no other picture".into();
            return Err(misfit("img", problem));
        }
    }
    let latest = UnixMs::new(i64::MAX / 1_000);
    let status = PushStatus::RefundFailed;
    let detail = push_detail(&order.out_order_no, latest, status, order.amount_fen.fen(), push);
    detail.map(drop).map_err(|FieldError { field, problem }| {
        let field = match field {
            "detail_url" => "order_push.detail_url",
            "item_list" => "order_push.items",
            _ => "order_push",
        };
        Misfit { field: field.to_owned(), problem }
    })
}

/// The platform's limits are checked for all of it together.
fn any(text: String) -> Result<String, FieldError> {
    Ok(text)
}

fn count(value: Value) -> Result<u32, String> {
    let count = number(value)?;
    u32::try_from(count)
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| format!("{count} is not a number of goods"))
}
