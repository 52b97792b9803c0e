//! Five languages: how each shop is made ready and started.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::dev::Dev;
use super::program::Program;

/// A language with a shop in `examples/clients`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Php,
    Node,
    Python,
    Go,
    Java,
}

/// A shop that can be started.
#[derive(Clone, Debug)]
pub(super) struct Shop {
    words: Vec<String>,
}

impl Language {
    /// The name of its folder and of its guide.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Php => "php",
            Self::Node => "node",
            Self::Python => "python",
            Self::Go => "go",
            Self::Java => "java",
        }
    }

    pub(super) fn folder(self) -> PathBuf {
        repository().join("examples/clients").join(self.name())
    }

    /// Ready to start; `None` when the language may be missing on this machine and is, which is said aloud.
    pub(super) fn shop(self) -> Option<Shop> {
        static GO: OnceLock<Option<Shop>> = OnceLock::new();
        static JAVA: OnceLock<Option<Shop>> = OnceLock::new();
        let script = |program: &str, file: &str| Shop { words: vec![program.into(), self.file(file)] };
        match self {
            Self::Php => Some(script("php", "shop.php")),
            Self::Node => Some(script("node", "shop.mjs")),
            Self::Python => Some(script("python3", "shop.py")),
            Self::Go => GO.get_or_init(|| self.go()).clone(),
            Self::Java => JAVA.get_or_init(|| self.java()).clone(),
        }
    }

    fn file(self, name: &str) -> String {
        text(&self.folder().join(name))
    }

    fn go(self) -> Option<Shop> {
        self.compiler("go")?;
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shop-go");
        let mut build = Command::new("go");
        build.args(["build", "-o", &text(&made), "."]).current_dir(self.folder());
        // No download of a newer compiler or of anything else; a cache also where there is no home.
        build.env("GOTOOLCHAIN", "local").env("GOPROXY", "off").env("CGO_ENABLED", "0");
        build.env("GOCACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-cache"));
        compile(build);
        Some(Shop { words: vec![text(&made)] })
    }

    fn java(self) -> Option<Shop> {
        self.compiler("java")?;
        self.compiler("javac")?;
        let made = text(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("shop-java"));
        let mut build = Command::new("javac");
        build.args(["-encoding", "UTF-8", "-Xlint:all", "-Werror", "-d", &made]);
        build.args(["Json.java", "Shop.java", "Webhook.java"].map(|file| self.file(file)));
        compile(build);
        Some(Shop { words: ["java", "-cp", &made, "Shop"].map(str::to_owned).into() })
    }

    fn compiler(self, program: &str) -> Option<()> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let there = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
        if !there {
            // Past the test harness, which keeps to itself what a passing test prints.
            let sentence = format!("NOT RUN: the shop in {}: there is no `{program}` here\n", self.name());
            std::io::stderr().write_all(sentence.as_bytes()).expect("stderr");
        }
        there.then_some(())
    }
}

impl Shop {
    /// One of the shop's commands; the environment is to be added.
    pub(super) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]).args(words).env("PYTHONDONTWRITEBYTECODE", "1");
        for name in ["EVENTS_FILE", "WEBHOOK_TOLERANCE", "WEBHOOK_SECRET", "PORT"] {
            command.env_remove(name);
        }
        command
    }

    /// One of the shop's commands that talks to this world.
    pub(super) fn run(&self, dev: &Dev, words: &[&str]) -> Program {
        let mut command = self.command(words);
        command.env("DOUYIN_PAY_URL", dev.text("service")).env("DOUYIN_PAY_KEY", dev.text("api_key"));
        command.env("DOUYIN_PAY_APP", dev.text("app"));
        Program::start(command)
    }
}

fn compile(mut build: Command) {
    let output = build.output().unwrap_or_else(|cause| panic!("{build:?}: {cause}"));
    assert!(output.status.success(), "{build:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

/// The root of the repository.
pub(super) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}
