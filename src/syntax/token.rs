//! The tokens of a text.

use super::name::is_listed;
use crate::model::{BlobPath, Span};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, digits, `_`, `$`, hyphens inside, and the dots, arrows and colons of a path: `x-api-key`,
    /// `request.headers`, `self->token`.
    Name,
    /// A literal between quotes.
    Str,
    /// A sign, or a few that belong together: `=`, `=>`, `||`.
    Op,
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// The end of a line that nothing continues.
    Newline,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// All its bytes.
    pub span: Span,
    /// Those that count: of a literal what stands between the quotes.
    pub body: Span,
}

impl Token {
    /// The bytes that count.
    pub fn text<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        &text[self.body.range()]
    }

    /// True for this sign.
    pub fn is(&self, text: &[u8], sign: &[u8]) -> bool {
        // Most differ in their length, and signs of one length in their first byte.
        let is_alike = self.body.len() == sign.len() && self.kind != TokenKind::Str;
        is_alike && text.get(self.body.start) == sign.first() && self.text(text) == sign
    }
}

/// How comments begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// `//`, `/* */`
    pub slashes: bool,
    /// `#`
    pub hash: bool,
    /// `--`
    pub dashes: bool,
}

/// Extensions of languages in which `#` is no comment. In one text each, since a linker may put short ones behind a
/// prefix.
const SLASHES: &str = " c cc cpp cs cxx dart fs go gradle groovy h hpp java js jsx kt kts m mjs mm rs scala swift ts tsx zig";

/// Extensions of languages in which `//` is none.
const HASHES: &str =
    " bash cfg conf env ex exs ini jl md nim pl pm properties ps1 py r R rb sh toml yaml yml zsh";

/// Extensions of languages with `--`.
const DASHES: &str = " adb ads elm hs lua sql vhd";

impl Style {
    /// All that is a comment in some language.
    pub const ANY: Self = Self {
        slashes: true,
        hash: true,
        dashes: true,
    };

    /// The style of a file; where its name tells none, all count.
    pub fn of(path: &BlobPath) -> Self {
        let extension = path.extension().unwrap_or_default();
        let has = |list: &str| is_listed(list, extension);
        match () {
            () if has(SLASHES) => Self {
                slashes: true,
                hash: false,
                dashes: false,
            },
            () if has(HASHES) => Self {
                slashes: false,
                hash: true,
                dashes: false,
            },
            () if has(DASHES) => Self {
                slashes: false,
                hash: false,
                dashes: true,
            },
            () => Self {
                slashes: true,
                hash: true,
                dashes: false,
            },
        }
    }
}
