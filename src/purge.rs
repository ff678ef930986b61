//! What has to be taken out of a repository for its keys to be gone: every form in which some object stores one.
//!
//! A tool that rewrites history replaces texts. It reaches neither what is packed nor what holds zero bytes, so that
//! such blobs are named to be left out as a whole. Nor does it reach names of files, of refs and of people.

use crate::audit::audit_with;
use crate::decode::archive;
use crate::detect::Detector;
use crate::inspect::Inspected;
use crate::model::{BlobPath, Dress, Match, Outcome, RefName, Secret, Span, lock, unlock};
use crate::policy::Policy;
use crate::source::{History, HitPlace, ObjectId, Progress, Scope, Seen, SourceError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// A shorter piece of a key stands elsewhere too, in bytes.
const SHORTEST: usize = 8;

/// A whole credential of so many bytes stands nowhere else, even if it is made of words.
const LONG: usize = 16;

/// Most bytes between two pieces of a key of which all is replaced, and most bytes of it.
const CLOSE: usize = 32;
const WIDEST: usize = 1024;

/// The mark that some texts begin with.
const MARK: &[u8] = b"\xef\xbb\xbf";

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
    /// Files with one that is too short to be replaced wherever it stands.
    pub short: BTreeSet<BlobPath>,
    /// Whether some of the texts stand in messages.
    pub is_in_messages: bool,
    /// People by whom commits are, as `Name <address>`.
    pub people: BTreeSet<Vec<u8>>,
}

impl StoredForms {
    /// True when nothing is to be taken out.
    pub fn is_empty(&self) -> bool {
        let is_told = self.texts.is_empty() && self.names.is_empty() && self.people.is_empty();
        is_told && self.blobs.is_empty() && self.refs.is_empty() && self.short.is_empty()
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
            self.leave_out(at);
            return;
        }
        let detection = detector.detect(&at.blob(bytes));
        let is_stored = |text: &[u8]| text == bytes || bytes.strip_prefix(MARK) == Some(text);
        let Some(detection) = detection.filter(|found| is_stored(&found.text)) else {
            self.leave_out(at);
            return;
        };
        let own = detection.matches.iter();
        for matched in own.filter(|matched| secrets.contains(&matched.secret)) {
            self.take(at, &detection.text, matched);
        }
    }

    /// Names a blob in which no text can be replaced.
    fn leave_out(&mut self, at: &HitPlace) {
        let path = at.path.clone();
        self.blobs.entry(at.object).or_insert(path);
    }

    fn take(&mut self, at: &HitPlace, text: &[u8], matched: &Match) {
        let is_name = at.path.is_name();
        let path = at.path.archive().unwrap_or_else(|| at.path.clone());
        if is_name && path.as_bytes().starts_with(b"refs/") {
            self.refs.insert(RefName::new(path.to_string()));
            return;
        }
        let is_message = at.origin.is_message();
        if let Some(person) = person(text, matched).filter(|_| is_message) {
            self.people.insert(person.to_vec());
            return;
        }
        match told(text, matched) {
            ToldApart::Texts(texts) if is_name => self.names.extend(texts),
            ToldApart::Texts(texts) => {
                self.is_in_messages |= is_message;
                self.texts.extend(texts);
            }
            ToldApart::Nothing if !is_name && !is_message => self.leave_out(at),
            ToldApart::Short | ToldApart::Nothing => drop(self.short.insert(path)),
        }
    }
}

/// How a text that stores a secret is told apart from all others.
enum ToldApart {
    /// By these parts of it, each of which stands nowhere else.
    Texts(Vec<Vec<u8>>),
    /// The secret is whole, and so short that it stands elsewhere too.
    Short,
    /// By nothing: what is between its pieces is the program.
    Nothing,
}

/// The bytes that hold a secret: those of its pieces that are random enough to stand nowhere else, or all from the first to the last
/// where these are close together.
fn told(text: &[u8], matched: &Match) -> ToldApart {
    let pieces = if matched.own.is_empty() {
        std::slice::from_ref(&matched.span)
    } else {
        &matched.own
    };
    let is_read = matches!(matched.dress, Dress::Plain | Dress::Joined);
    let is_distinct = |piece: &&Span| {
        let bytes = &text[piece.range()];
        let public = matched.secret.public();
        let own = bytes.strip_prefix(public).unwrap_or(bytes);
        let whole = matched.dress == Dress::Plain && own.len() >= LONG;
        own.len() >= SHORTEST && (!is_read || whole || is_mixed(own))
    };
    let distinct = pieces.iter().filter(is_distinct);
    let distinct: Vec<Vec<u8>> = distinct.map(|piece| text[piece.range()].to_vec()).collect();
    if !distinct.is_empty() {
        return ToldApart::Texts(distinct);
    }
    if matched.dress == Dress::Plain {
        return ToldApart::Short;
    }
    let all = if matched.pieces.is_empty() {
        pieces
    } else {
        &matched.pieces
    };
    let is_close = all
        .windows(2)
        .all(|two| two[1].start.saturating_sub(two[0].end) <= CLOSE);
    if is_close && matched.span.len() <= WIDEST {
        ToldApart::Texts(vec![text[matched.span.range()].to_vec()])
    } else {
        ToldApart::Nothing
    }
}

/// True for letters of both cases, or letters and digits: no word.
fn is_mixed(piece: &[u8]) -> bool {
    let kinds = [
        u8::is_ascii_lowercase,
        u8::is_ascii_uppercase,
        u8::is_ascii_digit,
    ];
    let has = |is: &&fn(&u8) -> bool| piece.iter().any(is);
    // `Production` begins with a capital.
    kinds.iter().filter(has).count() >= 2 && piece[1..].iter().any(|b| !b.is_ascii_lowercase())
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
