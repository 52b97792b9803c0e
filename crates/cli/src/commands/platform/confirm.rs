//! A person's word before something is written at the platform.

use std::io::{BufRead, IsTerminal, Write};

use clap::Args as ClapArgs;

use crate::exit::Failure;
use crate::lang::{say, tell};

/// What a person must type.
const WORD: &str = "yes";

/// Whether to ask.
#[derive(Debug, ClapArgs)]
pub(super) struct Yes {
    /// 不再询问，直接执行 · do it without asking
    #[arg(long)]
    yes: bool,
}

/// Goes on when the person at the terminal types `yes`, or `--yes` was given.
pub(super) fn confirm(yes: &Yes, what: &str) -> Result<(), Failure> {
    if yes.yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::told(
            2,
            "not_confirmed",
            tell!(
                "将要执行：{what}。这里无法询问（标准输入不是终端）；确认无误后请加 `--yes`",
                "about to do: {what}. Nobody can be asked here (standard input is no terminal); add `--yes` if that is right"
            ),
        ));
    }
    let mut asked = std::io::stderr().lock();
    let _reader_left = write!(asked, "{what}\n{}", say("确认请输入 yes：", "type yes to go on: "))
        .and_then(|()| asked.flush());
    let mut typed = String::new();
    let _end = std::io::stdin().lock().read_line(&mut typed);
    if typed.trim() == WORD {
        return Ok(());
    }
    Err(Failure::told(2, "not_confirmed", say("没有确认，什么也没有做", "not confirmed, nothing was done")))
}
