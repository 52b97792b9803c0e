//! How a typed request becomes a body, and what its answer holds.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Endpoint;

/// One call: what it sends and what comes back. Nothing of it is signed; the header `access-token` is the
/// only authentication.
pub trait Request: Serialize {
    /// Where it goes.
    const ENDPOINT: Endpoint;
    /// What the answer's `data` looks like.
    const DATA: Data = Data::Object;
    /// What the platform answers when it accepts.
    type Reply: DeserializeOwned;

    /// The body to POST: compact JSON with integers as numbers.
    ///
    /// ```
    /// use douyin_pay_protocol::OutOrderNo;
    /// use douyin_pay_protocol::trade::{OrderQuery, Request as _};
    ///
    /// let ask = OrderQuery::by_out_order_no(OutOrderNo::new("O1").unwrap());
    /// assert_eq!(ask.body(), br#"{"out_order_no":"O1"}"#);
    /// ```
    fn body(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a request is plain data")
    }
}

/// What the `data` of an accepted answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// An object that must be there.
    Object,
    /// An object; missing, `null` and empty mean that nothing was found.
    MaybeObject,
    /// A list; missing, `null` and empty mean that nothing was found.
    List,
    /// Nothing that is read.
    Nothing,
}
