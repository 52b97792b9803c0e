//! The HTTP clients, and whom they trust.

use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use reqwest::ClientBuilder;

use super::words;
use crate::NetError;

/// Name look-up, connection and TLS handshake together.
pub(super) const CONNECT_WITHIN: Duration = Duration::from_secs(3);

/// Where OpenSSL, and we, are told to find trusted roots instead of in the system's places.
#[cfg(feature = "rustls")]
const ROOTS_BY_WISH: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// One client for the world and one for this machine, which no proxy may stand before.
pub(super) struct Clients {
    outside: reqwest::Client,
    loopback: reqwest::Client,
    /// Why `https` is out of the question; `http` needs no certificates.
    no_https: Option<String>,
}

/// Whom TLS trusts.
#[derive(Debug, Clone, Copy)]
enum Roots {
    /// The system's certificates.
    #[cfg(feature = "rustls")]
    System,
    /// Mozilla's, as they were when this was compiled.
    #[cfg(feature = "self-contained")]
    Mozilla,
    /// Nobody.
    Nobody,
}

impl Clients {
    /// Both clients with the system's certificates, else with those in the binary, else without `https`.
    #[cfg(feature = "rustls")]
    pub(super) fn build() -> Result<Self, NetError> {
        let wished_by = ROOTS_BY_WISH.into_iter().find(|name| std::env::var_os(name).is_some());
        Self::trusting(Roots::System, None).or_else(|cause| Self::without_system(cause.problem, wished_by))
    }

    /// Both clients, without TLS: that needs the feature `rustls`.
    #[cfg(not(feature = "rustls"))]
    pub(super) fn build() -> Result<Self, NetError> {
        Self::trusting(Roots::Nobody, None)
    }

    /// A client of the caller's, for everything.
    pub(super) fn of_yours(client: reqwest::Client) -> Self {
        Self { outside: client.clone(), loopback: client, no_https: None }
    }

    /// The client for this address.
    pub(super) fn of(&self, uri: &Uri) -> Result<&reqwest::Client, NetError> {
        match &self.no_https {
            Some(problem) if uri.scheme() == Some(&Scheme::HTTPS) => Err(NetError::not_sent(problem.clone())),
            _ if is_loopback(uri) => Ok(&self.loopback),
            _ => Ok(&self.outside),
        }
    }

    /// What is left without certificates of the system. A wish for other roots must not end in trusting strangers.
    #[cfg(feature = "rustls")]
    fn without_system(problem: String, wished_by: Option<&str>) -> Result<Self, NetError> {
        let problem = match wished_by {
            Some(name) => format!("{problem}; does `{name}` lead to trusted certificates?"),
            #[cfg(feature = "self-contained")]
            None => {
                tracing::info!("this machine has no trusted certificates: using Mozilla's, as compiled in");
                return Self::trusting(Roots::Mozilla, None);
            }
            #[cfg(not(feature = "self-contained"))]
            None => format!("{problem}; are the system's certificates installed (`ca-certificates`)?"),
        };
        Self::trusting(Roots::Nobody, Some(problem))
    }

    fn trusting(roots: Roots, no_https: Option<String>) -> Result<Self, NetError> {
        let build = |settings: ClientBuilder| {
            let problem =
                |cause| NetError::not_sent(format!("the HTTP client cannot start: {}", words(cause)));
            trust(settings, roots)?.build().map_err(problem)
        };
        Ok(Self { outside: build(settings())?, loopback: build(settings().no_proxy())?, no_https })
    }
}

fn settings() -> ClientBuilder {
    let settings = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_WITHIN)
        .referer(false)
        .user_agent(concat!("douyin-pay/", env!("CARGO_PKG_VERSION")));
    #[cfg(feature = "self-contained")]
    let settings = settings.dns_resolver(super::names::Names::of_machine());
    settings
}

fn trust(settings: ClientBuilder, roots: Roots) -> Result<ClientBuilder, NetError> {
    Ok(match roots {
        #[cfg(feature = "rustls")]
        Roots::System => settings,
        #[cfg(feature = "self-contained")]
        Roots::Mozilla => {
            let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
            let roots = roots.iter().map(|root| reqwest::Certificate::from_der(root));
            let roots = roots.collect::<Result<Vec<_>, _>>();
            settings.tls_certs_only(roots.map_err(|cause| NetError::not_sent(words(cause)))?)
        }
        #[cfg(feature = "rustls")]
        Roots::Nobody => settings.tls_certs_only([]),
        #[cfg(not(feature = "rustls"))]
        Roots::Nobody => settings,
    })
}

fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let by_name = host.eq_ignore_ascii_case("localhost");
    by_name || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_addresses_are_known() {
        for (uri, loopback) in [
            ("http://127.0.0.1:9901/x", true),
            ("http://127.8.8.8/", true),
            ("http://[::1]:80/", true),
            ("http://LocalHost/", true),
            ("https://developer.toutiao.com/", false),
            ("http://localhost.example.com/", false),
            ("/path", false),
        ] {
            assert_eq!(is_loopback(&uri.parse().unwrap()), loopback, "{uri}");
        }
    }

    #[cfg(feature = "rustls")]
    #[test]
    fn without_certificates_http_goes_on_and_https_says_why_not() {
        let clients = Clients::without_system("no certificates".to_owned(), Some("SSL_CERT_FILE")).unwrap();
        assert!(clients.of(&"http://example.com/".parse().unwrap()).is_ok());
        for uri in ["https://example.com/", "https://127.0.0.1/"] {
            let problem = clients.of(&uri.parse().unwrap()).unwrap_err();
            assert_eq!(problem.sent, crate::Sent::No);
            let expected = "no certificates; does `SSL_CERT_FILE` lead to trusted certificates?";
            assert_eq!(problem.problem, expected);
        }
    }

    #[cfg(feature = "self-contained")]
    #[test]
    fn a_machine_without_certificates_trusts_those_in_the_binary() {
        let clients = Clients::without_system("no certificates".to_owned(), None).unwrap();
        assert!(clients.of(&"https://developer.toutiao.com/".parse().unwrap()).is_ok());
        assert!(webpki_root_certs::TLS_SERVER_ROOT_CERTS.len() > 50);
    }
}
