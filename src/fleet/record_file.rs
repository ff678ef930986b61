//! A file of records: a head, a line for each repository in order of the names, and a last line that says how many
//! there are, so that a file that was cut off is told from one that is whole.

use super::record::RepositoryRecord;
use super::share::Share;
use crate::report::json_escaped;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{self, BufRead, Read as _, Write};
use std::ops::Range;

/// The name of the shape.
const SCHEMA: &str = "jvxleaks-fleet/1";

/// Longest line that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// What all records of a file have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The versions of the program that made them.
    pub versions: BTreeSet<String>,
    /// Digests of the rules, options and limits that they were made with.
    pub rules: BTreeSet<String>,
    /// Ids of the keys of their fingerprints; `none` for those without one.
    pub fingerprint_keys: BTreeSet<String>,
    /// The lists that they are from.
    pub inventories: Vec<Inventory>,
}

/// A list of repositories, and the shares of it that a file has.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Inventory {
    /// A digest of the names in it.
    pub digest: String,
    /// How many there are.
    pub repositories: usize,
    /// The shares, `1/1` if it has all.
    pub shares: BTreeSet<String>,
}

/// A line of a file.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum RecordLine {
    Head {
        schema: String,
        #[serde(flatten)]
        head: Head,
    },
    Repository(Box<RepositoryRecord>),
    End {
        repositories: usize,
    },
}

/// What reading a file came to.
#[derive(Debug)]
pub struct RecordsRead {
    /// Its head.
    pub head: Head,
    /// Whether its last line is there and counts the records that are.
    pub is_whole: bool,
    /// The number of the first line that is none, from 1 on.
    pub bad: Option<usize>,
    /// Where the last line before that one ends, in bytes.
    pub end: u64,
}

/// Reads a file, and gives each record to `each` with the bytes of its line. What is no line of records is passed over.
///
/// # Errors
/// When it cannot be read, or its first line is no head.
pub fn read_records(
    mut file: impl BufRead,
    each: &mut dyn FnMut(RepositoryRecord, Range<u64>),
) -> Result<RecordsRead, String> {
    let mut next = |line: &mut Vec<u8>| {
        line.clear();
        let taken = file.by_ref().take(LONGEST).read_until(b'\n', line);
        taken.map_err(|why| format!("cannot be read: {why}"))
    };
    let mut line = Vec::new();
    let mut at = next(&mut line)? as u64;
    let mut read = RecordsRead {
        head: head(&line)?,
        is_whole: false,
        bad: None,
        end: at,
    };
    let (mut count, mut number) = (0, 1);
    let mut has_end = false;
    loop {
        let start = at;
        at += next(&mut line)? as u64;
        number += 1;
        if line.is_empty() {
            read.is_whole = has_end && read.bad.is_none();
            return Ok(read);
        }
        match line.strip_suffix(b"\n").map(serde_json::from_slice) {
            Some(Ok(RecordLine::Repository(record))) if !has_end && record.is_sound() => {
                count += 1;
                each(*record, start..at);
            }
            Some(Ok(RecordLine::End { repositories })) if !has_end && repositories == count => {
                has_end = true;
            }
            // The file ends in it.
            None => return Ok(read),
            _ => {
                read.bad.get_or_insert(number);
            }
        }
        if read.bad.is_none() {
            read.end = at;
        }
    }
}

/// The head in the first line of a file.
fn head(line: &[u8]) -> Result<Head, String> {
    match line.strip_suffix(b"\n").map(serde_json::from_slice) {
        Some(Ok(RecordLine::Head { schema, head })) if schema == SCHEMA => Ok(head),
        Some(Ok(RecordLine::Head { schema, .. })) => Err(format!(
            "it is of the schema {schema}, and this program reads {SCHEMA}; use the program that made it"
        )),
        _ => Err(
            "it is no file of `jvxleaks fleet` or `merge --format jsonl`; name one that is"
                .to_owned(),
        ),
    }
}

/// Writes a file.
///
/// # Errors
/// When it cannot be written.
pub fn write_records<'r>(
    head: &Head,
    records: impl IntoIterator<Item = &'r RepositoryRecord>,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(head.line()?.as_bytes())?;
    let mut count = 0;
    for record in records {
        out.write_all(record.line()?.as_bytes())?;
        count += 1;
    }
    out.write_all(Head::end(count)?.as_bytes())
}

impl Head {
    /// The first line of a file, with its end.
    ///
    /// # Errors
    /// When it is no JSON, which cannot be.
    pub fn line(&self) -> io::Result<String> {
        line(&RecordLine::Head {
            schema: SCHEMA.to_owned(),
            head: self.clone(),
        })
    }

