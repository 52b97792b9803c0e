//! The copy of a statement: under its name only when it is complete.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::exit::Failure;
use crate::lang::tell;

/// A file under way, beside the one it will become.
pub(super) struct Saved {
    path: PathBuf,
    part: PathBuf,
    written: Arc<Mutex<io::Result<BufWriter<File>>>>,
}

impl Saved {
    pub(super) fn begin(path: &Path) -> Result<Self, Failure> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = path.with_file_name(name);
        let file = File::create(&part).map_err(|cause| cannot(&part, &cause))?;
        let written = Arc::new(Mutex::new(Ok(BufWriter::new(file))));
        Ok(Self { path: path.to_owned(), part, written })
    }

    /// What takes the bytes. A failure is told at the end.
    pub(super) fn copy(&self) -> impl FnMut(&[u8]) + Send + use<> {
        let written = Arc::clone(&self.written);
        move |bytes| {
            let mut written = written.lock().expect("nothing panics while it holds this lock");
            if let Ok(file) = &mut *written
                && let Err(cause) = file.write_all(bytes)
            {
                *written = Err(cause);
            }
        }
    }

    /// The statement is complete: gives the file its name.
    pub(super) fn complete(self) -> Result<PathBuf, Failure> {
        let mut written = self.written.lock().expect("nothing panics while it holds this lock");
        let end = match &mut *written {
            Ok(file) => file.flush().and_then(|()| file.get_ref().sync_all()),
            Err(cause) => Err(io::Error::new(cause.kind(), cause.to_string())),
        };
        end.and_then(|()| std::fs::rename(&self.part, &self.path))
            .map_err(|cause| cannot(&self.part, &cause))?;
        Ok(self.path.clone())
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        // After `complete` there is none left.
        let _gone = std::fs::remove_file(&self.part);
    }
}

fn cannot(path: &Path, cause: &io::Error) -> Failure {
    let path = path.display();
    Failure::told(
        3,
        "cannot_write",
        tell!("无法写入 {path}：{cause}；请换个位置", "cannot write {path}: {cause}; choose another place"),
    )
}
