//! A blob's text and all that is encoded in it, searched one after the other.
//!
//! Of a text the signs of encodings are known for one section at a time, and what that section decodes to is
//! searched and let go before the next: a text of nothing but signs costs no more memory than another. What
//! is encoded in what is encoded counts against a bound, and what is past it is a fault.

use super::context::Around;
use super::context::classify_among;
use super::pattern::keyword::WordHits;
use super::reading::{Reading, Trace};
use super::ready::{Looks, ReadyRules};
use super::search::Search;
use crate::decode::{self, Inflation, Layer, Signs, inline_map};
use crate::model::{Effort, Span};
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};

/// So many bytes are decoded for each byte of a blob, and [`FREE`] more, before what is encoded in what is
/// encoded is left alone.
const MOST: u64 = 8;
const FREE: u64 = 64 << 20;

/// What is said of a blob in which more is encoded than that.
const TOO_MUCH: &str = "more is encoded inside what is encoded in it than is decoded here; decode it once \
                        and scan what comes of it";

/// What is said of a blob in which something compressed was not read whole.
const TOO_MUCH_INFLATED: &str = "what is compressed in its base64 is more than is read here; decode and unpack it, \
                                 and scan what comes of it";

/// A shorter text is not searched, in bytes: decoders start from signs of keys and of headers, and neither a
/// key nor a header's name with a credential is shorter.
const SHORTEST: usize = 24;

/// Takes the encodings off one blob.
pub(super) struct Undressing<'s> {
    ready: &'s ReadyRules,
    looks: Looks,
    text: &'s [u8],
    around: &'s Around<'s>,
    anywhere: bool,
    /// Begun when a rule has a word in one of the texts: before, nobody asks what kind of file it is.
    search: Option<Search<'s>>,
    /// Of texts that have been searched, to be used for the next.
    idle: Vec<WordHits<'s>>,
    /// What was found inside layers of the section that is read, by hash and place, and how deep: the same comes
    /// of escapes that are taken off before pieces are joined, and after.
    known: HashMap<(u64, Span), usize>,
    inflation: Inflation,
    effort: Effort,
    faults: Vec<String>,
}

/// What a blob's texts gave.
pub(super) struct Undressed<'s> {
    /// `None` when no rule has a word in any of them.
    pub(super) search: Option<Search<'s>>,
    pub(super) effort: Effort,
    pub(super) faults: Vec<String>,
}

impl<'s> Undressing<'s> {
    pub(super) fn new(
        (ready, looks): (&'s ReadyRules, Looks),
        text: &'s [u8],
        around: &'s Around<'s>,
        anywhere: bool,
    ) -> Self {
        Self {
            ready,
            looks,
            text,
            around,
            anywhere,
            search: None,
            idle: Vec::new(),
            known: HashMap::new(),
            inflation: Inflation::new(text.len()),
            effort: Effort::default(),
            faults: Vec::new(),
        }
    }

    /// Searches the text and all that is encoded in it.
    pub(super) fn run(mut self) -> Undressed<'s> {
        let text = self.text;
        let trace = Trace::new(text);
        let maps = self.maps();
        let mut hits = self.hits();
        hits.read(text, |signs| {
            self.known.clear();
            for layer in decode::layers(text, &outside(&maps, signs), &self.inflation) {
                self.layer(&layer, &trace, 1);
            }
        });
        self.reading(&Reading::own(text, &trace), &hits);
        if self.inflation.is_cut() {
            self.faults.push(TOO_MUCH_INFLATED.to_owned());
        }
        Undressed {
            search: self.search,
            effort: self.effort,
            faults: self.faults,
        }
    }

    /// Searches the source maps inside a bundle; gives their places, in order.
    fn maps(&mut self) -> Vec<Span> {
        let text = self.text;
        let mut places = Vec::new();
        for map in inline_map::maps(text) {
            places.push(map.stored(Span::new(0, map.text.len())));
            self.effort.decoded(map.text.len());
            let mut hits = self.hits();
            hits.read(&map.text, |_| {});
            let trace = Trace::new(&map.text);
            self.reading(&Reading::of(&map, text, &trace), &hits);
            self.idle.push(hits);
        }
        places
    }

