//! Text that is compressed and then encoded: gzip or zlib in base64, as `binaryData` of Kubernetes and `user_data` of a
//! cloud have it, and in base64 twice, as Helm keeps its releases.

use super::base64::Base64Run;
use crate::decode::Layer;
use crate::decode::archive::{Budget, Inflated, Limits, inflated};
use crate::decode::sign::trigger::{Sign, Trigger};
use crate::model::{Dress, Span};
use std::cell::Cell;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str =
    "gzip and zlib in base64, and in base64 twice, within a budget; what is past it is a fault";

/// Longest encoded run that is decoded, in bytes. Kubernetes keeps one MiB in a secret.
const LONGEST: usize = 16 << 20;

/// How much of a run is decoded before it is known to be compressed, in bytes.
const TRIED: usize = 4096;

/// Most bytes that one run inflates to, most in all for each byte of a text, and what is never too much.
const MOST: u64 = 16 << 20;
const RATIO: u64 = 4;
const LEAST: u64 = 32 << 20;

/// What may still be inflated of one text, and of what is encoded in it.
#[derive(Debug)]
pub struct Inflation {
    budget: Budget,
    is_cut: Cell<bool>,
}

impl Inflation {
    /// For a text of so many bytes.
    pub fn new(size: usize) -> Self {
        let limits = Limits {
            member: MOST,
            ratio: RATIO,
            least: LEAST,
            ..Limits::default()
        };
        Self {
            budget: Budget::new(limits, size),
            is_cut: Cell::new(false),
        }
    }

    /// True when something was left unread.
    pub fn is_cut(&self) -> bool {
        self.is_cut.get()
    }
}

pub(in crate::decode) fn decode(
    text: &[u8],
    triggers: &[Trigger],
    inflation: &Inflation,
    layers: &mut Vec<Layer>,
) {
    let mut done = 0;
    for trigger in triggers.iter().filter(|t| t.sign == Sign::Compressed) {
        let literal = &text[trigger.span.range()];
        let start = trigger.span.start + usize::from(!literal[0].is_ascii_alphanumeric());
        if start < done || stream(text, start, TRIED).is_none() {
            continue;
        }
        let Some((compressed, end)) = stream(text, start, LONGEST) else {
            continue;
        };
        done = end;
        let Some(Inflated { text, is_cut }) = inflated(&compressed, &inflation.budget) else {
            continue;
        };
        inflation.is_cut.set(inflation.is_cut() || is_cut);
        let mut layer = Layer::new(Dress::Base64);
        layer.push(&text, Span::new(start, end));
        layers.push(layer);
    }
}

/// The compressed bytes of the run that begins at `start`, as far as it goes, and where it ends; `None` when what it
/// holds is not compressed.
fn stream(text: &[u8], start: usize, length: usize) -> Option<(Vec<u8>, usize)> {
    let run = Base64Run::from(text, start, start + length);
    let mut bytes = run.decode(text, start, false).text;
    if bytes.starts_with(b"H4sI") {
        bytes = Base64Run::from(&bytes, 0, bytes.len())
            .decode(&bytes, 0, false)
            .text;
    }
    crate::decode::archive::is_deflated(&bytes).then(|| (bytes, run.end()))
}

#[cfg(test)]
mod tests {
    use crate::decode::layers_of;
    use ::base64::Engine as _;
    use ::base64::engine::general_purpose::STANDARD;
    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use std::io::Write as _;

    const TEXT: &str = "apiVersion: v1\nkey: jvx_live_Abc123\nand: more of it\n";

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(text: &str, level: Compression) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), level);
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn is_found(text: &str) -> bool {
        let found = layers_of(text.as_bytes());
        found.iter().any(|l| l.text == TEXT.as_bytes())
    }

    #[test]
    #[cfg_attr(not(feature = "archives"), ignore = "nothing is unpacked without it")]
    fn what_is_compressed_in_base64_is_read() {
        let encoded = STANDARD.encode(gzip(TEXT));
        assert!(is_found(&format!("user_data = \"{encoded}\"")));
        assert!(is_found(&format!("binaryData:\n  a.gz: {encoded}\n")));
        let twice = STANDARD.encode(&encoded);
        assert!(is_found(&format!("data:\n  release: {twice}\n")));
        for level in [Compression::default(), Compression::best()] {
            let encoded = STANDARD.encode(zlib(TEXT, level));
            for before in ["x = \"", "x = '", "x: "] {
                assert!(is_found(&format!("{before}{encoded}")), "{encoded}");
            }
        }
    }

    #[test]
    #[cfg_attr(not(feature = "archives"), ignore = "nothing is unpacked without it")]
    fn lines_of_a_run_are_read() {
        let long: String = (0..400).map(|n| format!("{n}: {}\n", n * 7919)).collect();
        let text = format!("{long}{TEXT}");
        let encoded = STANDARD.encode(gzip(&text));
        let lines = encoded.as_bytes().chunks(76).map(String::from_utf8_lossy);
        let lines = lines.collect::<Vec<_>>().join("\n    ");
        let found = layers_of(format!("a: !!binary |\n    {lines}\n").as_bytes());
        assert!(found.iter().any(|l| l.text == text.as_bytes()));
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in [
            "x = \"eJwords and more\"",
            "H4sI",
            "x = \"H4sIAAAA\"",
            "\"eJy\"",
        ] {
            assert!(layers_of(text.as_bytes()).is_empty(), "{text}");
        }
    }

    #[test]
    fn no_more_is_inflated_than_a_text_is_worth() {
        let bomb = STANDARD.encode(gzip(&"\0".repeat(super::MOST as usize + 1)));
        let text = format!("a: {bomb}\nb: {bomb}\nc: {bomb}\n");
        let inflation = super::Inflation::new(text.len());
        let signs = crate::decode::sign::signs::find(text.as_bytes());
        let found = crate::decode::layers(text.as_bytes(), &signs, &inflation);
        let all: usize = found.iter().map(|l| l.text.len()).sum();
        assert!(inflation.is_cut() && all <= super::LEAST as usize, "{all}");
    }
}
