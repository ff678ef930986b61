//! What is printed, without keys: a writer around standard output, standard error or a report's file.

use jvxleaks::redact;
use std::io::{self, Write};

/// Passes on lines, in each of which keys have given way to the part that may be shown.
///
/// A line is held until it is whole: it may come in pieces, and a piece of a key is not known for one. So what
/// stands behind the last line break is written by [`Write::flush`], or at the end.
#[derive(Debug)]
pub(super) struct Redacting<W: Write> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Redacting<W> {
    pub(in crate::cli) fn new(out: W) -> Self {
        Self {
            out,
            line: Vec::new(),
        }
    }

    fn pass_on(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        self.out.write_all(&redact::bytes(&line))?;
        // The memory of an ordinary line is used again.
        self.line = line;
        self.line.clear();
        Ok(())
    }
}

impl<W: Write> Write for Redacting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|b| *b == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.pass_on()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass_on()?;
        self.out.flush()
    }
}

impl<W: Write> Drop for Redacting<W> {
    fn drop(&mut self) {
        let _ = self.pass_on();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pieces: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut redacting = Redacting::new(&mut out);
        for piece in pieces {
            redacting.write_all(piece).unwrap();
        }
        drop(redacting);
        String::from_utf8(out).unwrap()
    }

    /// A key that nobody issued.
    fn key() -> String {
        let alphabet = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456";
        let at = |i: usize| (i * i * 7 + i * 11 + 3) % alphabet.len();
        let body: String = (0..32).map(|i| char::from(alphabet[at(i)])).collect();
        format!("jvx_live_{body}")
    }

    #[test]
    fn a_key_is_known_although_it_comes_in_pieces() {
        let key = key();
        let line = format!("a {key} b\nno key\nend {key}");
        let pieces: Vec<&[u8]> = line.as_bytes().chunks(5).collect();
        let shown = format!("{}...", &key[..13]);
        assert_eq!(
            written(&pieces),
            format!("a {shown} b\nno key\nend {shown}")
        );
    }

    #[test]
    fn other_bytes_pass_as_they_are() {
        let bytes: &[&[u8]] = &[b"\x1b[1mjvx_live_9fKq...\r\n", b"", b"\n\ta", b"\nb"];
        assert_eq!(written(bytes), "\x1b[1mjvx_live_9fKq...\r\n\n\ta\nb");
    }

    #[test]
    fn errors_come_through() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut out = Redacting::new(Closed);
        let error = out.write_all(b"a\n").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
