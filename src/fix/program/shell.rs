//! Shells, in which a variable stands within a word or between double quotes, whatever is beside it there.

use super::super::change::TextChanges;
use super::super::variable::FALLBACK;
use crate::model::{Span, Wording};

/// What is open at a place of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nested {
    /// `"`
    Double,
    /// `$(`
    Command,
    /// `(` within a command
    Bracket,
    /// `` ` ``
    Backtick,
    /// `${`, and where it begins
    Parameter(usize),
}

/// A place in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ShellPlace {
    /// In a word without quotes.
    Bare,
    Double,
    /// In single quotes, with them and the `$` in front of them.
    Single(Span),
    Comment,
    /// In `${A:-b}`.
    Default,
}

/// What comes in the place of a credential. `script` has spaces in place of its here-documents.
pub(super) fn replaced(
    script: &[u8],
    secret: Span,
    read: &str,
) -> Result<TextChanges, &'static str> {
    const SOUGHT: &str = "it is what a command looks for";
    let line = memchr::memrchr(b'\n', &script[..secret.start]).map_or(0, |end| end + 1);
    let before = &script[line..secret.start];
    // The command that it is given to: `grep x a | curl -H key`.
    let command = before
        .rsplit(|b| b"|;&(".contains(b))
        .next()
        .unwrap_or(before);
    let mut words = command.split(|b| !b.is_ascii_alphanumeric());
    let is_sought = words.any(|word| matches!(word, b"sed" | b"grep" | b"egrep"));
    // `"key") echo` of a choice
    let behind = script[secret.end..].iter().find(|b| !b"\"'".contains(b));
    let is_choice = behind == Some(&b')') && !before.contains(&b'(');
    if is_sought || is_choice {
        return Err(SOUGHT);
    }
    match place(script, secret.start) {
        ShellPlace::Comment => Err("it stands in a comment"),
        ShellPlace::Default => Err(FALLBACK),
        ShellPlace::Double => Ok(TextChanges::safe(secret, Wording::reading(read))),
        ShellPlace::Bare => {
            // `a[key]=b`, `[[ $a =~ ^key$ ]]`
            let is_pattern = before.last().is_some_and(|b| b"[^\\".contains(b));
            if is_pattern || memchr::memmem::find(before, b"=~").is_some() {
                return Err(SOUGHT);
            }
            let read = Wording::reading(read).between("\"", "\"");
            Ok(TextChanges::safe(secret, read))
        }
        ShellPlace::Single(whole) => {
            let body = &script[whole.range()];
            let plain = body.strip_prefix(b"$").unwrap_or(body);
            let inner = plain.get(1..plain.len() - 1).unwrap_or_default();
            if secret.end >= whole.end || inner.iter().any(|b| b"$`\"\\!\n".contains(b)) {
                return Err("it stands in single quotes, in which no variable is read");
            }
            let start = whole.start + body.len() - plain.len() + 1;
            let text = |span: Span| String::from_utf8_lossy(&script[span.range()]).into_owned();
            let before = format!("\"{}", text(Span::new(start, secret.start)));
            let behind = format!("{}\"", text(Span::new(secret.end, whole.end - 1)));
            let read = Wording::reading(read).between(&before, &behind);
            Ok(TextChanges::safe(whole, read))
        }
    }
}

