//! What has to be taken out of a repository for its keys to be gone: every form in which some object stores one.
//!
//! A tool that rewrites history replaces texts. It reaches neither what is packed nor what holds zero bytes, so that
//! such blobs are named to be left out as a whole. Nor does it reach names of files, of refs and of people.

use crate::audit::audit_with;
use crate::decode::archive;
use crate::detect::Detector;
use crate::inspect::Inspected;
use crate::model::{BlobPath, Match, Outcome, RefName, Secret, lock, unlock};
use crate::policy::Policy;
use crate::source::{History, HitPlace, ObjectId, Progress, Scope, Seen, SourceError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// A shorter piece of a key stands elsewhere too, in bytes.
const SHORTEST: usize = 8;

/// Within so many bytes of a blob a zero byte tells git-filter-repo that it is no text, as it tells git.
const LOOKED_AT: usize = 8192;

/// Every form in which objects store keys.
#[derive(Clone, Debug, Default)]
pub struct StoredForms {
    /// Texts to be replaced in files, and in messages of commits and tags.
    pub texts: BTreeSet<Vec<u8>>,
    /// Texts to be replaced in names of files and folders.
    pub names: BTreeSet<Vec<u8>>,
    /// Blobs in which no text can be replaced, each with one of its paths.
    pub blobs: BTreeMap<ObjectId, BlobPath>,
    /// Branches and tags whose own name holds one.
    pub refs: BTreeSet<RefName>,
    /// Whether some of the texts stand in messages.
    pub is_in_messages: bool,
    /// People by whom commits are, as `Name <address>`.
    pub people: BTreeSet<Vec<u8>>,
}

impl StoredForms {
    /// True when nothing is to be taken out.
    pub fn is_empty(&self) -> bool {
        let is_told = self.texts.is_empty() && self.names.is_empty() && self.people.is_empty();
        is_told && self.blobs.is_empty() && self.refs.is_empty()
    }
}

/// Audits all of a repository, and gathers the forms of those of its keys that are errors and not accepted.
///
/// # Errors
/// As of [`crate::audit::audit`].
pub fn stored_forms(
    history: &History,
    detector: &Detector,
    policy: &Policy,
    seen: Option<&mut Seen>,
    progress: &Progress,
) -> Result<(Outcome, StoredForms), SourceError> {
    let forms = Mutex::new(StoredForms::default());
    let learn = |at: &HitPlace, bytes: &[u8], judged: &Inspected| {
        let counted = judged.verdict.findings.iter();
        let counted = counted.filter(|f| !f.secret.is_public() && f.severity.is_error());
        let secrets: BTreeSet<&Secret> = counted.map(|finding| &finding.secret).collect();
        if !secrets.is_empty() {
            lock(&forms).learn(at, bytes, &secrets, detector);
        }
    };
    let outcome = audit_with(
        history,
        &Scope::default(),
        detector,
        policy,
        seen,
        progress,
        &learn,
    )?;
    Ok((outcome, unlock(forms)))
}

impl StoredForms {
    /// Learns how a hit stores these secrets.
    fn learn(
        &mut self,
        at: &HitPlace,
        bytes: &[u8],
        secrets: &BTreeSet<&Secret>,
        detector: &Detector,
    ) {
        let is_file = !at.origin.is_message() && !at.path.is_name();
        let has_zero = bytes[..bytes.len().min(LOOKED_AT)].contains(&0);
        let is_packed = || archive::kinds(bytes) != [None, None];
        if is_file && (has_zero || is_packed() || !at.is_blob(bytes)) {
            self.blobs
                .entry(at.object)
                .or_insert_with(|| at.path.clone());
            return;
        }
        let detection = detector.detect(&at.blob(bytes));
        let Some(detection) = detection.filter(|found| *found.text == *bytes) else {
            self.blobs
                .entry(at.object)
                .or_insert_with(|| at.path.clone());
            return;
        };
        let own = detection.matches.iter();
        for matched in own.filter(|matched| secrets.contains(&matched.secret)) {
            self.take(at, bytes, matched);
        }
    }

    fn take(&mut self, at: &HitPlace, bytes: &[u8], matched: &Match) {
        if at.path.is_name() {
            let path = at.path.archive().unwrap_or_default();
            if path.as_bytes().starts_with(b"refs/") {
                self.refs.insert(RefName::new(path.to_string()));
            } else {
                self.names.extend(texts(bytes, matched));
            }
            return;
        }
        match person(bytes, matched).filter(|_| at.origin.is_message()) {
            Some(person) => drop(self.people.insert(person.to_vec())),
            None => {
                self.is_in_messages |= at.origin.is_message();
                self.texts.extend(texts(bytes, matched));
            }
        }
    }
}

/// The bytes that hold a secret: each of its pieces, or all from the first to the last where some are too short to be told from
/// anything else.
fn texts(text: &[u8], matched: &Match) -> Vec<Vec<u8>> {
    let own = &matched.own;
    let is_told = !own.is_empty() && own.iter().all(|piece| piece.range().len() >= SHORTEST);
    if is_told {
        own.iter()
            .map(|piece| text[piece.range()].to_vec())
            .collect()
    } else {
        vec![text[matched.span.range()].to_vec()]
    }
}

/// Who is said to have written a commit, on the line that holds a secret: `Name <address>` of
/// `author Name <address> 1700000000 +0100`.
fn person<'t>(text: &'t [u8], matched: &Match) -> Option<&'t [u8]> {
    let start = memchr::memrchr(b'\n', &text[..matched.span.start]).map_or(0, |end| end + 1);
    let line = &text[start..];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    let said = [&b"author "[..], b"committer ", b"tagger "];
    let rest = said.iter().find_map(|word| line.strip_prefix(*word))?;
    let end = memchr::memrchr(b'>', rest)? + 1;
    let is_dated = rest[end..]
        .trim_ascii()
        .first()
        .is_some_and(u8::is_ascii_digit);
    (start > 0 && is_dated).then(|| &rest[..end])
}
