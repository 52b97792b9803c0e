//! Every call of both systems under one type.

use std::fmt;

#[cfg(feature = "ecpay")]
use crate::ecpay;
#[cfg(feature = "trade")]
use crate::trade;

/// How a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The fields are the query of the URL.
    Get,
    /// The fields are a JSON body.
    Post,
}

impl Method {
    /// As HTTP spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One call of one of the two systems. No two calls share a name.
///
/// ```
/// use douyin_pay_protocol::{Endpoint, ecpay, trade};
///
/// assert_eq!(Endpoint::of_name("refund_create"), Some(Endpoint::Trade(trade::Endpoint::RefundCreate)));
/// assert_eq!(Endpoint::from(ecpay::Endpoint::Settle).path(), "/api/apps/ecpay/v1/settle");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// A call of guaranteed payment.
    #[cfg(feature = "ecpay")]
    Ecpay(ecpay::Endpoint),
    /// A call of the general trade system.
    #[cfg(feature = "trade")]
    Trade(trade::Endpoint),
}

#[cfg(feature = "ecpay")]
impl From<ecpay::Endpoint> for Endpoint {
    fn from(endpoint: ecpay::Endpoint) -> Self {
        Self::Ecpay(endpoint)
    }
}

#[cfg(feature = "trade")]
impl From<trade::Endpoint> for Endpoint {
    fn from(endpoint: trade::Endpoint) -> Self {
        Self::Trade(endpoint)
    }
}

/// Asks the endpoint of whichever system it is.
macro_rules! of_either {
    ($endpoint:expr, $it:ident => $answer:expr) => {
        match $endpoint {
            #[cfg(feature = "ecpay")]
            Endpoint::Ecpay($it) => $answer,
            #[cfg(feature = "trade")]
            Endpoint::Trade($it) => $answer,
        }
    };
}

impl Endpoint {
    /// All of them, guaranteed payment first.
    pub fn all() -> impl Iterator<Item = Self> {
        #[cfg(feature = "ecpay")]
        let ecpay = ecpay::Endpoint::ALL.into_iter().map(Self::Ecpay);
        #[cfg(not(feature = "ecpay"))]
        let ecpay = std::iter::empty();
        #[cfg(feature = "trade")]
        let trade = trade::Endpoint::ALL.into_iter().map(Self::Trade);
        #[cfg(not(feature = "trade"))]
        let trade = std::iter::empty();
        ecpay.chain(trade)
    }

    /// The path below the platform's base URL.
    pub const fn path(self) -> &'static str {
        of_either!(self, it => it.path())
    }

    /// How it is called.
    pub const fn method(self) -> Method {
        of_either!(self, it => it.method())
    }

    /// A short name, unique in both systems: `create_order`, `refund_create`.
    pub const fn name(self) -> &'static str {
        of_either!(self, it => it.name())
    }

    /// The endpoint of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::all().find(|endpoint| endpoint.name() == name)
    }

    /// How many calls per second and app we allow ourselves; `None` is not paced.
    pub const fn default_limit_per_s(self) -> Option<u32> {
        of_either!(self, it => it.default_limit_per_s())
    }

    /// Whether it only asks and changes nothing.
    pub const fn is_query(self) -> bool {
        of_either!(self, it => it.is_query())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Endpoint;

    #[test]
    fn every_endpoint_has_a_name_and_a_path_of_its_own() {
        let all: Vec<Endpoint> = Endpoint::all().collect();
        let names: BTreeSet<&str> = all.iter().map(|endpoint| endpoint.name()).collect();
        let paths: BTreeSet<&str> = all.iter().map(|endpoint| endpoint.path()).collect();
        assert_eq!((names.len(), paths.len()), (all.len(), all.len()));
        for endpoint in all {
            assert!(endpoint.path().starts_with('/'), "{endpoint}");
            assert_eq!(Endpoint::of_name(endpoint.name()), Some(endpoint));
        }
        assert_eq!(Endpoint::of_name("close_order"), None);
    }
}
