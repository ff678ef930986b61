//! The hash of a line by which GitHub code scanning follows an alert through changes of its file.
//!
//! `github/codeql-action/upload-sarif` computes the same and warns about every result whose hash
//! differs; the REST API computes none, and opens each alert anew without it. The algorithm:
//! <https://github.com/github/codeql-action/blob/main/src/fingerprints.ts>.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// How many UTF-16 code units, from the first of its line on, a hash is of.
const WINDOW: u32 = 100;

/// The base of the polynomial.
const BASE: u64 = 37;

/// Stands after the last unit of a file; it is no character.
const END: u16 = 0xFFFF;

/// The hashes of 1-based lines of a file, as far as the file has them: `c129715d7a2bc9a3:1`.
///
/// The file is read as UTF-8, whatever it is, without spaces and tabs; lines end at `\n`, `\r\n`
/// or a lone `\r`. The number after the colon tells equal hashes apart, in the order of lines.
pub(super) fn of_lines(bytes: &[u8], wanted: &BTreeSet<usize>) -> BTreeMap<usize, String> {
    let last = wanted.last().copied().unwrap_or_default();
    let mut hashing = Hashing::of(wanted);
    let mut is_start = true;
    for unit in units(bytes) {
        if hashing.done >= last {
            return hashing.hashes;
        }
        if is_start {
            hashing.start_line();
        }
        is_start = unit == u16::from(b'\n');
        hashing.take(unit);
    }
    hashing.finish(is_start);
    hashing.hashes
}

/// The units that count, each end of a line as `\n`.
fn units(bytes: &[u8]) -> impl Iterator<Item = u16> {
    let mut after_return = false;
    let chunks = bytes.utf8_chunks();
    let text = chunks.flat_map(|chunk| {
        let replaced = (!chunk.invalid().is_empty()).then_some(char::REPLACEMENT_CHARACTER);
        chunk.valid().chars().chain(replaced)
    });
    let counting = text.filter_map(move |c| {
        let closes = std::mem::replace(&mut after_return, c == '\r') && c == '\n';
        match c {
            ' ' | '\t' => None,
            _ if closes => None,
            '\r' => Some('\n'),
            c => Some(c),
        }
    });
    counting.flat_map(|c| {
        let mut pair = [0; 2];
        let len = c.encode_utf16(&mut pair).len();
        pair.into_iter().take(len)
    })
}

/// A hash over all units so far, and what it was where lines began: the difference is the hash of
/// the units between.
struct Hashing<'w> {
    wanted: &'w BTreeSet<usize>,
    so_far: u64,
    taken: u64,
    /// For each line whose window is open: the unit it ends at, and the hash before it.
    open: VecDeque<(u64, u64)>,
    /// Lines whose hash is known.
    done: usize,
    hashes: BTreeMap<usize, String>,
    /// How often each hash came.
    times: HashMap<u64, u32>,
}

impl<'w> Hashing<'w> {
    fn of(wanted: &'w BTreeSet<usize>) -> Self {
        Self {
            wanted,
            so_far: 0,
            taken: 0,
            open: VecDeque::new(),
            done: 0,
            hashes: BTreeMap::new(),
            times: HashMap::new(),
        }
    }

    fn start_line(&mut self) {
        self.open
            .push_back((self.taken + u64::from(WINDOW), self.so_far));
    }

    fn take(&mut self, unit: u16) {
        self.so_far = self.so_far.wrapping_mul(BASE).wrapping_add(u64::from(unit));
        self.taken += 1;
        if let Some((_, before)) = self.open.front().filter(|(end, _)| *end == self.taken) {
            let outside = before.wrapping_mul(BASE.wrapping_pow(WINDOW));
            self.close(self.so_far.wrapping_sub(outside));
            self.open.pop_front();
        }
    }

    fn close(&mut self, hash: u64) {
        self.done += 1;
        let times = self.times.entry(hash).or_default();
        *times += 1;
        if self.wanted.contains(&self.done) {
            self.hashes.insert(self.done, format!("{hash:x}:{times}"));
        }
    }

