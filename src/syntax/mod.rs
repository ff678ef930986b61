//! What a program or a configuration says, whatever its language: names, literals, brackets and lines.
//!
//! [`lex`] turns a window of a text into [`Token`]s, [`Tree`] knows which brackets and lines hold them. Neither
//! fails on what does not parse: a quote that nothing closes is a sign like any other.

mod before;
mod call;
mod document;
mod given;
mod lexer;
mod name;
mod quoting;
mod template;
mod token;
mod tree;

pub use before::Before;
pub use call::{CallKind, call, takes_separator};
pub use document::{HereDocument, HereDocuments, without};
pub use given::{
    Given, LONGEST_NAME, before_blanks, behind_blanks, given, is_word, whole_places, words_before,
};
pub use lexer::{Lexer, is_prefix, is_quote, lex, lex_program};
pub use name::{Name, NamePattern, begins_listed, is_listed, listed};
pub use template::Backticks;
pub use token::{Style, Token, TokenKind};
pub use tree::{Item, Tree};
