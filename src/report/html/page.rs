//! The frame of a page: its head, its style and script, and the sections between.
//!
//! The page loads nothing and runs nothing but its own style and script, whose hashes its policy names: what would
//! get in besides would not run.

use super::filter::Facets;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// What stands above the sections.
pub(super) struct Page {
    /// The page's name.
    pub(super) title: String,
    /// What was read, and when.
    pub(super) about: Markup,
    /// What it comes to, in a few words.
    pub(super) verdict: String,
    /// How bad that is, as the style calls it: `bad`, `open` or `good`.
    pub(super) mark: &'static str,
    /// The summary of the run.
    pub(super) summary: String,
    /// What the cards can be filtered by.
    pub(super) facets: Facets,
    /// The version of the program.
    pub(super) version: &'static str,
}

impl Page {
    /// Writes the page around what `sections` writes.
    pub(super) fn write(
        &self,
        out: &mut dyn Write,
        sections: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let top = html! {
            (DOCTYPE) "\n"
            (PreEscaped("<html lang=\"en\">\n"))
            (self.head()) "\n"
            (PreEscaped("<body>\n"))
            a .skip href="#main" { "Skip to the report" } "\n"
            header { p .brand { "jvxleaks" } h1 { (self.title) } p .about { (self.about) } } "\n"
            (PreEscaped("<main id=\"main\" tabindex=\"-1\">\n"))
            section .verdict.(self.mark) aria-label="Verdict" {
                p { strong { (self.verdict) } } p { (self.summary) }
            } "\n"
            (self.facets.controls())
        };
        out.write_all(top.into_string().as_bytes())?;
        sections(out)?;
        let end = html! {
            (PreEscaped("</main>\n"))
            footer { p { "jvxleaks " (self.version) ". Secrets are shown by their first characters alone. "
                "The page loads nothing and sends nothing." } } "\n"
            p #said .unseen role="status" {} "\n"
            script { (PreEscaped(SCRIPT)) }
            (PreEscaped("\n</body>\n</html>\n"))
        };
        out.write_all(end.into_string().as_bytes())
    }

    fn head(&self) -> Markup {
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
            hash(STYLE),
            hash(SCRIPT)
        );
        html! {
            head {
                "\n" meta charset="utf-8";
                "\n" meta http-equiv="Content-Security-Policy" content=(policy);
                "\n" meta name="viewport" content="width=device-width, initial-scale=1";
                "\n" meta name="color-scheme" content="light dark";
                "\n" meta name="referrer" content="no-referrer";
                "\n" meta name="robots" content="noindex";
                "\n" title { (self.title) }
                "\n" style { (PreEscaped(STYLE)) } "\n"
            }
        }
    }
}

/// Writes a section with a heading, and `cards` in it.
pub(super) fn write_section(
    id: &str,
    heading: &str,
    intro: &Markup,
    out: &mut dyn Write,
    cards: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let top = html! { h2 id=(id) { (heading) } "\n" (intro) };
    let top = top.into_string();
    writeln!(
        out,
        "<section class=\"cards\" aria-labelledby=\"{id}\">\n{top}"
    )?;
    cards(out)?;
    writeln!(out, "</section>")
}

/// A source of a policy: the text with this hash.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// A table with a heading, behind a fold if it is for who asks; nothing without rows.
pub(super) fn table<const N: usize>(
    heading: &str,
    head: [&str; N],
    rows: &[[Markup; N]],
    is_folded: bool,
) -> Markup {
    let table = html! {
        table {
            thead { tr { @for cell in head { th scope="col" { (cell) } } } }
            tbody {
                @for row in rows { "\n" tr { @for cell in row { td { (cell) } } } }
            }
        }
    };
    html! {
        @if !rows.is_empty() {
            section .rows {
                @if is_folded {
                    details { summary { h2 { (heading) " (" (rows.len()) ")" } } (table) }
                } @else { h2 { (heading) " (" (rows.len()) ")" } (table) }
            }
            "\n"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_style_and_script_ends_them_or_loads_anything() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</"), "it would end its element");
            assert!(!text.contains("://") && !text.contains("url(") && !text.contains("@import"));
            assert!(text.is_ascii(), "a page may be read in any encoding");
        }
    }
}
