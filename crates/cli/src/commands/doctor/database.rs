//! Can the books be written where the configuration wants them?

use std::io;
use std::path::{Path, PathBuf};

use douyin_pay_server::config::{Config, Database};
use douyin_pay_server::store::sqlite::schema;

use super::report::{Finding, Report};

const CHECK: &str = "database";
const SPACE: &str = "disk_space";
/// With less, the next batch may not fit: the service refuses changes.
const FREE_BYTES_MIN: u64 = 32 << 20;
/// With less, somebody should look.
const FREE_BYTES_ENOUGH: u64 = 512 << 20;

/// Looks at folder, file, schema and room, and changes nothing.
pub(super) fn check(config: &Config, report: &mut Report) {
    let Database::Sqlite(path) = &config.database;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let existing = existing(folder);
    let trouble = trouble(path, folder, &existing);
    let shown = path.display();
    let writable = trouble.is_none();
    report.add(trouble.unwrap_or_else(|| {
        Finding::ok(CHECK, tell!("`{shown}` 可以读写", "`{shown}` can be read and written"))
    }));
    if writable && let Some(finding) = room(&existing) {
        report.add(finding);
    }
}

/// The folder, or the nearest one above it that exists: the service makes what is missing.
fn existing(folder: &Path) -> PathBuf {
    let mut above = folder.ancestors().filter(|path| path.exists());
    match above.next() {
        Some(found) if !found.as_os_str().is_empty() => found.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

fn trouble(path: &Path, folder: &Path, existing: &Path) -> Option<Finding> {
    let (shown, folder_shown, above) = (path.display(), folder.display(), existing.display());
    let problem = |message, remedy| Some(Finding::problem(CHECK, message, remedy));
    if !existing.is_dir() {
        return problem(
            tell!(
                "`{above}` 不是文件夹，放不了 `{shown}`",
                "`{above}` is not a folder, so `{shown}` cannot be there"
            ),
            tell!("换一个 `database` 路径", "choose another path for `database`"),
        );
    }
    if let Err(cause) = tempfile::Builder::new().prefix(".douyin-pay-doctor-").tempfile_in(existing) {
        let kind = cause.kind();
        // The name of our own file says nothing to anybody.
        let cause = cause.to_string();
        let cause = cause.split(" at path ").next().unwrap_or_default();
        return problem(
            match existing == folder {
                true => tell!(
                    "文件夹 `{folder_shown}` 不可写（{cause}）",
                    "the folder `{folder_shown}` cannot be written ({cause})"
                ),
                false => tell!(
                    "文件夹 `{folder_shown}` 不存在，也不能在 `{above}` 里创建（{cause}）",
                    "the folder `{folder_shown}` does not exist and cannot be made in `{above}` ({cause})"
                ),
            },
            folder_remedy(kind, folder),
        );
    }
    if path.is_dir() {
        return problem(
            tell!("`{shown}` 是文件夹", "`{shown}` is a folder"),
            tell!("让 `database` 指向文件夹里的一个文件", "let `database` name a file in it"),
        );
    }
    if !path.exists() {
        return None;
    }
    file_trouble(path)
}

fn folder_remedy(kind: io::ErrorKind, folder: &Path) -> String {
    let shown = folder.display();
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            tell!(
                "清理磁盘；已确认的数据不会丢",
                "make room on the disk; nothing that was acknowledged is lost"
            )
        }
        io::ErrorKind::ReadOnlyFilesystem => tell!(
            "以读写方式挂载，或换一个 `database` 路径；在 systemd 里用 ReadWritePaths 放行",
            "mount it writable or choose another path; under systemd allow it with ReadWritePaths"
        ),
        _ => tell!(
            "用服务的用户运行 doctor；创建 `{shown}` 并 `chown` 给服务的用户",
            "run doctor as the service's user; make `{shown}` and `chown` it to that user"
        ),
    }
}

fn file_trouble(path: &Path) -> Option<Finding> {
    let shown = path.display();
    // The administrator may write everything; the mark tells what the service's user may do.
    let marked = std::fs::metadata(path).is_ok_and(|file| file.permissions().readonly());
    let opened = std::fs::OpenOptions::new().read(true).append(true).open(path).err();
    if marked || opened.is_some() {
        let cause = opened.map(|cause| format!(" ({cause})")).unwrap_or_default();
        let message = tell!("`{shown}` 是只读的{cause}", "`{shown}` is read-only{cause}");
        let remedy = tell!(
            "`chmod u+w {shown}`，并让它和所在文件夹属于服务的用户",
            "`chmod u+w {shown}`, and let it and its folder belong to the service's user"
        );
        return Some(Finding::problem(CHECK, message, remedy));
    }
    match schema(path) {
        Ok(schema) if schema.found > schema.newest => {
            let (found, newest) = (schema.found, schema.newest);
            Some(Finding::problem(
                CHECK,
                tell!(
                    "`{shown}` 由更新的版本写成（结构 {found}，本程序只认到 {newest}）",
                    "a newer version wrote `{shown}` (schema {found}; this program knows {newest})"
                ),
                tell!(
                    "运行更新的版本，或恢复升级前的备份",
                    "start the newer program, or restore the backup from before the upgrade"
                ),
            ))
        }
        Ok(_) => None,
        Err(cause) => Some(Finding::problem(
            CHECK,
            tell!("`{shown}` 打不开：{cause}", "`{shown}` cannot be opened: {cause}"),
            tell!(
                "检查路径是否写错；文件损坏时请恢复备份",
                "check the path; if the file is damaged, restore a backup"
            ),
        )),
    }
}

#[cfg(unix)]
fn room(folder: &Path) -> Option<Finding> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(judge(disk.f_bavail.saturating_mul(disk.f_frsize), folder))
}

#[cfg(not(unix))]
fn room(_folder: &Path) -> Option<Finding> {
    None
}

#[cfg(unix)]
fn judge(free_bytes: u64, folder: &Path) -> Finding {
    let (mib, shown) = (free_bytes >> 20, folder.display());
    let message = tell!("`{shown}` 所在磁盘还剩 {mib} MiB", "{mib} MiB are free on the disk of `{shown}`");
    let remedy = tell!(
        "清理或扩容；磁盘满后服务不再接受新的变更，已确认的数据不会丢",
        "make room; on a full disk the service takes no changes, and nothing that was acknowledged is lost"
    );
    if free_bytes < FREE_BYTES_MIN {
        Finding::problem(SPACE, message, remedy)
    } else if free_bytes < FREE_BYTES_ENOUGH {
        Finding::warning(SPACE, message, remedy)
    } else {
        Finding::ok(SPACE, message)
    }
}
