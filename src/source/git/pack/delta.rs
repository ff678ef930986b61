//! An object as the difference to another one: put together, and where the two differ.

use std::ops::Range;

/// Where a version differs from the one it is built on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::source::git) struct Seam {
    /// The bytes that are new; empty where bytes meet that were apart.
    pub(in crate::source::git) new: Range<usize>,
    /// Where in the other one the bytes stand that follow, up to the next seam or the end. What is
    /// before the first seam stands at the beginning of both.
    pub(super) resumes: usize,
}

/// A copy that names no length is this long, in bytes.
const LONGEST_COPY: usize = 0x1_0000;

/// Puts the version that `delta` describes into `out`, and where it differs from `base` into
/// `seams`; both are emptied first. No version may be longer than `limit` bytes.
///
/// As in <https://git-scm.com/docs/gitformat-pack#_deltified_representation>.
///
/// # Errors
/// When the delta is damaged, is one to something else, or makes too long a version.
pub(super) fn apply(
    base: &[u8],
    delta: &[u8],
    limit: usize,
    out: &mut Vec<u8>,
    seams: &mut Vec<Seam>,
) -> Result<(), &'static str> {
    let mut instructions = Instructions { rest: delta };
    if instructions.size()? != base.len() as u64 {
        return Err("a delta is one to another object");
    }
    let size = usize::try_from(instructions.size()?).unwrap_or(usize::MAX);
    if size > limit {
        return Err("an object is too long");
    }
    out.clear();
    out.reserve(size);
    seams.clear();
    // Where a copy goes on from the one before it.
    let mut follows = 0;
    while let Some(instruction) = instructions.next()? {
        let at = out.len();
        let bytes = match &instruction {
            Instruction::Copy(span) => base.get(span.clone()),
            Instruction::Insert(bytes) => Some(*bytes),
        };
        let bytes = bytes.ok_or("a delta copies what is not there")?;
        if at + bytes.len() > size {
            return Err("a delta makes more than it says");
        }
        out.extend_from_slice(bytes);
        match instruction {
            Instruction::Copy(span) => {
                if span.start != follows {
                    add(seams, at..at, span.start);
                }
                follows = span.end;
            }
            Instruction::Insert(_) => {
                add(seams, at..out.len(), base.len());
                follows = usize::MAX; // No copy begins there.
            }
        }
    }
    if follows != base.len() {
        add(seams, out.len()..out.len(), base.len());
    }
    if out.len() == size {
        Ok(())
    } else {
        Err("a delta makes less than it says")
    }
}

/// Adds a seam behind the others.
fn add(seams: &mut Vec<Seam>, new: Range<usize>, resumes: usize) {
    match seams.last_mut() {
        Some(last) if last.new.end == new.start => {
            last.new.end = new.end;
            last.resumes = resumes;
        }
        _ => seams.push(Seam { new, resumes }),
    }
}

/// The parts of a version of `length` bytes within `reach` bytes of a seam: sorted and disjoint.
pub(in crate::source::git) fn around(
    seams: &[Seam],
    reach: usize,
    length: usize,
) -> impl Iterator<Item = Range<usize>> + '_ {
    let near = move |Seam { new, .. }: &Seam| {
        new.start.saturating_sub(reach)..length.min(new.end.saturating_add(reach))
    };
    let mut seams = seams.iter().map(near).peekable();
    std::iter::from_fn(move || {
        let mut part = seams.next()?;
        while let Some(next) = seams.next_if(|next| next.start <= part.end) {
            part.end = next.end;
        }
        Some(part)
    })
}

/// What a delta says, one after the other.
struct Instructions<'d> {
    rest: &'d [u8],
}

enum Instruction<'d> {
    /// Bytes of the base.
    Copy(Range<usize>),
    /// Bytes that are new.
    Insert(&'d [u8]),
}

