//! Text that is written in another way: wide, escaped, with what a display adds, back to front.

pub(super) mod display;
pub(super) mod escape;
pub(super) mod name;
pub(super) mod reverse;
pub(super) mod units;
pub(super) mod url;
pub(super) mod utf16;
pub(super) mod utf32;
pub(super) mod wide;
