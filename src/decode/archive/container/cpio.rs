//! cpio in its three forms, from a slice or as it is unpacked: in packages of rpm and in the first
//! file system of Linux.

use super::super::budget::{Budget, BudgetEnd};
use super::super::member::{BROKEN, Backing, FoundMember, MemberSink, cleaned, member};
use std::io::{self, Read};

/// The name that ends an archive.
const TRAILER: &[u8] = b"TRAILER!!!";

/// Longest name that is read, in bytes: more than any system allows.
const LONGEST_NAME: usize = 64 << 10;

/// The first bytes of a header, which tell its form.
const MARK: usize = 6;

/// A form of header.
#[derive(Clone, Copy, Debug)]
struct CpioForm {
    /// Its length in bytes.
    length: usize,
    /// What names, with the header before them, and contents are filled up to a multiple of.
    align: usize,
    /// Where the length of the name stands, in bytes.
    name: (usize, usize),
    /// Where the length of the content stands.
    content: (usize, usize),
    /// How numbers are written.
    digits: Digits,
}

#[derive(Clone, Copy, Debug)]
enum Digits {
    Radix(u32),
    /// Two bytes each, the higher two first: `true` when the lower byte of two is first.
    Words(bool),
}

impl CpioForm {
    fn of(mark: &[u8]) -> Option<Self> {
        let digits = match mark {
            b"070701" | b"070702" => Digits::Radix(16),
            b"070707" => Digits::Radix(8),
            [0xc7, 0x71, ..] => Digits::Words(true),
            [0x71, 0xc7, ..] => Digits::Words(false),
            _ => return None,
        };
        let (length, align, name, content) = match digits {
            Digits::Radix(16) => (110, 4, (94, 102), (54, 62)),
            Digits::Radix(_) => (76, 1, (59, 65), (65, 76)),
            Digits::Words(_) => (26, 2, (20, 22), (22, 26)),
        };
        Some(Self {
            length,
            align,
            name,
            content,
            digits,
        })
    }

    /// Lengths of name and content, by a header.
    fn lengths(self, header: &[u8]) -> Option<(usize, u64)> {
        let number = |(start, end): (usize, usize)| self.number(header.get(start..end)?);
        let name = usize::try_from(number(self.name)?).ok()?;
        let is_name = (1..=LONGEST_NAME).contains(&name);
        Some((name, number(self.content)?)).filter(|_| is_name)
    }

    fn number(self, bytes: &[u8]) -> Option<u64> {
        match self.digits {
            Digits::Radix(radix) => {
                let digits = std::str::from_utf8(bytes).ok()?;
                u64::from_str_radix(digits, radix).ok()
            }
            Digits::Words(is_little) => {
                let words = bytes.chunks_exact(2).map(|word| [word[0], word[1]]);
                let words = words.map(|word| {
                    if is_little {
                        u16::from_le_bytes(word)
                    } else {
                        u16::from_be_bytes(word)
                    }
                });
                Some(words.fold(0, |number, word| number << 16 | u64::from(word)))
            }
        }
    }

    /// How many bytes are filled in behind `length`.
    fn padding(self, length: u64) -> u64 {
        length.next_multiple_of(self.align as u64) - length
    }
}

/// True when the first header makes sense: its name ends where it says.
pub(in crate::decode::archive) fn begins(bytes: &[u8]) -> bool {
    let Some(form) = bytes.get(..MARK).and_then(CpioForm::of) else {
        return false;
    };
    let lengths = form.lengths(bytes).filter(|_| bytes.len() > form.length);
    lengths.is_some_and(|(name, _)| bytes.get(form.length + name - 1) == Some(&0))
}

/// Hands out the files of a cpio.
pub(in crate::decode::archive) fn read(
    reader: impl Read,
    backing: Backing<'_>,
    budget: &Budget,
    sink: MemberSink<'_>,
) {
    let mut reader = Counted {
        inner: reader,
        read: 0,
    };
    loop {
        match entry(&mut reader, backing, budget, sink) {
            Ok(true) if !budget.is_spent() => {}
            Ok(_) => return,
            Err(_) if budget.is_spent() => {
                return sink(FoundMember::Fault(b"(header)", budget.total_exceeded()));
            }
            Err(_) => return sink(FoundMember::Skipped(BROKEN)),
        }
    }
}

/// Reads a header and what is behind it; false at the end.
fn entry(
    reader: &mut Counted<impl Read>,
    backing: Backing<'_>,
    budget: &Budget,
    sink: MemberSink<'_>,
) -> io::Result<bool> {
    let mut header = mark(reader)?;
    if header.is_empty() {
        return Ok(false);
    }
    let Some(form) = CpioForm::of(&header) else {
        // The first file system of Linux has a compressed one behind its trailer.
        let from = reader.read as usize - header.len();
        let rest = header.chain(&mut *reader);
        let packed = |length| backing.span(from, length);
        return Ok(member(b"(rest)", rest, None, packed, budget, sink) == BudgetEnd::Whole);
    };
    header.resize(form.length, 0);
    reader.read_exact(&mut header[MARK..])?;
    let (length, size) = form.lengths(&header).ok_or(io::ErrorKind::InvalidData)?;
    let mut name = vec![0; length];
    reader.read_exact(&mut name)?;
    skip(reader, form.padding((form.length + length) as u64))?;
    let name = name.split(|b| *b == 0).next().unwrap_or_default();
    if name == TRAILER || size == 0 {
        return Ok(true);
    }
    if let Backing::Unpacked(notes) = backing {
        notes.add(name);
    }
    let before = reader.read;
    let packed = |length| backing.span(before as usize, length);
    let end = member(
        &cleaned(name),
        &mut *reader,
        Some(size),
        packed,
        budget,
        sink,
    );
    if end != BudgetEnd::Spent {
        let left = size - (reader.read - before);
        skip(reader, left.saturating_add(form.padding(size)))?;
    }
    Ok(true)
}

/// The first bytes of the next header, behind what an archive was filled up with; none at the end.
fn mark(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut mark = Vec::with_capacity(MARK);
    loop {
        let missing = (MARK - mark.len()) as u64;
        let read = reader.take(missing).read_to_end(&mut mark)?;
        let filled = mark.iter().take_while(|b| **b == 0).count();
        mark.drain(..filled);
        if mark.len() == MARK || read == 0 {
            return Ok(mark);
        }
    }
}

fn skip(reader: &mut impl Read, count: u64) -> io::Result<()> {
    match io::copy(&mut reader.take(count), &mut io::sink())? {
        skipped if skipped == count => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// A reader that counts.
struct Counted<R> {
    inner: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}
