//! actix-web: the raw body is `web::Bytes`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::Shop;

/// The two routes that a shop needs, for `App::configure`.
pub fn routes(shop: Shop) -> impl FnOnce(&mut web::ServiceConfig) + Clone {
    move |app| {
        app.app_data(web::Data::new(shop))
            .route("/orders/{number}", web::post().to(open))
            .route("/callbacks", web::post().to(hear));
    }
}

async fn open(shop: web::Data<Shop>, number: web::Path<String>) -> HttpResponse {
    let (status, json) = shop.open(&number).await;
    HttpResponse::build(StatusCode::from_u16(status).expect("a status")).body(json)
}

/// `web::Bytes`, not `web::Json`: only a verified body may be read.
async fn hear(shop: web::Data<Shop>, body: web::Bytes) -> String {
    shop.hear(&body)
}
