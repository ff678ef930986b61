//! Keys in pieces: `"jvx_" + "live_" + "..."`, `concat("jvx_", ...)`, `["jvx", "live", "..."]`,
//! `jvx_"live_"...`, and whatever else a program puts together from literals that stand close.
//!
//! A chain begins at the literal that holds the beginning of the prefix and goes on as long as what
//! stands between is glue. A list is read whatever becomes of it.

use super::chain::{Chain, is_beginning, joined};
use super::glue::PieceNames;
use super::named::NamedPieces;
use super::run::run;
use super::{PREFIX, format, list, string_array, word_list};
use crate::decode::Layer;
use crate::decode::sign::trigger::Trigger;
use crate::model::Span;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str = r#"literals that stand close, from the one with the prefix's beginning on: `concat("jvx_", ...)`, `.append("jvx_").append(...)`, `K=jvx_"live_"...`, `f"{'jvx_'}live_..."`, single characters (`"j"` wakes a file where `"v` follows it); lists whatever becomes of them, also turned round; the lists of obfuscators, `a(0x1fe) + a(0x1f5)`"#;

/// Most lists of an obfuscator that are read in one text: each takes a window of it, and a program has one.
const MOST_LISTS: usize = 4;

/// Most pieces in front of the beginning, of a list that is turned round.
const MOST_BEFORE: usize = 16;

/// Decodes what begins at each sign of a key's first letters. Each may be the first piece of a key, the value of a
/// name that the rest is added to, or both.
pub(in crate::decode) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    let firsts = || triggers.iter().filter_map(|t| t.first_piece(text));
    let Some(hull) = firsts().map(|at| Span::new(at, at)).reduce(Span::around) else {
        return;
    };
    let names = NamedPieces::new(text, hull);
    let (mut joined, mut followed, mut lists) = (0, 0, 0);
    for first in firsts() {
        if first < joined.min(followed) {
            continue;
        }
        let piece = run(text, first);
        let mut beginning = vec![piece];
        if lists < MOST_LISTS && string_array::may_begin(text, piece) {
            lists += 1;
            layers.extend(string_array::at(text, piece));
        }
        if first >= joined {
            joined = at(text, &names, piece, &mut beginning, layers);
        }
        if first >= followed {
            followed = piece.end;
            if is_beginning(text, &beginning) {
                names.follow(&beginning, piece.start, 0, layers);
            }
        }
    }
}

/// Decodes what begins with this piece; gives the end of what was read. What a name may be given of it is left in
/// `beginning`.
fn at<'t>(
    text: &'t [u8],
    names: &NamedPieces<'t>,
    piece: Span,
    beginning: &mut Vec<Span>,
    layers: &mut Vec<Layer>,
) -> usize {
    layers.extend(format::at(text, names, piece));
    let words = word_list::at(text, piece);
    layers.extend(words.and_then(|words| joined(text, &words)));
    let Some(mut chain) = Chain::at(text, names, piece) else {
        return piece.end;
    };
    layers.extend(joined(text, &chain.pieces));
    layers.extend(reversed(text, names, piece));
    let end = piece.end.max(chain.end);
    chain.only_joined();
    while chain.pieces.len() > 1 && !is_beginning(text, &chain.pieces) {
        chain.pieces.pop();
    }
    *beginning = chain.pieces;
    end
}

/// A list that is turned round: the beginning of the key is its last member.
fn reversed<'t>(text: &'t [u8], names: &NamedPieces<'t>, last: Span) -> Option<Layer> {
    if !PREFIX.starts_with(&text[last.range()]) {
        return None;
    }
    let mut pieces = vec![last];
    pieces.extend(list::members_before(
        text,
        names.before(),
        last.start,
        MOST_BEFORE,
    ));
    let first = *pieces.last()?;
    let turned = || list::is_reversed(text, first.start, last.end);
    if last.len() >= PREFIX.len() && !turned() {
        return None;
    }
    joined(text, &pieces)
}

#[cfg(test)]
mod tests {
    use crate::decode::{is_read, layers_of};

    #[test]
    fn pieces_in_a_comment_are_joined() {
        for text in [
            "// concat!(\"jvx_live_\", \"abcdef\")",
            "# x concat(\"jvx_\", \"live_\", \"abcdef\")",
            "see https://example.org concat!(\"jvx_live_\", \"abcdef\")",
            "x(); // y concat(\"jvx_live_\", \"abcdef\")",
        ] {
            assert!(is_read(text), "{text}");
        }
        assert!(!is_read("// f(\"jvx_live_\", \"abcdef\")"));
    }