    /// The end mark, which is a line of its own after an end of line, and zeros behind it.
    fn finish(&mut self, is_start: bool) {
        if is_start {
            self.start_line();
        }
        self.take(END);
        for _ in 1..WINDOW {
            self.take(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PARTS: &[&[u8]] = &[
        b"\r\n",
        b"\r",
        b"\n",
        b"\t",
        b" ",
        b"a",
        "\u{feff}\u{e9}".as_bytes(),
        "\u{1f600}".as_bytes(),
        "\u{ffff}".as_bytes(),
        b"\xff",
        b"\xf0\x9f\x98",
        b"\xed\xa0\x80",
        b"k\0e\0",
        b"a line that is longer than others, so that some windows end in the next ones",
    ];

    fn hashes(bytes: &[u8]) -> Vec<String> {
        let all = (1..=bytes.len() + 1).collect();
        of_lines(bytes, &all).into_values().collect()
    }

    /// As the description reads: for each line, the sum over its window, one unit after the other.
    fn by_the_book(bytes: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = vec![0];
        let mut units = Vec::new();
        let mut previous = ' ';
        for c in text.chars() {
            let skipped = c == ' ' || c == '\t' || (previous == '\r' && c == '\n');
            if !skipped {
                let c = if c == '\r' { '\n' } else { c };
                units.extend(c.encode_utf16(&mut [0; 2]).iter().copied());
                if c == '\n' {
                    lines.push(units.len());
                }
            }
            previous = if skipped { ' ' } else { c };
        }
        units.push(65535);
        units.extend([0; 100]);
        let mut known: Vec<u64> = Vec::new();
        let hash = |start: &usize| {
            let window = &units[*start..*start + 100];
            let hash = window.iter().fold(0u64, |hash, unit| {
                hash.wrapping_mul(37).wrapping_add(u64::from(*unit))
            });
            known.push(hash);
            let times = known.iter().filter(|other| **other == hash).count();
            format!("{hash:x}:{times}")
        };
        lines.iter().map(hash).collect()
    }

    /// Of the tests of codeql-action, src/fingerprints.test.ts.
    #[test]
    fn the_uploaders_own_cases_come_out_the_same() {
        let lorem = "Lorem ipsum dolor sit amet.\n".repeat(10);
        let cases = [
            "",
            " a\nb\n  \t\tc\n d",
            " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
            &lorem,
        ];
        let cases = cases.map(|case| hashes(case.as_bytes()).join(" "));
        insta::assert_snapshot!(cases.join("\n"), @"
        c129715d7a2bc9a3:1
        271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1
        e9496ae3ebfced30:1 fb7c023a8b9ccb3f:1 ce8ba1a563dcdaca:1 e20e36e16fcb0cc8:1 b3edc88f2938467e:1 c8e28b0b4002a3a0:1 c129715d7a2bc9a3:1
        a7f2ff13bc495cf2:1 a7f2ff13bc495cf2:2 a7f2ff13bc495cf2:3 a7f2ff13bc495cf2:4 a7f2ff13bc495cf2:5 a7f2ff13bc495cf2:6 a7f2ff1481e87703:1 a9cf91f7bbf1862b:1 55ec222b86bcae53:1 cc97dc7b1d7d8f7b:1 c129715d7a2bc9a3:1
        ");
    }

    #[test]
    fn lines_that_are_not_there_have_no_hash() {
        let hashes = of_lines(b"a\nb", &BTreeSet::from([2, 3, 9]));
        assert_eq!(hashes.into_keys().collect::<Vec<_>>(), [2]);
    }

    proptest! {
        #[test]
        fn any_file_is_hashed_as_the_description_reads(
            parts in proptest::collection::vec(
                proptest::sample::select(PARTS),
                0..60,
            )
        ) {
            let bytes = parts.concat();
            prop_assert_eq!(hashes(&bytes), by_the_book(&bytes));
        }

        #[test]
        fn asking_for_one_line_gives_the_same(bytes: Vec<u8>, line in 1usize..5) {
            let one = of_lines(&bytes, &BTreeSet::from([line])).into_values().next();
            prop_assert_eq!(one, hashes(&bytes).into_iter().nth(line - 1));
        }
    }
}
