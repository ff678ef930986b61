//! What the detector found in one blob, before anyone decides what counts.

use super::super::{
    BlobPath, Cover, Derivation, FileContext, Outlet, RuleInfo, Secret, Severity, Span,
};
use super::dress::Dress;
use std::borrow::Cow;
use std::sync::Arc;

/// A credential in a text.
#[derive(Clone, Debug)]
pub struct Match {
    /// The rule that matched.
    pub rule: Arc<RuleInfo>,
    /// The bytes of [`Detection::text`] that hold the secret, in whatever dress.
    pub span: Span,
    /// Where in `span` it stands, in order. A key that code puts together stands in several pieces, and what is
    /// between them is none of it.
    pub pieces: Vec<Span>,
    /// Those of its pieces that hold more than the public prefix, which several keys may share.
    pub own: Vec<Span>,
    /// The secret itself, undressed.
    pub secret: Secret,
    /// How it was stored.
    pub dress: Dress,
    /// How bad it is here: the rule's severity, adjusted to the file's context.
    pub severity: Severity,
    /// What was found, in one sentence.
    pub message: String,
    /// What kind of file, or part of a file, it stands in.
    pub context: FileContext,
    /// Steps that depend on the file at hand, one a line; the rule's own advice is not in them.
    pub advice: Vec<String>,
    /// Where it stood in the source that this text was built from, when a source map tells.
    pub derivation: Option<Derivation>,
    /// Where a browser gets the value that it names, if that is another file.
    pub outlet: Option<Outlet>,
}

/// A candidate that the gate dropped, kept so that `-v` can say why.
#[derive(Clone, Debug)]
pub struct Drop {
    /// The rule whose pattern had matched.
    pub rule: Arc<RuleInfo>,
    /// Its bytes in [`Detection::text`].
    pub span: Span,
    /// Why it is taken to be no credential.
    pub reason: Cow<'static, str>,
}

/// What it took to search one blob. The same for every run, so that growth can be told without a clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Texts that were decoded from it.
    pub layers: u64,
    /// Bytes in all of them.
    pub bytes: u64,
    /// Places of words of rules, in it and in them.
    pub steps: u64,
}

impl Effort {
    /// Notes that a text of so many bytes was decoded.
    pub fn decoded(&mut self, bytes: usize) {
        self.layers += 1;
        self.bytes += bytes as u64;
    }
}

/// Everything found in one blob.
#[derive(Clone, Debug)]
pub struct Detection<'a> {
    /// The text that spans and lines refer to: the blob's bytes, or their UTF-8 form.
    pub text: Cow<'a, [u8]>,
    /// What kind of file it is.
    pub context: FileContext,
    /// The path from the root of the project, which tells what kind of file it is: `.github/workflows/ci.yml`.
    pub seen: BlobPath,
    /// Credentials, sorted by position. The spans of two may overlap, or one may lie in the other's: pieces of
    /// one key may stand around another.
    pub matches: Vec<Match>,
    /// What no excerpt shows: every candidate of every rule, kept or not, and near a match every literal that
    /// looks random. Empty where nothing was found.
    pub cover: Cover,
    /// Candidates that were dropped, sorted by position.
    pub drops: Vec<Drop>,
    /// Parts of the blob that could not be read (a broken or oversized archive member).
    pub faults: Vec<String>,
    /// What it took.
    pub effort: Effort,
}
