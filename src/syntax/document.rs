//! Texts of several lines that a sign in a program opens: here-documents of shells, Ruby and PHP, here-strings of PowerShell.

use crate::model::Span;

/// How a language writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HereDocuments {
    /// `cat <<END`, `cat <<-'END'`
    Shell,
    /// `<<~END`, `<<-END`, `<<"END"`
    Ruby,
    /// `<<<END`, `<<<'END'`
    Php,
    /// `@"` and a line that begins with `"@`.
    PowerShell,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HereDocument {
    /// Its lines, the last one among them, which ends it.
    pub span: Span,
    /// True unless what it holds is taken as it stands.
    pub expands: bool,
}

/// What a sign says of the text that it opens.
struct HereDocumentSign<'t> {
    word: &'t [u8],
    expands: bool,
    /// Whether the last line may be indented.
    indents: bool,
    /// Where the sign begins, if nothing else closes its quote.
    start: Option<usize>,
    /// Where the sign ends.
    end: usize,
}

impl HereDocuments {
    /// All of a text, and where the first one begins that nothing ends.
    pub fn of(self, text: &[u8]) -> (Vec<HereDocument>, Option<usize>) {
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let end = line_end(text, at);
            let mut next = end;
            let mut from = at;
            // Several may begin on one line: `cat <<A <<B`.
            while let Some(opening) = self.opened(text, from, end) {
                let Some(last) = self.closed(text, next, &opening) else {
                    return (found, Some(opening.end));
                };
                found.push(HereDocument {
                    span: Span::new(opening.start.unwrap_or(next), last),
                    expands: opening.expands,
                });
                (from, next) = (opening.end, last);
            }
            at = next;
        }
        (found, None)
    }

    /// The first sign on a line, from a place on.
    fn opened<'t>(self, text: &'t [u8], from: usize, end: usize) -> Option<HereDocumentSign<'t>> {
        let line = &text[from..end];
        if self == Self::PowerShell {
            let line = line.trim_ascii_end();
            let quote = *line.last().filter(|b| b"'\"".contains(b))?;
            return line.ends_with(&[b'@', quote]).then_some(HereDocumentSign {
                word: if quote == b'"' { b"\"@" } else { b"'@" },
                expands: quote == b'"',
                indents: false,
                start: Some(from + line.len() - 2),
                end,
            });
        }
        let sign: &[u8] = if self == Self::Php { b"<<<" } else { b"<<" };
        memchr::memmem::find_iter(line, sign).find_map(|at| {
            // `<<<` of a shell gives one line.
            let is_other =
                self != Self::Php && (line[..at].ends_with(b"<") || line[at..].starts_with(b"<<<"));
            if is_other {
                return None;
            }
            let mut rest = &line[at + sign.len()..];
            let mark = rest.first().copied().filter(|b| b"-~".contains(b));
            let mark = mark.filter(|_| self != Self::Php);
            rest = &rest[usize::from(mark.is_some())..];
            if self != Self::Ruby {
                rest = rest.trim_ascii_start();
            }
            let quote = rest.first().copied().filter(|b| b"'\"\\".contains(b));
            rest = &rest[usize::from(quote.is_some())..];
            let length = rest.iter().take_while(|b| is_word(**b)).count();
            let word = &rest[..length];
            let is_named = word.first().is_some_and(|b| !b.is_ascii_digit());
            // `list << item` of Ruby
            let is_marked = self != Self::Ruby
                || mark.is_some()
                || quote.is_some()
                || word.iter().all(u8::is_ascii_uppercase);
            (is_named && is_marked).then(|| HereDocumentSign {
                word,
                expands: match quote {
                    None => true,
                    Some(quote) => quote == b'"' && self != Self::Shell,
                },
                indents: match self {
                    Self::Shell => mark == Some(b'-'),
                    Self::Ruby => mark.is_some(),
                    _ => true,
                },
                start: None,
                end: end - rest.len() + length,
            })
        })
    }

    /// Where the line ends that closes a text whose lines begin here.
    fn closed(self, text: &[u8], mut at: usize, opening: &HereDocumentSign<'_>) -> Option<usize> {
        while at < text.len() {
            let end = line_end(text, at);
            let line = text[at..end].trim_ascii_end();
            let inner = if opening.indents {
                line.trim_ascii_start()
            } else {
                line
            };
            let rest = inner.strip_prefix(opening.word);
            let is_last = match self {
                Self::Shell | Self::Ruby => rest == Some(b""),
                // `END;`, `END, $more)`
                Self::Php => rest.is_some_and(|rest| rest.first().is_none_or(|b| !is_word(*b))),
                Self::PowerShell => rest.is_some(),
            };
            if is_last {
                // What stands behind the word goes on: `"@ | Out-File a`.
                return Some(at + line.len() - inner.len() + opening.word.len());
            }
            at = end;
        }
        None
    }
}

/// The text with spaces in place of the documents, so that nothing in them is read as a program.
pub fn without(text: &[u8], documents: &[HereDocument]) -> Vec<u8> {
    let mut masked = text.to_vec();
    for document in documents {
        let bytes = masked[document.span.range()].iter_mut();
        bytes.filter(|b| **b != b'\n').for_each(|b| *b = b' ');
    }
    masked
}

fn line_end(text: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |end| at + end + 1)
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: HereDocuments, text: &str) -> String {
        let (found, open) = kind.of(text.as_bytes());
        let shown = found.iter().map(|own| {
            let body = text[own.span.range()].replace('\n', "|");
            format!(
                "{body} {}",
                if own.expands {
                    "expands"
                } else {
                    "as it stands"
                }
            )
        });
        let open = open.map(|_| "open".to_owned());
        shown.chain(open).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_document_ends_where_its_language_ends_it() {
        let told = [
            told(
                HereDocuments::Shell,
                "cat <<A <<'B' >x\na $x\nA\nb\nB\necho <<< y\n",
            ),
            told(
                HereDocuments::Shell,
                "cat <<-\"END\"\n\tx\n\tEND\nx=$((1 << 2))\n",
            ),
            told(HereDocuments::Shell, "cat <<END\nx\n END\n"),
            told(
                HereDocuments::Ruby,
                "a << b\nq(<<~SQL, 1)\n  x\n  SQL\n<<-'T'\n#{x}\n T\n",
            ),
            told(
                HereDocuments::Php,
                "$a = f(<<<'END'\nx\n  END, 2);\n$b = <<<END\ny\nEND;\n",
            ),
            told(
                HereDocuments::PowerShell,
                "$a = @\"\nx \"@\n\"@ | Out-File y\n$b = @'\n'@\n",
            ),
        ];
        insta::assert_snapshot!(told.join("\n--\n"), @r#"
        a $x|A expands
        |b|B as it stands
        --
        	x|	END as it stands
        --
        open
        --
          x|  SQL expands
        #{x}| T as it stands
        --
        x|  END as it stands
        y|END expands
        --
        @"|x "@|"@ expands
        @'|'@ as it stands
        "#);
    }

    #[test]
    fn a_text_without_its_documents_keeps_its_places() {
        let text = b"cat <<A\n'x\nA\nb\n";
        let (found, _) = HereDocuments::Shell.of(text);
        assert_eq!(without(text, &found), b"cat <<A\n  \n \nb\n");
    }
}
