//! What the files around a script say about it.

/// Facts that no single file holds. All false is right for a blob that comes alone, such as one
/// from standard input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// A page next to it loads it: `<script src>`.
    pub page_loads_it: bool,
    /// The `manifest.json` of a browser extension names it.
    pub extension_ships_it: bool,
}