/// What a place is in, read from the beginning of the script
/// (<https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02>).
fn place(script: &[u8], place: usize) -> ShellPlace {
    let mut open: Vec<Nested> = Vec::new();
    let mut at = 0;
    while at < place {
        let is_double = open.last() == Some(&Nested::Double);
        let is_behind_dollar = at > 0 && script[at - 1] == b'$';
        match script[at] {
            b'\\' => at += 1,
            b'"' if is_double => {
                open.pop();
            }
            b'"' => open.push(Nested::Double),
            b'\'' if !is_double && !is_quoted_parameter(&open) => {
                let end = single_end(script, at, is_behind_dollar);
                let start = at - usize::from(is_behind_dollar);
                if place < end {
                    return ShellPlace::Single(Span::new(start, end));
                }
                at = end - 1;
            }
            b'#' if !is_double && begins_word(script, at) => {
                let end = memchr::memchr(b'\n', &script[at..]).map_or(script.len(), |end| at + end);
                if place < end {
                    return ShellPlace::Comment;
                }
                at = end;
            }
            b'`' if open.contains(&Nested::Backtick) => {
                while open.pop().is_some_and(|own| own != Nested::Backtick) {}
            }
            b'`' => open.push(Nested::Backtick),
            b'(' if is_behind_dollar => open.push(Nested::Command),
            b'(' if matches!(open.last(), Some(Nested::Command | Nested::Bracket)) => {
                open.push(Nested::Bracket);
            }
            b')' if matches!(open.last(), Some(Nested::Command | Nested::Bracket)) => {
                open.pop();
            }
            b'{' if is_behind_dollar => open.push(Nested::Parameter(at)),
            b'}' if matches!(open.last(), Some(Nested::Parameter(_))) => {
                open.pop();
            }
            _ => {}
        }
        at += 1;
    }
    let parameter = open.iter().find(|own| matches!(own, Nested::Parameter(_)));
    match (parameter, open.last()) {
        (Some(_), _) => ShellPlace::Default,
        (None, Some(Nested::Double)) => ShellPlace::Double,
        (None, _) => ShellPlace::Bare,
    }
}

/// `"${A:-'b'}"`, in which a single quote is a letter.
fn is_quoted_parameter(open: &[Nested]) -> bool {
    matches!(open, [.., Nested::Double, Nested::Parameter(_)])
}

/// The end of a text in single quotes; behind a `$` it has escapes.
fn single_end(script: &[u8], quote: usize, has_escapes: bool) -> usize {
    let mut at = quote + 1;
    while at < script.len() {
        match script[at] {
            b'\'' => return at + 1,
            b'\\' if has_escapes => at += 2,
            _ => at += 1,
        }
    }
    script.len().max(quote + 1)
}

/// `#` begins a comment at the beginning of a word alone: `a#b` is a word.
fn begins_word(script: &[u8], at: usize) -> bool {
    at == 0 || b" \t\n;&|()".contains(&script[at - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_in_the_quotes_that_a_shell_reads() {
        let table = [
            "a=KEY",
            "a=\"$b KEY\"",
            "a='x' b='KEY'",
            "a=$'it\\'s KEY'",
            "# it's KEY",
            "a#b KEY",
            "a=\"it's KEY\"",
            "echo 'it'\\''s' KEY",
            "a=\"$(curl -H \"KEY\")\"",
            "a=\"$(curl -H 'KEY')\" b",
            "a=\"$(date)\" KEY",
            "a=\"${b:-KEY}\"",
            "a=${b:-c}KEY",
            "a=`b \"KEY\"`",
            "# don't\nb=\"KEY\"",
        ];
        let told = table.map(|script| {
            let at = script.find("KEY").unwrap();
            let shown = match place(script.as_bytes(), at) {
                ShellPlace::Single(span) => script[span.range()].to_owned(),
                other => format!("{other:?}"),
            };
            format!("{}: {shown}", script.replace('\n', "|"))
        });
        insta::assert_snapshot!(told.join("\n"), @r#"
        a=KEY: Bare
        a="$b KEY": Double
        a='x' b='KEY': 'KEY'
        a=$'it\'s KEY': $'it\'s KEY'
        # it's KEY: Comment
        a#b KEY: Bare
        a="it's KEY": Double
        echo 'it'\''s' KEY: Bare
        a="$(curl -H "KEY")": Double
        a="$(curl -H 'KEY')" b: 'KEY'
        a="$(date)" KEY: Bare
        a="${b:-KEY}": Default
        a=${b:-c}KEY: Bare
        a=`b "KEY"`: Double
        # don't|b="KEY": Double
        "#);
    }
}
