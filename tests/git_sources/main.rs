//! The index, a range and the whole history of repositories that hide a marker in every place that
//! git has. A stand-in for the detector looks for the marker, so these tests are about reading.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod cache;
mod history;
mod range;
mod repo;
mod staged;

use base64::Engine;
use jvxleaks::model::{Fault, Origin};
use jvxleaks::source::{Event, Source, SourceError};
use std::sync::Mutex;

/// What a source handed out, in an order of its own.
#[derive(Debug, Default)]
pub(crate) struct Met {
    /// Path, origin and number of the marker of each blob that holds one.
    pub(crate) marked: Vec<(String, Origin, u32)>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) skipped: Vec<&'static str>,
    pub(crate) commits: usize,
    pub(crate) blobs: usize,
}

impl Met {
    pub(crate) fn paths(&self) -> Vec<&str> {
        self.marked
            .iter()
            .map(|(path, _, _)| path.as_str())
            .collect()
    }

    pub(crate) fn take(met: &Mutex<Self>, event: Event<'_>) {
        let mut met = met.lock().unwrap();
        match event {
            Event::Blob(blob) | Event::Named(blob) => {
                met.blobs += 1;
                let found = marker(blob.bytes);
                met.marked
                    .extend(found.map(|n| (blob.path.to_string(), blob.origin.clone(), n)));
            }
            Event::Signless(..) => met.blobs += 1,
            Event::Fault(fault) => met.faults.push(fault),
            Event::Skipped(what) | Event::PassedOver(_, what) => met.skipped.push(what),
            Event::Ignored { .. } | Event::Note(_) | Event::Name(_) => {}
            Event::Commit => met.commits += 1,
            Event::Order(_) => {}
        }
    }
}

pub(crate) fn visit(source: &impl Source) -> Result<Met, SourceError> {
    let met = Mutex::new(Met::default());
    source.visit(&|event: Event<'_>| Met::take(&met, event))?;
    let mut met = met.into_inner().unwrap();
    met.marked.sort();
    Ok(met)
}

/// The text that stands for a key.
pub(crate) fn key(number: u32) -> String {
    format!("marker-{number:02}")
}

/// The number of the key in `bytes`: plain, as UTF-16 or in base64.
pub(crate) fn marker(bytes: &[u8]) -> Option<u32> {
    let narrow: Vec<u8> = bytes.iter().copied().filter(|b| *b != 0).collect();
    let number = |text: &[u8]| {
        let at = memchr::memmem::find(text, b"marker-")? + 7;
        std::str::from_utf8(text.get(at..at + 2)?)
            .ok()?
            .parse()
            .ok()
    };
    let encoded = || {
        let at = memchr::memmem::find(bytes, b"bWFya2Vy")?;
        let engine = base64::engine::general_purpose::STANDARD;
        number(&engine.decode(bytes.get(at..at + 12)?).ok()?)
    };
    number(&narrow).or_else(encoded)
}