    #[test]
    fn pieces_that_operators_join_are_read() {
        for text in [
            r#"k = "jvx_"s + "live_" + "abcdef""#,
            r#"k = "jvx_" * "live_" *"abcdef""#,
            "k = 'jvx_' // 'live_abcdef'",
            "assign k = 'jvx_' | append: 'live_abcdef'",
            r#"k = "jvx_" ^ "live_abcdef""#,
            "k = +'jvx_' << 'live_' << 'abcdef'",
            "k = \"jvx_\" & _\n  \"live_\" & _\n  \"abcdef\"",
            "$k = 'jvx_' + `\n  'live_abcdef'",
            r#"k = "jvx_live_" /* body */ "abcdef""#,
            "k = \"jvx_live_\" + // body\n \"abcdef\"",
            "k = \"jvx_live_\" # body\n \"abcdef\"",
            r#"k = String::from("jvx_live_") + "abcdef""#,
            r#"k = "jvx_".to_owned() + &String::from("live_abcdef")"#,
            r#"k = 'jvx_'.freeze + 'live_abcdef'"#,
            r#"k = 'jvx_'.concat('live_').concat('abcdef')"#,
            r#"k = """jvx_live_""" + """abcdef""""#,
        ] {
            assert!(is_read(text), "{text}");
        }
    }

    #[test]
    fn pieces_that_calls_join_are_read() {
        for text in [
            r#"k = concat!("jvx_", "live_", "abcdef")"#,
            r#"k = String.join("", "jvx_", "live_", "abcdef")"#,
            r#"k = string.Concat("jvx_", "live_", "abcdef")"#,
            r#"k <- paste("jvx", "live", "abcdef", sep = "_")"#,
            r#"k = string("jvx_live_", "abcdef")"#,
            r#"k = absl::StrCat("jvx_", "live_", "abcdef")"#,
            "UPDATE t SET k = CONCAT('jvx_live_', 'abcdef')",
            "STRING 'jvx_live_'  DELIMITED BY SIZE\n  'abcdef' DELIMITED BY SIZE\n  INTO K",
            "printf -v K '%s%s' 'jvx_live_' 'abcdef'\n",
            "k = CONCAT_WS('_', 'jvx', 'live', 'abcdef')",
            "my $k = join '', 'jvx_', 'live_', 'abcdef';",
            "sb.append(\"jvx_live_\")\n  .append(\"abcdef\")",
            "sb.append(\"jvx_live_\");\nsb.append(\"abcdef\");",
            "s.push_str(\"jvx_\"); s.push_str(\"live_abcdef\");",
            "b.WriteString(\"jvx_live_\")\nb.WriteString(\"abcdef\")",
            "strcpy(k, \"jvx_live_\"); strcat(k, \"abcdef\");",
            "(str \"jvx_\" \"live_\" \"abcdef\")",
            "echo 'jvx_', 'live_', 'abcdef';",
        ] {
            assert!(is_read(text), "{text}");
        }
    }

    #[test]
    fn lists_are_read_whatever_becomes_of_them() {
        for text in [
            r#"k = ["jvx","live","abcdef"]"#,
            "k = ['jvx_',\n 'live_', // the middle\n 'abcdef',\n]",
            "k = ('jvx_', 'live_', 'abcdef')",
            r#"k := []string{"jvx", "live", "abcdef"}"#,
            r#"k = ["jvx_"; "live_"; "abcdef"]"#,
            r#"k = [| "jvx_"; "live_"; "abcdef" |]"#,
            r#"k = Seq("jvx_", "live_", "abcdef")"#,
            r#"k = @('jvx_live_', 'abcdef')"#,
            "$k = 'jvx', 'live', 'abcdef' -join '_'",
            r#"k = { "jvx_live_", "abc", "def" }"#,
            r#"k = [ "jvx_" "live_" "abcdef" ]"#,
            "$k = implode('_', array('jvx', 'live', 'abcdef'));",
            "parts:\n  - \"jvx_\"\n  - \"live_\"\n  - \"abcdef\"\n",
            "char k[] = { 'j','v','x','_','l','i','v','e','_','a','b','c','d','e','f', 0 };",
            "k = ['j', 'v', 'x', '_', 'l', 'i', 'v', 'e', '_', 'a', 'b', 'c', 'd', 'e', 'f']",
            r#"k = ["abcdef", "live_", "jvx_"]"#,
            r#"k = ["abcdef", "jvx_live_"].reverse().join("")"#,
            "k = ['abcdef', 'live', 'jvx'][::-1]",
        ] {
            assert!(is_read(text), "{text}");
        }
    }