impl<'d> Instructions<'d> {
    /// A size: seven bits a byte, the lowest first.
    fn size(&mut self) -> Result<u64, &'static str> {
        let mut size = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            size |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(size);
            }
        }
        Err("a delta names a size that is none")
    }

    fn next(&mut self) -> Result<Option<Instruction<'d>>, &'static str> {
        let Some((first, rest)) = self.rest.split_first() else {
            return Ok(None);
        };
        self.rest = rest;
        match *first {
            0 => Err("a delta holds an instruction that is none"),
            length @ 1..0x80 => {
                let bytes = self.rest.split_at_checked(usize::from(length));
                let (bytes, rest) = bytes.ok_or("a delta is cut off")?;
                self.rest = rest;
                Ok(Some(Instruction::Insert(bytes)))
            }
            flags => {
                let start = self.number(flags, 4)?;
                let length = match self.number(flags >> 4, 3)? {
                    0 => LONGEST_COPY,
                    length => length,
                };
                Ok(Some(Instruction::Copy(start..start + length)))
            }
        }
    }

    /// A number of which only those bytes are stored whose bit is set, the lowest first.
    fn number(&mut self, flags: u8, bytes: u32) -> Result<usize, &'static str> {
        let mut number = 0;
        for at in 0..bytes {
            if flags & 1 << at != 0 {
                number |= usize::from(self.byte()?) << (8 * at);
            }
        }
        Ok(number)
    }

    fn byte(&mut self) -> Result<u8, &'static str> {
        let (first, rest) = self.rest.split_first().ok_or("a delta is cut off")?;
        self.rest = rest;
        Ok(*first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &[u8] = b"one two three four";

    /// A delta to [`BASE`], written as `start+length` for a copy, else as text.
    fn delta(parts: &[&str], size: u8) -> Vec<u8> {
        let mut delta = vec![BASE.len() as u8, size];
        for part in parts {
            match part.split_once('+') {
                Some((start, length)) => {
                    delta.extend([0x91, start.parse().unwrap(), length.parse().unwrap()]);
                }
                None => {
                    delta.push(part.len() as u8);
                    delta.extend(part.bytes());
                }
            }
        }
        delta
    }

    /// The version, with its seams in brackets, or what is wrong.
    fn applied(delta: &[u8]) -> String {
        let (mut out, mut seams) = (b"left over".to_vec(), Vec::new());
        add(&mut seams, 7..9, 7);
        match apply(BASE, delta, 100, &mut out, &mut seams) {
            Ok(()) => {
                let mut text = String::from_utf8(out).unwrap();
                for seam in seams.iter().rev() {
                    let follows = &BASE[seam.resumes..];
                    let shared = text.bytes().skip(seam.new.end).zip(follows);
                    assert!(shared.take(3).all(|(a, b)| a == *b), "{seams:?}");
                    text.insert(seam.new.end, ']');
                    text.insert(seam.new.start, '[');
                }
                text
            }
            Err(why) => why.to_owned(),
        }
    }

    #[test]
    fn a_version_is_told_apart_from_its_base_where_it_differs() {
        for (parts, version) in [
            (&["0+18"][..], "one two three four"),
            (&["0+4", "4+14"], "one two three four"),
            (&["0+4", "2", "7+11"], "one [2] three four"),
            (&["0+4", "2", "2", "7+11"], "one [22] three four"),
            (&["0+4", "8+10"], "one []three four"),
            (&["4+14"], "[]two three four"),
            (&["0+3"], "one[]"),
            (&["0 ", "0+18"], "[0 ]one two three four"),
            (&["0+18", " five"], "one two three four[ five]"),
            (&["4+4", "0+4"], "[]two []one []"),
            (&["new"], "[new]"),
        ] {
            let size = version.replace(['[', ']'], "").len() as u8;
            assert_eq!(applied(&delta(parts, size)), version, "{parts:?}");
        }
    }

    #[test]
    fn a_damaged_delta_is_no_version() {
        let with = |bytes: &[u8]| [&[BASE.len() as u8, 18], bytes].concat();
        for (delta, why) in [
            (vec![], "a delta is cut off"),
            (vec![0x80; 12], "a delta names a size that is none"),
            (vec![3, 1], "a delta is one to another object"),
            (vec![BASE.len() as u8, 101], "an object is too long"),
            (with(&[0]), "a delta holds an instruction that is none"),
            (with(&[5, b'a']), "a delta is cut off"),
            (with(&[0x91, 1]), "a delta is cut off"),
            (with(&[0x91, 1, 18]), "a delta copies what is not there"),
            (with(&[0x80]), "a delta copies what is not there"),
            (
                with(&[0x91, 0, 18, 1, b'a']),
                "a delta makes more than it says",
            ),
            (with(&[0x91, 0, 17]), "a delta makes less than it says"),
        ] {
            assert_eq!(applied(&delta), why, "{delta:?}");
        }
    }

    #[test]
    fn what_is_near_a_seam_is_looked_at_once() {
        let near = |new: &[Range<usize>]| {
            let mut seams = Vec::new();
            new.iter().for_each(|new| add(&mut seams, new.clone(), 0));
            around(&seams, 10, 100).collect::<Vec<_>>()
        };
        assert!(near(&[]).is_empty());
        assert_eq!(
            near(&[0..0, 30..32, 52..52, 73..73, 95..99]),
            [0..10, 20..62, 63..83, 85..100]
        );
    }
}
