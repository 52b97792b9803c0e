//! What was found, one line per check, as text or JSON.

use serde::Serialize;

use crate::exit::{Ended, Failure};
use crate::out::{self, Form};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    Ok,
    Warning,
    Problem,
    Skipped,
}

impl Status {
    fn mark(self) -> &'static str {
        match self {
            Self::Ok => "✔",
            Self::Warning => "!",
            Self::Problem => "✘",
            Self::Skipped => "–",
        }
    }
}

/// What one check found.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    check: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<String>,
    status: Status,
    message: String,
    remedy: Option<String>,
}

impl Finding {
    fn new(check: &'static str, status: Status, message: String, remedy: Option<String>) -> Self {
        Self { check, app: None, status, message, remedy }
    }

    /// All is well.
    pub(super) fn ok(check: &'static str, message: String) -> Self {
        Self::new(check, Status::Ok, message, None)
    }

    /// It works, and somebody should look.
    pub(super) fn warning(check: &'static str, message: String, remedy: String) -> Self {
        Self::new(check, Status::Warning, message, Some(remedy))
    }

    /// It does not work.
    pub(super) fn problem(check: &'static str, message: String, remedy: String) -> Self {
        Self::new(check, Status::Problem, message, Some(remedy))
    }

    /// It could not be looked at.
    pub(super) fn skipped(check: &'static str, message: String) -> Self {
        Self::new(check, Status::Skipped, message, None)
    }

    /// It concerns one app.
    pub(super) fn of(mut self, app: &str) -> Self {
        self.app = Some(app.to_owned());
        self
    }
}

/// All findings so far; as text each is shown at once, because checks may wait for the network.
pub(super) struct Report {
    form: Form,
    findings: Vec<Finding>,
}

impl Report {
    pub(super) fn new(form: Form) -> Self {
        Self { form, findings: Vec::new() }
    }

    pub(super) fn add(&mut self, mut finding: Finding) {
        finding.message = plain(&finding.message);
        finding.remedy = finding.remedy.as_deref().map(plain);
        if self.form == Form::Text {
            show(&finding);
        }
        self.findings.push(finding);
    }

    /// Says how it went: 0, 1 when something is wrong, 2 when there was no configuration to look at.
    pub(super) fn end(&self, unreadable: bool) -> Ended {
        if self.form == Form::Json {
            let findings = serde_json::to_string_pretty(&self.findings).expect("texts are plain data");
            out::line(findings);
        }
        let count = |status| self.findings.iter().filter(|finding| finding.status == status).count();
        let (problems, warnings) = (count(Status::Problem), count(Status::Warning));
        if unreadable {
            return Err(Failure::usage(tell!(
                "配置文件无法使用，其余检查没有进行（{problems} 个问题）",
                "the configuration cannot be used, so nothing else was checked (problems: {problems})"
            )));
        }
        if problems > 0 {
            return Err(Failure::No(tell!(
                "发现 {problems} 个问题、{warnings} 个提醒",
                "found: problems {problems}, warnings {warnings}"
            )));
        }
        if self.form == Form::Text {
            out::line(match warnings {
                0 => tell!("一切正常", "nothing is wrong"),
                _ => tell!("没有问题，有 {warnings} 个提醒", "nothing is wrong; warnings: {warnings}"),
            });
        }
        Ok(())
    }
}

fn show(finding: &Finding) {
    let app = finding.app.as_deref().map(|app| format!(" [{app}]")).unwrap_or_default();
    out::line(format_args!("{} {}{app}: {}", finding.status.mark(), finding.check, finding.message));
    if let Some(remedy) = &finding.remedy {
        out::line(format_args!("    → {remedy}"));
    }
}

/// Some words come from other machines: nothing of them may move a terminal's cursor.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
