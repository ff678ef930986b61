//! Standard input as one blob.

use super::{Consumer, Event, Source, SourceError};
use crate::model::{Blob, BlobPath, Fault, Origin};
use std::io::{self, Read, StdinLock};

/// Everything that standard input holds, up to a limit.
#[derive(Clone, Debug)]
pub struct Stdin {
    /// What it is called: an editor says which file it shows. `<stdin>` without one.
    pub path: Option<BlobPath>,
    /// Most bytes to read; more is a fault.
    pub max_size: u64,
}

impl Source for Stdin {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        let path = self.path.clone();
        let path = path.unwrap_or_else(|| BlobPath::from("<stdin>"));
        let mut bytes = Vec::new();
        let read = standard_input()
            .and_then(|input| input.take(self.max_size + 1).read_to_end(&mut bytes));
        let size = read.map_err(SourceError::StandardInput)? as u64;
        if size > self.max_size {
            let what = super::too_large(None, self.max_size);
            consumer.take(Event::Fault(Fault::new(path, what)));
            return Ok(());
        }
        consumer.take(Event::Named(Blob {
            path: &path,
            origin: &Origin::Stdin,
            bytes: &bytes,
        }));
        Ok(())
    }
}

/// Standard input, if there is one: the standard library takes one that is closed, or that can only be written to,
/// for an empty one.
///
/// # Errors
/// When nothing can be read from it.
pub fn standard_input() -> io::Result<StdinLock<'static>> {
    let input = io::stdin();
    #[cfg(unix)]
    {
        use rustix::fs::{FileType, OFlags, fcntl_getfl, fstat};
        use std::io::IsTerminal as _;
        let mode = fcntl_getfl(&input)? & OFlags::ACCMODE;
        if mode == OFlags::WRONLY {
            return Err(io::Error::other("it is open for writing alone"));
        }
        // A program that begins without one is given `/dev/null`, for reading and writing.
        let kind = FileType::from_raw_mode(fstat(&input)?.st_mode);
        if mode == OFlags::RDWR && kind == FileType::CharacterDevice && !input.is_terminal() {
            return Err(io::Error::other("it is closed"));
        }
    }
    Ok(input.lock())
}
