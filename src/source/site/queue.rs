//! What is still to be asked for, and what is known of what was.

use super::links::{Link, Sure};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use url::Url;

/// Most that waits at once.
const MOST: usize = 100_000;

/// What became of a URL that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UrlState {
    /// It was read, passed over or told as a fault.
    Settled,
    /// The server has nothing there, and answers with this status.
    Absent(u16),
}

/// Something to be asked for.
#[derive(Clone, Debug)]
pub(super) struct WantedUrl {
    /// What names it, and how surely; a page that was typed is named by nobody.
    pub(super) link: Link,
    /// True for a page that was typed.
    pub(super) is_typed: bool,
    /// How many files lead to it.
    pub(super) depth: u32,
    /// From where the links of the page start that loads it.
    pub(super) document: Rc<Url>,
}

/// What is to be asked for: what is near first, and of that what is sure.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: BTreeMap<(u32, Sure, usize), WantedUrl>,
    met: HashSet<(Url, Sure)>,
    asked: HashMap<Url, UrlState>,
    count: usize,
    /// How many did not find room.
    pub(super) dropped: usize,
}

impl Queue {
    /// Adds what was not added before as surely.
    pub(super) fn add(&mut self, wanted: WantedUrl) {
        let Some(first) = wanted.link.urls.first() else {
            return;
        };
        let sure = wanted.link.sure;
        let surer = [Sure::Loads, Sure::Named, Sure::Map, Sure::Guessed];
        let is_met = |sure: &Sure| self.met.contains(&(first.clone(), *sure));
        if surer.iter().take_while(|other| **other <= sure).any(is_met) {
            return;
        }
        if self.waiting.len() == MOST {
            self.dropped += 1;
            return;
        }
        self.met.insert((first.clone(), sure));
        self.count += 1;
        self.waiting
            .insert((wanted.depth, sure, self.count), wanted);
    }

    /// The next, the nearest and surest first.
    pub(super) fn next(&mut self) -> Option<WantedUrl> {
        self.waiting.pop_first().map(|(_, wanted)| wanted)
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// What became of a URL.
    pub(super) fn asked(&self, url: &Url) -> Option<UrlState> {
        self.asked.get(url).copied()
    }

    /// Notes what became of a URL.
    pub(super) fn note(&mut self, url: &Url, asked: UrlState) {
        self.asked.insert(url.clone(), asked);
    }
}
