//! A bug that one input brings out is a fault of that input: all others are reported, and what is said of
//! it holds nothing of the input.

use crate::workspace::key;
use jvxleaks::detect::Detector;
use jvxleaks::model::{Blob, BlobPath, Nearby, Origin, Outcome};
use jvxleaks::policy::Policy;
use jvxleaks::report::{Format, ReportOptions};
use jvxleaks::rules::RuleSet;
use jvxleaks::source::{Consumer, Event, Source, SourceError};

/// Files of two folders, in one of which nobody can ask for a file without a panic, as a bug would have it.
struct Files(Vec<(&'static str, Vec<u8>)>);

impl Nearby for Files {
    fn read(&self, path: &BlobPath) -> Option<Vec<u8>> {
        assert!(!path.as_bytes().starts_with(b"odd/"), "{}", key(1));
        None
    }
}

impl Source for Files {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        for (path, bytes) in &self.0 {
            consumer.take(Event::Blob(Blob {
                path: &(*path).into(),
                origin: &Origin::File,
                bytes,
            }));
        }
        Ok(())
    }

    fn nearby(&self) -> &dyn Nearby {
        self
    }
}

fn scan(files: Vec<(&'static str, Vec<u8>)>) -> Outcome {
    let detector = Detector::new(RuleSet::builtin().unwrap());
    jvxleaks::scan::scan(&Files(files), &detector, &Policy::default()).unwrap()
}

fn faults(outcome: &Outcome) -> Vec<String> {
    let faults = outcome.faults.iter();
    faults.map(|f| format!("{}: {}", f.path, f.what)).collect()
}

#[test]
fn a_panic_over_one_file_is_a_fault_of_that_file() {
    let line = |n| format!("k = '{}'\n", key(n)).into_bytes();
    let outcome = scan(vec![
        ("a.txt", line(1)),
        ("odd/b.js", line(2)),
        ("even/c.js", line(3)),
    ]);
    let found: Vec<String> = outcome
        .findings
        .iter()
        .map(|f| f.place.path.to_string())
        .collect();
    assert_eq!(found, ["a.txt", "even/c.js"]);
    assert_eq!(
        faults(&outcome),
        ["odd/b.js: the scanner failed on it; please report it"]
    );
    assert_eq!(outcome.stats.files, 3);
}

#[test]
fn what_panicked_is_in_no_report() {
    let outcome = scan(vec![(
        "odd/b.js",
        format!("k = '{}'\n", key(1)).into_bytes(),
    )]);
    for format in Format::ALL {
        let mut out = Vec::new();
        format
            .write(&outcome, &ReportOptions::default(), &mut out)
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains(&key(1)[9..17]), "{format}: {text}");
    }
}
