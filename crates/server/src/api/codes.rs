//! Every `code` of a problem, with its status: the list that clients program against.

/// Code, HTTP status, meaning.
pub(super) const CODES: &[(&str, u16, &str)] = &[
    (
        "bad_request",
        400,
        "The body, a field or a parameter is wrong; `detail` says which and what would be right.",
    ),
    ("unknown_field", 400, "A field that this request does not have; perhaps a spelling mistake."),
    ("no_api_key", 401, "The header `Authorization: Bearer dpk_…` is missing."),
    ("wrong_api_key", 401, "The API key is not known."),
    ("role_too_low", 403, "The API key's role does not reach for this."),
    ("app_not_allowed", 403, "The API key may not touch this app."),
    ("bad_signature", 403, "The console's check of the callback URL: no token of the app fits."),
    ("unknown_path", 404, "There is no such path."),
    ("unknown_app", 404, "There is no such app."),
    ("unknown_number", 404, "There is no order, refund or settlement of that number."),
    ("unknown_event", 404, "There is no such event."),
    ("unknown_exception", 404, "There is no such exception, or it is closed."),
    ("wrong_app", 404, "The number belongs to another app."),
    ("wrong_method", 405, "The path does not take this method."),
    ("already_final", 409, "It has ended already, otherwise than asked for."),
    ("already_paid", 409, "The order is paid; refund it instead."),
    ("duplicate", 409, "The same was done before."),
    ("in_flight", 409, "Another settlement of the order is under way; wait for its event."),
    ("number_in_use", 409, "The number is used for another order; choose a new one."),
    ("other_fields", 409, "The number was used with other fields, which `fields` names."),
    ("too_large", 413, "The body is larger than what is taken."),
    ("already_settled", 422, "The order's last settlement was asked for."),
    ("amount_differs", 422, "The platform reports another amount; nothing was changed."),
    ("not_paid", 422, "The order is not paid."),
    (
        "platform_refused",
        422,
        "The platform refused; `platform_code` and `detail` say why. The number is used up.",
    ),
    ("too_late", 422, "The platform does not take this any more for an order so old."),
    ("too_many", 422, "The platform allows no more of these for one order."),
    ("too_many_shares", 422, "Too many receivers."),
    ("too_much", 422, "More than is left; the sums are given."),
    ("zero_amount", 422, "The amount is zero."),
    ("bug", 500, "A fault of the service; nothing half-done is kept. Report it with the `request_id`."),
    ("not_storable", 500, "The books refuse the request. Report it with the `request_id`."),
    ("order_quarantined", 500, "The order cannot be decided and is left alone until a person has looked."),
    (
        "platform_refuses_configuration",
        502,
        "The platform refuses the app's salt, id or rights; calls repeat after the mend.",
    ),
    ("platform_silent", 502, "The platform has not answered a query."),
    (
        "books_unavailable",
        503,
        "The books cannot be read or written at the moment; send the same request again.",
    ),
    ("busy", 503, "Too much waits to be written; send the same request again."),
    ("paced", 503, "The platform's limit leaves no turn soon; nothing was sent. `Retry-After` says when."),
    ("stopping", 503, "The service is stopping; send the same request again."),
];

/// Whether clients were told of this code with this status.
pub(super) fn is_listed(code: &str, status: u16) -> bool {
    CODES.iter().any(|(listed, with, _)| (*listed, *with) == (code, status))
}