    /// The last line of a file with so many records.
    ///
    /// # Errors
    /// As [`Head::line`].
    pub fn end(repositories: usize) -> io::Result<String> {
        line(&RecordLine::End { repositories })
    }

    /// What both files have in common is in both; a list of which all shares are there is whole.
    pub(super) fn join(&mut self, other: &Self) {
        self.versions.extend(other.versions.iter().cloned());
        self.rules.extend(other.rules.iter().cloned());
        self.fingerprint_keys
            .extend(other.fingerprint_keys.iter().cloned());
        for inventory in &other.inventories {
            let known = self.inventories.iter_mut().find(|own| {
                (&own.digest, own.repositories) == (&inventory.digest, inventory.repositories)
            });
            match known {
                Some(own) => own.shares.extend(inventory.shares.iter().cloned()),
                None => self.inventories.push(inventory.clone()),
            }
        }
        self.inventories.iter_mut().for_each(Inventory::settle);
        self.inventories.sort();
    }
}

impl Inventory {
    /// Shares that are not there, of the division of which the most are; none if the list is whole.
    pub(super) fn missing(&self) -> Vec<String> {
        let shares: BTreeSet<Share> = self.parsed().collect();
        let divisions: BTreeSet<u32> = shares.iter().map(Share::of).collect();
        let lacking = divisions.into_iter().map(|of| {
            let all = (1..=of).filter_map(|number| format!("{number}/{of}").parse().ok());
            let lacking = all.filter(|share| !shares.contains(share));
            lacking.map(|share: Share| share.to_string()).collect()
        });
        lacking.min_by_key(Vec::len).unwrap_or_default()
    }

    fn settle(&mut self) {
        if self.missing().is_empty() && !self.shares.is_empty() {
            self.shares = BTreeSet::from([Share::WHOLE.to_string()]);
        }
    }

    fn parsed(&self) -> impl Iterator<Item = Share> + '_ {
        self.shares.iter().filter_map(|share| share.parse().ok())
    }
}

impl RepositoryRecord {
    /// The line of this record, with its end.
    ///
    /// # Errors
    /// As [`Head::line`].
    pub fn line(&self) -> io::Result<String> {
        line(&RecordLine::Repository(Box::new(self.clone())))
    }
}

fn line(line: &RecordLine) -> io::Result<String> {
    let line = serde_json::to_string(line)?;
    Ok(json_escaped(&line).into_owned() + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> String {
        let record = |name: &str| RepositoryRecord {
            name: name.to_owned(),
            ..RepositoryRecord::default()
        };
        let mut text = Vec::new();
        write_records(&Head::default(), &[record("a"), record("b")], &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_file_that_is_cut_off_gives_what_is_whole_of_it() {
        let text = file();
        let heads = text.find('\n').unwrap() + 1;
        for end in heads..=text.len() {
            let mut names = Vec::new();
            let read = read_records(&text.as_bytes()[..end], &mut |record, at| {
                names.push(record.name);
                assert!(text[at.start as usize..].starts_with("{\"kind\":\"repository\""));
            });
            let read = read.unwrap();
            assert_eq!(read.is_whole, end == text.len(), "{end}");
            assert!(["", "a", "ab"].contains(&names.concat().as_str()));
            assert!(text[..read.end as usize].ends_with('\n'));
        }
        let behind = text + "{}\n";
        assert!(
            !read_records(behind.as_bytes(), &mut |_, _| ())
                .unwrap()
                .is_whole
        );
    }

    #[test]
    fn what_is_no_file_of_records_is_refused() {
        for text in [
            "",
            "{}\n",
            "{\"kind\":\"head\",\"schema\":\"x/2\"}",
            "key\n",
        ] {
            assert!(
                read_records(text.as_bytes(), &mut |_, _| ()).is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn shares_of_a_list_come_together_in_any_order() {
        let head = |share: &str| Head {
            inventories: vec![Inventory {
                digest: "d".to_owned(),
                repositories: 9,
                shares: BTreeSet::from([share.to_owned()]),
            }],
            ..Head::default()
        };
        let joined = |shares: &[&str]| {
            let mut all = Head::default();
            shares.iter().for_each(|share| all.join(&head(share)));
            all.inventories.remove(0)
        };
        let shares = |shares| {
            joined(shares)
                .shares
                .into_iter()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(shares(&["1/3", "2/3", "3/3"]), "1/1");
        assert_eq!(shares(&["3/3", "1/1"]), "1/1");
        assert_eq!(shares(&["3/3", "1/3", "1/2", "3/3"]), "1/2 1/3 3/3");
        assert_eq!(joined(&["3/3", "1/3"]).missing(), ["2/3"]);
    }
}
