//! Keys of the general trade system, read from files.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use douyin_pay_protocol::trade::KeyError;

use crate::exit::Failure;
use crate::lang::tell;

/// A key has some two kilobytes.
const KEY_BYTES_MAX: u64 = 64 << 10;

/// The file's bytes, whatever they are.
pub(super) fn read(option: &str, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(KEY_BYTES_MAX).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(bytes),
        Err(cause) => {
            let path = path.display();
            Err(Failure::usage(tell!(
                "`{option} {path}`：无法读取：{cause}；请检查路径和权限",
                "`{option} {path}`: cannot be read: {cause}; check the path and the permissions"
            )))
        }
    }
}

/// The key cannot be used; the key's own sentence says why and what to do.
pub(super) fn refused(option: &str, path: &Path, cause: &KeyError) -> Failure {
    let (path, zh, en) = (path.display(), cause.zh(), cause.en());
    Failure::usage(tell!("`{option} {path}`：{zh}", "`{option} {path}`: {en}"))
}
