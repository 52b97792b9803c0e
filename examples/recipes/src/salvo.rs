//! salvo: the raw body is `Request::payload`.

use salvo::prelude::*;

use crate::Shop;

/// The two routes that a shop needs.
pub fn router(shop: Shop) -> Router {
    Router::new()
        .push(Router::with_path("orders/{number}").post(Open(shop.clone())))
        .push(Router::with_path("callbacks").post(Hear(shop)))
}

struct Open(Shop);

#[async_trait]
impl Handler for Open {
    async fn handle(&self, request: &mut Request, _: &mut Depot, response: &mut Response, _: &mut FlowCtrl) {
        let number: String = request.param("number").unwrap_or_default();
        let (status, json) = self.0.open(&number).await;
        response.status_code(StatusCode::from_u16(status).expect("a status")).render(Text::Json(json));
    }
}

struct Hear(Shop);

#[async_trait]
impl Handler for Hear {
    /// The payload as it came: only a verified body may be read.
    async fn handle(&self, request: &mut Request, _: &mut Depot, response: &mut Response, _: &mut FlowCtrl) {
        let answer = match request.payload().await {
            Ok(body) => self.0.hear(body),
            Err(_) => self.0.hear(b""),
        };
        response.render(Text::Json(answer));
    }
}
