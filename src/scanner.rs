//! The engine for callers: bytes or a path in, an [`Outcome`] out.

use crate::detect::Detector;
use crate::model::{BlobPath, Outcome};
use crate::policy::Policy;
use crate::redact;
use crate::rules::RuleSet;
use crate::scan::scan;
use crate::source::{Memory, Source, SourceError, Walk, WalkOptions};
use std::path::Path;

/// Largest file that [`Scanner::scan_path`] reads, in bytes; a larger one is a fault. The command's default too.
const MAX_FILE_SIZE: u64 = 256 << 20;

/// Finds leaked credentials. Make one, and ask it from any number of threads.
///
/// It does what `jvxleaks scan` does without a configuration: comments that allow a finding count, and a project's
/// `.jvxleaks.toml` and baseline are not read. No text of an [`Outcome`] shows a credential; only
/// [`Secret::expose`](crate::model::Secret::expose) gives one out.
///
/// ```
/// use jvxleaks::{RuleSet, Scanner};
///
/// let scanner = Scanner::new(RuleSet::builtin()?)?;
/// let text = format!("curl -H 'Authorization: Bearer {}' api.example.org", "8Jq2".repeat(3) + "vT0xWm5RzKdYb7Ls");
/// let outcome = scanner.scan_bytes("deploy.sh", text.as_bytes());
///
/// let finding = &outcome.findings[0];
/// assert_eq!(&*finding.rule.id, "authorization-header");
/// assert_eq!((finding.place.line, finding.place.column), (1, 32));
/// assert!(outcome.faults.is_empty(), "what could not be read would be here");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Scanner {
    detector: Detector,
    policy: Policy,
}

/// Why there is no scanner.
#[derive(Debug, thiserror::Error)]
pub enum ScannerError {
    /// The set has no rule, so that everything would seem clean.
    #[error("the set has no rule; begin with `RuleSet::builtin()`, or enable one")]
    NoRule,
}

impl Scanner {
    /// A scanner with these rules.
    ///
    /// # Errors
    /// When there is no rule among them.
    pub fn new(rules: RuleSet) -> Result<Self, ScannerError> {
        if rules.iter().next().is_none() {
            return Err(ScannerError::NoRule);
        }
        Ok(Self {
            detector: Detector::new(rules),
            policy: Policy::default(),
        })
    }

    /// Scans the bytes of one file, or of an archive with all that is in it.
    ///
    /// Nothing is read from the disk: `path` only says which kind of file it is. What in it cannot be read, such as an
    /// encrypted member, is among [`Outcome::faults`]; without the feature `archives`, so is what is packed.
    pub fn scan_bytes(&self, path: impl AsRef<Path>, bytes: &[u8]) -> Outcome {
        let path = BlobPath::from_native(path.as_ref());
        let outcome = self.scan(&Memory { path, bytes });
        // Bytes in memory are always there.
        outcome.unwrap_or_default()
    }

    /// Scans a file, or a folder and all below it as git sees it: ignored files are counted and not read. Without the
    /// feature `git` all files are read, and archives met in a folder without `archives` are in
    /// [`Outcome::passed_over`].
    ///
    /// ```
    /// use jvxleaks::{RuleSet, Scanner};
    ///
    /// let scanner = Scanner::new(RuleSet::builtin()?)?;
    /// let outcome = scanner.scan_path("src")?;
    /// assert_eq!(outcome.findings.len(), 0);
    /// assert!(outcome.stats.files > 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When it is not there. A file below it that cannot be read is among [`Outcome::faults`].
    pub fn scan_path(&self, path: impl AsRef<Path>) -> Result<Outcome, SourceError> {
        self.scan(&Walk::new(WalkOptions {
            roots: vec![path.as_ref().to_owned()],
            respect_ignore: true,
            max_file_size: MAX_FILE_SIZE,
            threads: 0,
        }))
    }

    fn scan(&self, source: &dyn Source) -> Result<Outcome, SourceError> {
        scan(source, &self.detector, &self.policy).map(redact::outcome)
    }
}