    #[test]
    fn words_and_templates_are_read() {
        for text in [
            "k = %w[jvx live abcdef].join('_')",
            "my $k = join '', qw(jvx_ live_ abcdef);",
            "P=(jvx_ live_ abcdef)",
            "k = 'jvx_ live_ abcdef'.split(' ')",
            "k = \"jvx,live,abcdef\".split(\",\")",
            "parts:\n  - jvx_\n  - live_\n  - abcdef\n",
            "- jvx_\n- live_\n- abcdef: no such thing",
            "cannot read - jvx_ - live_ - abcdef: no such thing",
            "K=jvx_\"live_\"'abcdef'",
            "K=\"jvx_live_\"\"abcdef\"",
            "K='jvx_'\"live_\"abcdef",
            "K=\"jvx_\"live_abcdef",
            "k = f\"{'jvx_'}{'live_'}abcdef\"",
            "k = $\"{\"jvx_\"}live_abcdef\"",
            "k = `${'jvx_'}${'live_'}abcdef`",
            "k = \"#{'jvx_'}live_abcdef\"",
            "k = \"\\(\"jvx_\")live_abcdef\"",
            "k = f\"jvx_{'live_'}abcdef\"",
        ] {
            assert!(is_read(text), "{text}");
        }
    }

    #[test]
    fn what_a_name_or_another_call_separates_is_not_joined() {
        for text in [
            r#"{prefix: "jvx_live_", digest: "abcdef"}"#,
            r#"{"prefix": "jvx_live_", "digest": "abcdef"}"#,
            r#"<k prefix="jvx_live_" digest="abcdef">"#,
            r#"k.startswith("jvx_live_") and k == "abcdef""#,
            r#"k.startsWith("jvx_live_") && k !== "abcdef""#,
            "a = 'jvx_live_'\nb = 'abcdef'",
            "String a = \"jvx_live_\"; String b = \"abcdef\";",
            "INSERT INTO k (prefix, hash) VALUES ('jvx_live_', 'abcdef')",
            "check(\"jvx_live_\", \"abcdef\")",
            "prefixes.append('jvx_live_')\nhashes.append('abcdef')",
            "id,\"jvx_live_\",\"abcdef\"",
            "x = is_key ? \"jvx_live_\" : \"abcdef\"",
            "{\"jvx_live_\", \"abcdef\": 1}",
        ] {
            assert!(!is_read(text), "{text}");
        }
    }

    #[test]
    fn what_follows_a_list_is_no_member_of_it() {
        for text in [
            r#"k = ["jvx", "live", "abcdef"].join("_")"#,
            r#"k = strings.Join([]string{"jvx", "live", "abcdef"}, "_")"#,
            r#"k = table.concat({"jvx_", "live_", "abcdef"}, "x")"#,
            "k = ('jvx', 'live', 'abcdef') -join '_'",
            "k = 'jvx', 'live', 'abcdef' -join '_'",
            r#"k = Seq("jvx", "live", "abcdef").mkString("_")"#,
            r#"f(String.join("", "jvx_", "live_", "abcdef"), "x")"#,
        ] {
            let found = layers_of(text.as_bytes());
            let is = |l: &super::Layer| l.text == b"jvx_live_abcdef";
            assert!(found.iter().any(is), "{text}");
        }
    }

    #[test]
    fn keys_of_a_list_stay_apart() {
        let key = format!("jvx_live_{}", "abcdef".repeat(5));
        for text in [
            format!("['{key}', 'next']"),
            format!("call '{key}' 'next'"),
            format!("['{key}',\n '{key}']"),
        ] {
            let found = layers_of(text.as_bytes());
            let longer = |l: &super::Layer| l.text.len() > key.len() && l.text.starts_with(b"jvx");
            assert!(!found.iter().any(longer), "{text}");
        }
    }

    #[test]
    fn a_list_that_is_turned_round_is_stored_from_its_first_member_on() {
        let text = r#"k = ["abcdef", "live_", "jvx_"]"#;
        let found = layers_of(text.as_bytes());
        let layer = found.iter().find(|l| l.text == b"jvx_live_abcdef").unwrap();
        let stored = layer.stored((0..15).into());
        assert_eq!(&text[stored.range()], r#"abcdef", "live_", "jvx_"#);
    }
}
