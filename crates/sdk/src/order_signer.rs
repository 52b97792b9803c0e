//! Signing order data: what the front end needs for `tt.requestOrder`, and nothing secret.

use std::fmt;

use douyin_pay_env::Env;
use douyin_pay_protocol::AppId;
use douyin_pay_protocol::trade::{
    ApplicationKey, KeyVersion, Nonce, OrderData, REQUEST_ORDER_URI, authorize,
};
use serde::{Deserialize, Serialize};

/// Signs order data for one mini-program. Placing an order needs no call: the front end hands what is signed
/// to `tt.requestOrder`.
///
/// ```
/// use douyin_pay::protocol::trade::{
///     ApplicationKey, ImageUrl, KeyVersion, OrderData, ProductType, Schema, Sku, SkuId, TagGroupId, Title,
/// };
/// use douyin_pay::protocol::{Fen, OrderAmount, OutOrderNo};
/// use douyin_pay::{AppId, Env, OrderSigner};
///
/// # let key_file = douyin_pay_mock::keys::APPLICATION_KEY_PEM;
/// let key = ApplicationKey::parse(key_file)?;         // PEM or bare base64, PKCS#1 or PKCS#8
/// let signer = OrderSigner::new(AppId::new("tt0000000000000001")?, key, KeyVersion::new("1")?);
///
/// let (goods, image) = (SkuId::new("latte")?, ImageUrl::new("https://shop.example.com/latte.png")?);
/// let (kind, tags) = (ProductType::new(301)?, TagGroupId::new("tag_group_7272625659888058380")?);
/// let price = Fen::from_yuan("12.80")?;
/// let sku = Sku::new(goods, Title::new("Latte")?, image, kind, tags, price, 1)?;
/// let page = Schema::new("pages/order/detail")?.params(r#"{"no":"A1"}"#)?;
/// let order = OrderData::new(OutOrderNo::new("A1")?, OrderAmount::new(price)?, sku, page)?;
///
/// let signed = signer.sign(&Env::real(), &order);
/// // Store `signed.data`, then answer the front end with:
/// let answer = serde_json::to_string(&signed)?;
/// assert!(answer.starts_with(r#"{"data":"{\"skuList\":[{\"skuId\":\"latte\","#));
/// assert!(answer.contains(r#"","byteAuthorization":"SHA256-RSA2048 appid=tt0000000000000001,nonce_str="#));
///
/// // An hour later the user comes back to pay:
/// let again = signer.sign_again(&Env::real(), &signed.data);
/// assert!(again.data == signed.data && again.byte_authorization != signed.byte_authorization);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct OrderSigner {
    app_id: AppId,
    key: ApplicationKey,
    version: KeyVersion,
}

/// What the front end gets, as it is, and hands to `tt.requestOrder({data, byteAuthorization})`. As JSON:
/// `{"data": "…", "byteAuthorization": "SHA256-RSA2048 appid=…"}`.
///
/// Both are texts. `data` is what is signed, byte for byte: neither side may parse and rewrite it. The
/// platform takes the signature for one hour; after that, [`OrderSigner::sign_again`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOrder {
    /// The order data as JSON text. Store it: signing again needs the very same bytes.
    pub data: String,
    /// Who signed, when, with which key, and the signature.
    #[serde(rename = "byteAuthorization")]
    pub byte_authorization: String,
}

impl OrderSigner {
    /// A signer for `app_id`; `version` is the number that the console shows beside the public half of `key`.
    pub fn new(app_id: AppId, key: ApplicationKey, version: KeyVersion) -> Self {
        Self { app_id, key, version }
    }

    /// The mini-program it signs for.
    pub fn app_id(&self) -> &AppId {
        &self.app_id
    }

    /// Signs an order for the first time.
    pub fn sign(&self, env: &Env, order: &OrderData) -> SignedOrder {
        self.sign_text(env, order.to_json())
    }

    /// Signs order data again that was signed before, with a fresh time and nonce. `data` must be the stored
    /// text: the same number with other bytes is another order to the platform, which it refuses.
    pub fn sign_again(&self, env: &Env, data: &str) -> SignedOrder {
        self.sign_text(env, data.to_owned())
    }

    fn sign_text(&self, env: &Env, data: String) -> SignedOrder {
        let mut random = [0; 16];
        env.entropy.fill(&mut random);
        let nonce = Nonce::of_random(random);
        let Self { app_id, key, version } = self;
        let signed =
            authorize(app_id, key, version, "POST", REQUEST_ORDER_URI, data.as_bytes(), env.now(), &nonce);
        SignedOrder { data, byte_authorization: signed.to_string() }
    }
}

impl fmt::Debug for OrderSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrderSigner({}, key {})", self.app_id, self.version.as_str())
    }
}