    /// Searches a layer and what is encoded in it.
    fn layer(&mut self, layer: &Layer, trace: &Trace<'_>, depth: usize) {
        self.effort.decoded(layer.text.len());
        if layer.text.len() < SHORTEST {
            return;
        }
        let mut hits = self.hits();
        hits.read(&layer.text, |signs| {
            if depth < decode::DEPTH {
                self.inside(layer, signs, trace, depth);
            }
        });
        self.reading(&Reading::of(layer, self.text, trace), &hits);
        self.idle.push(hits);
    }

    fn inside(&mut self, layer: &Layer, signs: &Signs, trace: &Trace<'_>, depth: usize) {
        for inner in decode::layers(&layer.text, signs, &self.inflation) {
            if self.effort.bytes > MOST * self.text.len() as u64 + FREE {
                if self.faults.is_empty() {
                    self.faults.push(TOO_MUCH.to_owned());
                }
                return;
            }
            let inner = inner.inside(layer);
            if self.is_new(&inner, depth + 1) {
                self.layer(&inner, trace, depth + 1);
            }
        }
    }

    /// True unless the same was found as deep or less deep.
    fn is_new(&mut self, layer: &Layer, depth: usize) -> bool {
        let mut hasher = DefaultHasher::new();
        hasher.write(&layer.text);
        let place = layer.stored(Span::new(0, layer.text.len()));
        let known = self.known.entry((hasher.finish(), place));
        let known = known.or_insert(usize::MAX);
        let is_new = depth < *known;
        *known = depth.min(*known);
        is_new
    }

    /// Applies the rules that have a word in a text.
    fn reading(&mut self, reading: &Reading<'_>, hits: &WordHits<'_>) {
        self.effort.steps += hits.count();
        let mut rules = self.ready.rules.iter().zip(&self.ready.words);
        if self.search.is_none() && !rules.any(|(rule, words)| words.wake(rule, hits, reading.text))
        {
            return;
        }
        let search = self.search.get_or_insert_with(|| {
            let kind = classify_among(self.text, self.around);
            let mut search = Search::new((self.ready, self.looks), self.around, kind);
            search.anywhere = self.anywhere;
            search
        });
        search.reading(reading, hits);
    }

    fn hits(&mut self) -> WordHits<'s> {
        let idle = self.idle.pop();
        idle.unwrap_or_else(|| self.ready.index.hits())
    }
}

/// The signs that stand in no inline source map: what is in one is read as a map. Maps come in the
/// order of the text and do not overlap.
fn outside<'s>(maps: &[Span], signs: &'s Signs) -> Cow<'s, Signs> {
    if maps.is_empty() {
        Cow::Borrowed(signs)
    } else {
        Cow::Owned(signs.outside(maps))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Detector;
    use super::*;
    use crate::model::{Blob, BlobPath, Origin};
    use crate::rules::RuleSet;

    fn detector() -> Detector {
        Detector::new(RuleSet::builtin().unwrap())
    }

    #[test]
    fn every_sign_wakes_a_file_that_has_nothing_else() {
        let detector = detector();
        let ready = ReadyRules::new(RuleSet::builtin().unwrap());
        let mut hits = ready.index.hits();
        for sign in decode::waking() {
            let shown = String::from_utf8_lossy(&sign);
            assert!(detector.has_sign(&sign), "{shown}");
            let mut is_read = false;
            hits.read(&sign, |signs| is_read |= !signs.is_empty());
            assert!(is_read, "{shown}");
        }
    }

    #[test]
    fn a_key_in_every_dress_is_found_in_a_file_that_has_nothing_else() {
        let detector = detector();
        let key = format!("jvx_live_{}", "h7RzK2mQwX9d Lp4TvB8nYc3Js".replace(' ', ""));
        let (path, origin) = (BlobPath::from("a.txt"), Origin::File);
        let mut missed = Vec::new();
        for (name, dressed) in decode::dressed(key.as_bytes()) {
            // A file whose first bytes are UTF-16 is UTF-16.
            let text = [&[b'-'; 512], &b"\nv = \""[..], &dressed, b"\"\n"].concat();
            let (path, origin) = (&path, &origin);
            let found = detector.detect(&Blob {
                path,
                origin,
                bytes: &text,
            });
            let matches = found.map(|found| found.matches).unwrap_or_default();
            let is_found = |m: &crate::model::Match| m.secret.expose() == key.as_bytes();
            if !(matches.len() == 1 && matches.iter().all(is_found)) {
                missed.push(format!("{name}: {}", String::from_utf8_lossy(&text)));
            }
        }
        assert!(
            missed.is_empty(),
            "{} missed:\n{}",
            missed.len(),
            missed.join("")
        );
    }
}
