//! The end of a writing call, as the ledger understands it.

use douyin_pay::{Error, Outcome};
use douyin_pay_ledger::{CallOutcome, Exception};

use super::Ask;

/// What a call without a reply means for the ledger.
pub(super) fn of_error(error: &Error) -> CallOutcome {
    match (error.outcome(), error.platform_error()) {
        (Outcome::NotSent, _) => CallOutcome::NotSent,
        (Outcome::Unknown, _) | (Outcome::Refused, None) => CallOutcome::Unknown,
        (Outcome::Refused, Some(refused)) => {
            let (code, message) = (refused.err_no.get(), refused.err_tips.clone());
            match error.is_config() {
                true => CallOutcome::ConfigRefused { code, message },
                false => CallOutcome::Refused { code, message },
            }
        }
    }
}

/// Tells a human once that orders live in a system whose section is not configured any more.
pub(super) async fn no_section(ask: &Ask, section: &str) {
    let problem = format!(
        "order `{}` lives in {}, but `[{section}]` is not configured: put it back, nothing is lost meanwhile",
        ask.order.out_order_no, ask.order.system
    );
    ask.config_refused(&problem).await;
}

impl Ask {
    /// Tells a human once when the platform refuses our configuration.
    pub(super) async fn watch_config(&self, error: Option<&Error>) {
        let Some(error) = error.filter(|error| error.is_config()) else {
            if error.is_none() {
                self.app.note_config_good(self.order.system);
            }
            return;
        };
        self.config_refused(&error.to_string()).await;
    }

    async fn config_refused(&self, problem: &str) {
        if self.app.note_config_refused(self.order.system) {
            let detail = format!("app `{}`: {problem}", self.app.config.name);
            tracing::error!(app = %self.app.config.name, "{detail}");
            let exception = Exception { kind: Exception::CONFIG, order: None, detail };
            if let Err(cause) = self.server.journal().raise(exception, self.server.env().now()).await {
                tracing::warn!(error = %cause, "the exception could not be written");
            }
        }
    }
}
