//! Where in a program a place stands: in code, in a string, in a comment, inside which brackets.
//!
//! `lexer` splits JavaScript and TypeScript just far enough for that, `section` finds the scripts of
//! a page or component file. There is no syntax tree: a file that does not parse is read all the
//! same, and one pass over the text answers for all places in it.

mod lexer;
mod regex_literal;
mod section;
mod site;
mod sites;

pub(super) use site::{Bracket, Site, SiteKind};
pub(super) use sites::Sites;
