//! `douyin-pay completions` and `man`: what shells and readers of manuals want to know.

use std::path::PathBuf;

use clap::{Args as ClapArgs, CommandFactory};
use clap_complete::Shell;

use crate::exit::{Ended, Failure};
use crate::lang::tell;
use crate::out;

/// The name under which shells know the command.
const NAME: &str = "douyin-pay";

/// Options of `completions`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 命令行外壳 · the shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Options of `man`.
#[derive(Debug, ClapArgs)]
pub struct ManArgs {
    /// 目标目录，必须已存在 · folder to write into; it must exist
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// Prints the completion script of a shell.
///
/// # Errors
/// Never.
pub fn run(args: Args) -> Ended {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::Command::command(), NAME, &mut script);
    out::text(String::from_utf8_lossy(&script));
    Ok(())
}

/// Writes one manual page per command.
///
/// # Errors
/// [`Failure::Usage`] when the folder cannot be written.
pub fn run_man(args: ManArgs) -> Ended {
    clap_mangen::generate_to(crate::Command::command(), &args.to).map_err(|cause| {
        let to = args.to.display();
        Failure::usage(tell!(
            "`--to {to}`：无法写入：{cause}；请先建好目录并检查权限",
            "`--to {to}`: cannot be written: {cause}; make the folder first and check its permissions"
        ))
    })
}
