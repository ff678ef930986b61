//! One secret for the terminal, drawn like a compiler's message: the line it stands on, where else it
//! stands, and what to do.

use super::super::leak::{Leak, dated_place, place};
use super::super::options::ReportOptions;
use super::super::summary::counted;
use super::super::{escape, provenance};
use super::wrap::{shortened, wrapped};
use crate::model::{Dress, Finding, Origin, Reveal, Severity};
use annotate_snippets::{AnnotationKind, Group, Level, Origin as DrawnFrom, Renderer, Snippet};
use std::ops::Range;

/// Places that are told of a secret unless all are asked for.
const PLACES: usize = 3;

/// Longest message in a headline, in bytes.
const LONGEST_MESSAGE: usize = 240;

/// Draws secrets.
pub(super) struct Drawing<'o> {
    options: &'o ReportOptions,
    renderer: Renderer,
}

impl<'o> Drawing<'o> {
    /// With colours and as wide as `options` say.
    pub(in crate::report) fn new(options: &'o ReportOptions) -> Self {
        let renderer = if options.color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.term_width(options.columns());
        Self { options, renderer }
    }

    /// The message, the first place with its line, the other places, and the advice. What to do about
    /// a secret that is `listed` is said in the list of keys.
    pub(in crate::report) fn block(&self, leak: &Leak<'_>, listed: bool) -> String {
        let shown = if self.options.verbose {
            leak.findings()
        } else {
            &leak.findings()[..1]
        };
        let mut block = self.head(leak.worst());
        for (i, finding) in shown.iter().enumerate() {
            let mut notes = origins(finding);
            if i > 0 {
                block += &format!("\n{}--> {}", &gutter(finding)[1..], place(finding));
            }
            if i + 1 == shown.len() {
                notes.extend(self.others(&leak.findings()[shown.len()..]));
                notes.extend(advice(leak.worst(), listed));
                notes.extend(self.page(leak.worst()));
            }
            block += &self.body(finding, notes);
        }
        block + "\n\n"
    }

    /// The next places, and the number of those that are not told.
    fn others(&self, findings: &[&Finding]) -> Vec<String> {
        let told = findings.iter().take(PLACES - 1);
        let mut others: Vec<String> = told
            .map(|finding| format!("also at {}", dated_place(finding)))
            .collect();
        let more = findings.len() - others.len();
        if more > 0 {
            let places = counted(more as u64, "more place");
            let all = self.options.shows_all;
            others.push(format!("and at {places}; {all} shows all"));
        }
        others
    }

    /// Where more is said of the rule; it is the same in every block, so who asks for all is told.
    fn page(&self, finding: &Finding) -> Option<String> {
        let id = escape::visible(&finding.rule.id);
        self.options
            .verbose
            .then(|| format!("more: jvxleaks explain {id}{}", self.options.rule_options))
    }

    /// The message and the place. Drawn apart from the line, because the drawing library would count the
    /// place's column in the part of the line that is shown.
    fn head(&self, finding: &Finding) -> String {
        let message = escape::visible(&finding.message);
        let message = shortened(&message, LONGEST_MESSAGE);
        let title = level(finding).primary_title(message);
        let title = title.id(escape::visible(&finding.rule.id));
        let at = &finding.place;
        let path = escape::visible(&at.path.to_string()).into_owned();
        let path = shortened(&path, LONGEST_MESSAGE).into_owned();
        let origin = DrawnFrom::path(path).line(at.line).char_column(at.column);
        let head = self.renderer.render(&[title.element(origin)]);
        let arrow = format!("\n{}", &gutter(finding)[1..]);
        head.replacen('\n', &arrow, 1)
    }

    /// The line and the notes, behind an end of line; nothing if there is neither.
    fn body(&self, finding: &Finding, notes: Vec<String>) -> String {
        let rendered = finding.excerpt.render(self.options.reveal);
        let columns = self.options.columns();
        let mut group = Group::with_level(level(finding));
        let mut aside = None;
        if !rendered.text.is_empty() {
            let (line, focus) = inert_line(cut_mark(finding), &rendered.text, rendered.focus);
            let (below, note) = beside_or_below(label(finding), &line, &focus, columns, finding);
            aside = note;
            let mark = AnnotationKind::Primary.span(focus).label(below);
            let snippet = Snippet::source(line).line_start(finding.place.line);
            group = group.element(snippet.annotation(mark));
        }
        let room = self
            .options
            .prose()
            .saturating_sub(gutter(finding).len() + 2);
        let notes = aside.into_iter().chain(notes);
        let notes = notes.map(|note| wrapped(&escape::visible(&note), room).join("\n"));
        let group = group.elements(notes.map(|note| Level::NOTE.no_name().message(note)));
        if group.is_empty() {
            String::new()
        } else {
            format!("\n{}", self.renderer.render(&[group]))
        }
    }
}

