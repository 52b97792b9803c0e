//! What `backup` and `restore` say about books.

use std::time::{Duration, Instant};

use douyin_pay_server::store::sqlite::{Copied, CopyError};

use crate::exit::Failure;
use crate::lang::tell;
use crate::out::{self, Form};

/// A person begins to wonder after this long.
const SPEAK_EVERY: Duration = Duration::from_secs(2);

/// Says now and then how far the checking is.
pub(super) struct Checking {
    form: Form,
    spoke: Instant,
}

#[expect(clippy::disallowed_methods, reason = "a person waits in real time")]
impl Checking {
    pub(super) fn new(form: Form) -> Self {
        Self { form, spoke: Instant::now() }
    }

    pub(super) fn checked(&mut self, orders: usize) {
        if self.spoke.elapsed() >= SPEAK_EVERY {
            self.spoke = Instant::now();
            out::remark(self.form, tell!("… 已核对 {orders} 个订单", "… {orders} orders checked"));
        }
    }
}

/// What is in a copy.
pub(super) fn summary(copied: &Copied) -> String {
    let Copied { bytes, sha256, orders, facts } = copied;
    tell!(
        "{orders} 个订单，{facts} 条事实，逐单核对无误；{bytes} 字节\nSHA-256 {sha256}",
        "{orders} orders, {facts} facts, each order adds up; {bytes} bytes\nSHA-256 {sha256}"
    )
}

/// The exit code of a failure: the answer is no only when the books themselves are wrong.
pub(super) fn failure(cause: CopyError) -> Failure {
    match cause {
        CopyError::Unsound { .. } => Failure::told(1, "unsound", cause.to_string()),
        CopyError::Store(cause) => Failure::Outside(anyhow::anyhow!("{cause}")),
    }
}