fn level(finding: &Finding) -> Level<'static> {
    if finding.severity.is_error() {
        Level::ERROR
    } else {
        Level::WARNING
    }
}

/// As wide as the number of the line and the blank behind it.
fn gutter(finding: &Finding) -> String {
    " ".repeat(finding.place.line.to_string().len() + 1)
}

/// The label where it fits behind the mark, else as a note: a terminal would break it in mid-word.
fn beside_or_below(
    label: Option<String>,
    line: &str,
    focus: &Range<usize>,
    columns: usize,
    finding: &Finding,
) -> (Option<String>, Option<String>) {
    let taken = gutter(finding).len() + 2;
    let end = |to: usize| taken + line[..to].chars().count();
    let Some(words) = &label else {
        return (None, None);
    };
    // Of a line that is cut, the drawing library shows what makes room for the label.
    let is_cut = end(line.len()) > columns;
    if is_cut || end(focus.end) + 1 + words.chars().count() <= columns {
        (label, None)
    } else {
        (None, label)
    }
}

/// What stands for the part of the line before the shown one.
pub(in crate::report) fn cut_mark(finding: &Finding) -> &'static str {
    let before = finding.excerpt.render(Reveal::Whole).focus.start;
    let cut = before + 1 < finding.place.column;
    if cut { "..." } else { "" }
}

/// The shown line escaped, and where its marked part is then.
fn inert_line(mark: &str, text: &str, focus: Range<usize>) -> (String, Range<usize>) {
    let parts = [
        &text[..focus.start],
        &text[focus.clone()],
        &text[focus.end..],
    ];
    let [before, marked, after] = parts.map(escape::source_line);
    let start = mark.len() + before.len();
    let focus = start..start + marked.len();
    (format!("{mark}{before}{marked}{after}"), focus)
}

/// What makes it bad where it is, or no worse than a warning, for the line below the secret.
pub(in crate::report) fn label(finding: &Finding) -> Option<String> {
    let place = finding
        .context
        .place()
        .filter(|_| finding.context.is_aside());
    let words = match (&finding.origin, finding.severity) {
        (_, severity) if place.is_some() && !severity.is_error() => {
            return place.map(|place| format!("a warning, because it is {place}"));
        }
        (_, Severity::Low) => return None,
        // The name of a variable opens nothing; its value does.
        _ if finding.secret.is_public() => "its value goes from here to whoever opens the page",
        _ if finding.context.reaches_browser() => "anyone who opens the page can read this",
        (Origin::File | Origin::Stdin, _) if finding.image.is_some() => {
            "everyone who pulls the image can use it"
        }
        (Origin::File | Origin::Stdin, _) => "anyone who can read this file can use it",
        (Origin::Index, _) => "a commit would hand this to everyone who can read it",
        _ => "anyone who can read the history can use it",
    };
    Some(words.to_owned())
}

/// Where the bytes are and how they were stored, of one place.
pub(in crate::report) fn origins(finding: &Finding) -> Vec<String> {
    let stored =
        (finding.dress != Dress::Plain).then(|| format!("found in {}", finding.dress.name()));
    let derived = finding.derived_from.as_ref().map(|from| {
        let behind = match from.kind {
            "archive" => return format!("in the archive {}", from.path),
            "name" => return format!("in the name of {}", from.path),
            "source-map" => "in the original source".to_owned(),
            kind => format!("decoded from the {kind}"),
        };
        format!("{behind} {}:{}:{}", from.path, from.line, from.column)
    });
    let outlet = finding.outlet.as_ref();
    let sent = outlet.map(|outlet| format!("sent to a browser in {}:{}", outlet.path, outlet.line));
    let notes = [provenance::words(&finding.origin), derived];
    let notes = notes.into_iter().flatten();
    let more = [stored, sent].into_iter().flatten();
    notes
        .chain(provenance::image(finding))
        .chain(more)
        .collect()
}

/// What to do, and by what name to accept it.
fn advice(finding: &Finding, listed: bool) -> Vec<String> {
    let is_told = |step: &&String| !listed || step.starts_with("silence:");
    let mut steps: Vec<String> = finding.advice.iter().filter(is_told).cloned().collect();
    let id = &finding.fingerprint.0;
    if !id.is_empty() && !steps.iter().any(|step| step.contains(id)) {
        steps.push(format!("fingerprint: {id}"));
    }
    steps
}
