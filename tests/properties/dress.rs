//! The forms in which a key may be stored: encoded values, and statements that put it together.

use crate::draw::Draw;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use std::io::Write as _;

/// Length of `jvx_live_`.
const PREFIX: usize = 9;

/// Writes a key in another form.
pub(crate) type Dress = fn(&mut Draw, &str) -> String;

/// Forms that escape characters and may follow any separator.
pub(crate) const ESCAPES: [(&str, Dress); 14] = [
    ("percent", |d, k| escaped(d, k, |c| format!("%{c:02X}"))),
    ("percent, lower case", |d, k| {
        escaped(d, k, |c| format!("%{c:02x}"))
    }),
    ("\\x", |d, k| escaped(d, k, |c| format!("\\x{c:02x}"))),
    ("\\u", |d, k| escaped(d, k, |c| format!("\\u{c:04x}"))),
    ("\\u{}", |d, k| escaped(d, k, |c| format!("\\u{{{c:x}}}"))),
    ("octal", |d, k| escaped(d, k, |c| format!("\\{c:03o}"))),
    ("&#;", |d, k| escaped(d, k, |c| format!("&#{c};"))),
    ("&#x;", |d, k| escaped(d, k, |c| format!("&#x{c:x};"))),
    ("&#0;", |d, k| escaped(d, k, |c| format!("&#{c:04};"))),
    ("&#x00;", |d, k| escaped(d, k, |c| format!("&#x{c:04x};"))),
    ("%u", |d, k| escaped(d, k, |c| format!("%u{c:04X}"))),
    ("\\x{}", |d, k| escaped(d, k, |c| format!("\\x{{{c:x}}}"))),
    ("octal, escaped", |d, k| {
        escaped(d, k, |c| format!("\\\\{c:03o}"))
    }),
    ("\\u{}, escaped", |d, k| {
        escaped(d, k, |c| format!("\\\\u{{{c:x}}}"))
    }),
];

/// Forms that are one run of characters in a quoted or bare value.
pub(crate) const RUNS: [(&str, Dress); 21] = [
    ("base64", |d, k| STANDARD.encode(surrounded(d, k))),
    ("base64 without padding", |d, k| {
        STANDARD_NO_PAD.encode(surrounded(d, k))
    }),
    ("base64url", |d, k| URL_SAFE_NO_PAD.encode(surrounded(d, k))),
    ("hex", |d, k| hex(&surrounded(d, k))),
    ("hex in capitals", |d, k| {
        hex(&surrounded(d, k)).to_uppercase()
    }),
    ("reversed", |_, k| k.chars().rev().collect()),
    ("base64 of base64", |d, k| {
        STANDARD.encode(STANDARD.encode(surrounded(d, k)))
    }),
    ("base64 in JSON in JSON", |d, k| {
        format!(
            "{{\\\"k\\\":\\\"{}\\\"}}",
            STANDARD.encode(surrounded(d, k))
        )
    }),
    ("base64 in lines that end in \\n", |d, k| {
        let width = *d.pick(&[60, 64, 76]);
        let before = d.below(100);
        let encoded = STANDARD.encode(format!("{}{k}{}", "#".repeat(before), "#".repeat(60)));
        let lines = encoded
            .as_bytes()
            .chunks(width)
            .map(String::from_utf8_lossy);
        lines.collect::<Vec<_>>().join("\\n")
    }),
    ("base64 of UTF-16", |d, k| {
        STANDARD.encode(units(&surrounded(d, k)))
    }),
    ("base64 of hex", |d, k| {
        STANDARD.encode(hex(&surrounded(d, k)))
    }),
    ("base64 of percent", |d, k| {
        STANDARD.encode(percent(&surrounded(d, k)))
    }),
    ("base64 back to front", |d, k| {
        STANDARD.encode(surrounded(d, k)).chars().rev().collect()
    }),
    ("hex of base64", |d, k| {
        hex(&STANDARD.encode(surrounded(d, k)))
    }),
    ("percent of base64", |d, k| {
        percent(&STANDARD.encode(surrounded(d, k)))
    }),
    ("base64 of gzip", |d, k| {
        STANDARD.encode(gzip(&surrounded(d, k)))
    }),
    ("base64 of base64 of gzip", |d, k| {
        STANDARD.encode(STANDARD.encode(gzip(&surrounded(d, k))))
    }),
    ("base64 of zlib", |d, k| {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(surrounded(d, k).as_bytes()).unwrap();
        format!("\'{}\'", STANDARD.encode(zlib.finish().unwrap()))
    }),
    ("hex with something between", |d, k| {
        let between = *d.pick(&[" ", ":", "-", ", "]);
        codes(&surrounded(d, k), between, |byte| format!("{byte:02x}"))
    }),
    ("codes", |d, k| {
        codes(&surrounded(d, k), ",", |c| c.to_string())
    }),
    ("codes of base64", |d, k| {
        codes(&STANDARD.encode(surrounded(d, k)), ", ", |c| c.to_string())
    }),
];

/// A key in which something stands that is not shown. Behind a whole key an element is about something else.
pub(crate) const UNSEEN: [(&str, Dress); 8] = [
    ("soft line break", |d, k| {
        let line_end = *d.pick(&["=\n", "=\r\n", "= \r\n"]);
        cut(d, k, k.len() - 1, line_end)
    }),
    ("=5F", |_, k| k.replace('_', "=5F")),
    ("element", |d, k| {
        let tag = *d.pick(&["em", "b", "mark", "span class=\"hl\"", "strong"]);
        let name = tag.split(' ').next().unwrap();
        let at = d.between(1, PREFIX + 15);
        format!("<{tag}>{}</{name}>{}", &k[..at], &k[at..])
    }),
    ("tag", |d, k| {
        let tag = *d.pick(&["<wbr>", "<wbr/>", "<!-- -->"]);
        cut(d, k, k.len() - 1, tag)
    }),
    ("run of Word", |d, k| {
        let tags =
            "</w:t></w:r><w:r w:rsidR=\"00A\"><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">";
        cut(d, k, k.len() - 1, tags)
    }),
    ("invisible character", |d, k| {
        let all = ["\u{AD}", "\u{200B}", "\u{200D}", "\u{2060}", "\u{FEFF}"];
        let character = *d.pick(&all);
        cut(d, k, k.len() - 1, character)
    }),
    ("invisible character, as an escape", |d, k| {
        let all = [
            "&shy;", "&#173;", "&#8203;", "&#x200B;", "\\u200b", "\\u00ad", "\\ufeff",
        ];
        let escape = *d.pick(&all);
        cut(d, k, k.len() - 1, escape)
    }),
    ("colours", |d, k| {
        let escape = *d.pick(&["\u{1B}", "\\u001b", "\\x1b", "\\033", "\\e", "^["]);
        let (on, off) = *d.pick(&[("[1;31m", "[0m"), ("[01;31m", "[m"), ("[38;5;9m", "[39m")]);
        let at = d.between(1, k.len() - 1);
        format!("{escape}{on}{}{escape}{off}{}", &k[..at], &k[at..])
    }),
];

/// A key with something behind one of its first characters.
fn cut(draw: &mut Draw, key: &str, most: usize, between: &str) -> String {
    let at = draw.between(1, most);
    format!("{}{between}{}", &key[..at], &key[at..])
}

fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

fn units(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn percent(text: &str) -> String {
    codes(text, "", |byte| format!("%{byte:02X}"))
}

/// Forms that take a whole statement, with a file in which it may stand.
pub(crate) const STATEMENTS: [(&str, &str, Dress); 62] = [
    ("a.js", "plus", |d, k| glued(d, k, " + ", "'")),
    ("a.py", "adjacent", |d, k| adjacent(d, k, "\"", "\n     ")),
    ("a.c", "adjacent on a line", |d, k| {
        adjacent(d, k, "\"", " ")
    }),
    ("a.php", "dot", |d, k| glued(d, k, " . ", "'")),
    ("a.js", "concat", |d, k| {
        let at = d.between(3, PREFIX);
        let rest = pieces(d, &k[at..], 0, "\"", ", ");
        format!("const k = \"{}\".concat({rest});", &k[..at])
    }),
    ("b.js", "join", |d, k| {
        format!("k = [{}].join('')", pieces(d, k, 3, "'", ", "))
    }),
    ("b.js", "join on _", |_, k| {
        format!("k = [\"jvx\",\"live\",\"{}\"].join(\"_\");", &k[PREFIX..])
    }),
    ("b.py", "python's join", |d, k| {
        format!("k = ''.join([{}])", pieces(d, k, 3, "'", ",\n  "))
    }),
    ("b.php", "implode", |_, k| {
        format!("$k = implode('_', ['jvx', 'live', '{}']);", &k[PREFIX..])
    }),
    ("c.ts", "template", |_, k| {
        format!("const k = `jvx_live_${{\"{}\"}}`;", &k[PREFIX..])
    }),
    ("c.sh", "continued line", |d, k| {
        let at = d.between(PREFIX, k.len() - 1);
        format!("K=\"{}\\\n{}\"", &k[..at], &k[at..])
    }),
    ("d.js", "named prefix and plus", |_, k| {
        format!("const P = \"jvx_live_\";\nsend(P + \"{}\");", &k[PREFIX..])
    }),
    ("d.ts", "named prefix in a template", |_, k| {
        format!("const P = 'jvx_live_';\nsend(`${{P}}{}`);", &k[PREFIX..])
    }),
    ("e.js", "codes", |_, k| {
        format!(
            "k = String.fromCharCode({});",
            codes(k, ", ", |c| c.to_string())
        )
    }),
    ("e.min.js", "codes without spaces", |_, k| {
        format!(
            "k=String.fromCharCode({})",
            codes(k, ",", |c| c.to_string())
        )
    }),
    ("e.go", "codes in hex", |_, k| {
        format!(
            "k := []byte{{{}}}",
            codes(k, ", ", |c| format!("0x{c:02x}"))
        )
    }),
    ("f.pem", "wrapped base64", |d, k| wrapped(d, k)),
    ("g.ml", "a comment between", |d, k| {
        format!("let k = {}", pieces(d, k, 3, "\"", " ^ (* x *) "))
    }),
    ("g.cc", "suffixes", |d, k| {
        let at = d.between(3, PREFIX);
        format!("auto k = \"{}\"s + \"{}\"s;", &k[..at], &k[at..])
    }),
    ("g.jl", "asterisk", |d, k| glued(d, k, " * ", "\"")),
    ("g.ml", "caret", |d, k| glued(d, k, " ^ ", "\"")),
    ("g.rb", "shovel", |d, k| glued(d, k, " << ", "'")),
    ("g.vb", "ampersand and continuation", |d, k| {
        glued(d, k, " & _\n    ", "\"")
    }),
    ("g.rs", "conversions", |_, k| {
        format!(
            "String::from(\"jvx_\") + &\"live_\".to_owned() + \"{}\"",
            &k[PREFIX..]
        )
    }),
    ("h.rs", "concat!", |d, k| {
        format!("concat!({})", pieces(d, k, 3, "\"", ", "))
    }),
    ("h.java", "String.join", |d, k| {
        format!("String.join(\"\", {});", pieces(d, k, 3, "\"", ", "))
    }),
    ("h.sql", "CONCAT", |d, k| {
        format!("SET k = CONCAT({});", pieces(d, k, 3, "'", ", "))
    }),
    ("h.R", "paste", |_, k| {
        format!(
            "k <- paste(\"jvx\", \"live\", \"{}\", sep = \"_\")",
            &k[PREFIX..]
        )
    }),
    ("h.clj", "str", |d, k| {
        let at = d.between(3, PREFIX);
        format!(
            "(str \"{}\" {})",
            &k[..at],
            pieces(d, &k[at..], 0, "\"", " ")
        )
    }),
    ("h.pl", "join without brackets", |d, k| {
        format!("my $k = join '', {};", pieces(d, k, 3, "'", ", "))
    }),
    ("h.kt", "append, chained", |d, k| {
        let rest = pieces(d, k, 3, "\"", ")\n  .append(");
        format!("StringBuilder().append({rest}).toString()")
    }),
    ("i.java", "append, in statements", |d, k| {
        format!("sb.append({});", pieces(d, k, 3, "\"", ");\nsb.append("))
    }),
    ("i.c", "strcat", |d, k| {
        format!("strcpy(k, {});", pieces(d, k, 3, "\"", "); strcat(k, "))
    }),
    ("i.fs", "a list with semicolons", |d, k| {
        format!("String.concat \"\" [ {} ]", pieces(d, k, 3, "\"", "; "))
    }),
    ("i.go", "a list joined by _", |_, k| {
        format!(
            "strings.Join([]string{{\"jvx\", \"live\", \"{}\"}}, \"_\")",
            &k[PREFIX..]
        )
    }),
    ("i.py", "a list alone", |_, k| {
        format!("P = [\n  'jvx_',\n  'live_',\n  '{}',\n]", &k[PREFIX..])
    }),
    ("i.js", "a list turned round", |_, k| {
        format!("['{}', 'live_', 'jvx_'].reverse().join('')", &k[PREFIX..])
    }),
    ("j.c", "single characters", |d, k| {
        let between = *d.pick(&["', '", "','"]);
        let all: Vec<_> = k.chars().map(String::from).collect();
        format!("char k[] = {{ '{}', 0 }};", all.join(between))
    }),
    ("j.rb", "words", |_, k| {
        format!("%w[jvx live {}].join('_')", &k[PREFIX..])
    }),
    ("j.pl", "quoted words", |_, k| {
        format!("join '', qw(jvx_ live_ {});", &k[PREFIX..])
    }),
    ("j.py", "one literal, split", |_, k| {
        format!("''.join(\"jvx_ live_ {}\".split())", &k[PREFIX..])
    }),
    ("j.yaml", "items", |_, k| {
        format!("key:\n  - jvx_\n  - live_\n  - {}", &k[PREFIX..])
    }),
    ("k.sh", "quotes that touch", |_, k| {
        format!("K='jvx_'\"live_\"'{}'", &k[PREFIX..])
    }),
    ("k.bash", "a word partly in quotes", |_, k| {
        format!("export K=jvx_\"live_\"'{}'", &k[PREFIX..])
    }),
    ("k.py", "literals in an f-string", |_, k| {
        format!("k = f\"{{'jvx_'}}{{'live_'}}{}\"", &k[PREFIX..])
    }),
    ("k.cs", "a literal in an interpolation", |_, k| {
        format!("k = $\"{{\"jvx_\"}}live_{}\";", &k[PREFIX..])
    }),
    ("l.py", "places, by order", |_, k| {
        format!("k = \"%s_live_%s\" % (\"jvx\", \"{}\")", &k[PREFIX..])
    }),
    ("l.ps1", "places, by number", |_, k| {
        format!("$k = '{{0}}_live_{{1}}' -f 'jvx', '{}'", &k[PREFIX..])
    }),
    ("l.go", "a place for the rest", |_, k| {
        format!("fmt.Sprintf(\"jvx_live_%s\", \"{}\")", &k[PREFIX..])
    }),
    ("m.sh", "added to a variable", |_, k| {
        format!("export P=jvx_live_\nP+={}", &k[PREFIX..])
    }),
    ("m.tcl", "appended to a variable", |_, k| {
        format!(
            "package require http\nset key \"jvx_live_\"\nappend key \"{}\"",
            &k[PREFIX..]
        )
    }),
    ("n.sh", "two variables", |_, k| {
        format!("export A=jvx_live_\nB={}\nK=\"$A$B\"", &k[PREFIX..])
    }),
    ("n.js", "two names", |_, k| {
        format!(
            "const a = 'jvx_live_', b = '{}';\nsend(a + b);",
            &k[PREFIX..]
        )
    }),
    ("o.min.js", "names above their use, calls behind", |_, k| {
        let body = &k[PREFIX..];
        format!("const b=\"{body}\",p=\"jvx_live_\";f(p+b);h('X-Foo','bar');x['foo']=1;")
    }),
    ("o.js", "names below their use", |_, k| {
        let body = &k[PREFIX..];
        format!("send(P + B);\nvar B = '{body}';\nvar P = 'jvx_live_';")
    }),
    ("o.py", "two names and a literal", |d, k| {
        let (prefix, body) = k.split_at(PREFIX);
        let at = d.between(3, PREFIX - 1);
        let (first, second) = prefix.split_at(at);
        format!("a = '{first}'\nb = '{second}'\nk = a + b + '{body}'")
    }),
    ("o.ts", "fields of an object", |_, k| {
        let body = &k[PREFIX..];
        format!(
            "const K = {{ body: '{body}', prefix: 'jvx_live_' }};\nsend(`${{K.prefix}}${{K.body}}`);"
        )
    }),
    ("O.java", "fields of a class", |d, k| {
        let join = *d.pick(&["P + B", "P.concat(B)", "String.format(\"%s%s\", P, B)"]);
        let fields = [("P", "jvx_live_"), ("B", &k[PREFIX..])];
        let fields =
            fields.map(|(name, value)| format!("static final String {name} = \"{value}\";"));
        format!(
            "class O {{ String k() {{ return {join}; }}\n {} }}",
            fields.join("\n ")
        )
    }),
    ("o.sh", "three variables", |_, k| {
        format!(
            "B={}\nM=live_\nA=jvx_\nK=\"${{A}}${{M}}\"\"$B\"",
            &k[PREFIX..]
        )
    }),
    ("Makefile", "variables of a Makefile", |_, k| {
        format!("K = $(P)$(B)\nP := jvx_live_\nB := {}", &k[PREFIX..])
    }),
    ("o.yml", "variables of a job", |d, k| {
        let run = *d.pick(&["${P}${B}", "$P$B", "${{ env.P }}${{ env.B }}"]);
        format!(
            "steps:\n  - run: x {run}\nenv:\n  B: {}\n  P: jvx_live_",
            &k[PREFIX..]
        )
    }),
    ("Dockerfile", "variables of an image", |d, k| {
        let sign = *d.pick(&["=", " "]);
        format!(
            "ARG B{sign}{}\nENV P{sign}jvx_live_\nENV K=${{P}}${{B}}",
            &k[PREFIX..]
        )
    }),
];

/// A key with some characters of its prefix escaped, or all characters.
fn escaped(draw: &mut Draw, key: &str, escape: fn(u8) -> String) -> String {
    let all = draw.one_in(3);
    // One of the two ends of the prefix stays readable: `jvx` or `x_live_`.
    let open = if draw.one_in(2) { 0..2 } else { 3..PREFIX };
    let first = *draw.pick(&open.clone().collect::<Vec<_>>());
    let mask = draw.below(1 << PREFIX);
    let chosen = |at: usize| all || (open.contains(&at) && (at == first || mask >> at & 1 == 1));
    let bytes = key.bytes().enumerate();
    bytes
        .map(|(at, byte)| {
            if chosen(at) {
                escape(byte)
            } else {
                char::from(byte).to_string()
            }
        })
        .collect()
}

/// The key among other bytes, so that it stands at any alignment.
fn surrounded(draw: &mut Draw, key: &str) -> String {
    let before = *draw.pick(&["", ":", "k=", "  \"", "{\"k\":\"", "user:", "key: "]);
    let after = *draw.pick(&["", "", "\"", "\n", "\"}", " ", ":"]);
    format!("{before}{key}{after}")
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn codes(text: &str, separator: &str, code: fn(u8) -> String) -> String {
    let codes: Vec<_> = text.bytes().map(code).collect();
    codes.join(separator)
}

/// Adjacent literals, the first too short for a whole key: behind a whole one the next literal is taken
/// for something else, such as the next argument of a command.
fn adjacent(draw: &mut Draw, key: &str, quote: &str, between: &str) -> String {
    let at = draw.between(3, PREFIX + 15);
    let rest = pieces(draw, &key[at..], 0, quote, between);
    format!("k = ({quote}{}{quote}{between}{rest})", &key[..at])
}

/// Quoted pieces of a text, the first at least `first` characters long.
fn pieces(draw: &mut Draw, text: &str, first: usize, quote: &str, between: &str) -> String {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut least = first.max(1);
    while start + least < text.len() && pieces.len() < 4 {
        let end = start + draw.between(least, (text.len() - start - 1).max(least));
        pieces.push(format!("{quote}{}{quote}", &text[start..end]));
        (start, least) = (end, 1);
    }
    pieces.push(format!("{quote}{}{quote}", &text[start..]));
    pieces.join(between)
}

/// Pieces of a key under an operator, `jvx` or `x_live_` in one of them.
fn glued(draw: &mut Draw, key: &str, operator: &str, quote: &str) -> String {
    let at = draw.between(1, PREFIX);
    let head = &key[..at];
    let rest = if at < 3 {
        let readable = PREFIX + draw.below(8);
        let tail = pieces(draw, &key[readable..], 0, quote, operator);
        format!("{quote}{}{quote}{operator}{tail}", &key[at..readable])
    } else {
        pieces(draw, &key[at..], 0, quote, operator)
    };
    format!("k = {quote}{head}{quote}{operator}{rest};")
}

/// Base64 in lines of 64 or 76 characters, one of which may end inside the prefix.
fn wrapped(draw: &mut Draw, key: &str) -> String {
    let width = *draw.pick(&[64, 76]);
    let indent = *draw.pick(&["", "  "]);
    let lines = width / 4 * 3;
    let before = lines * draw.below(3) + draw.below(lines);
    let after = draw.below(90);
    let text = format!("{}\n{key}\n{}", "#".repeat(before), "#".repeat(after));
    let encoded = STANDARD.encode(text);
    let lines = encoded.as_bytes().chunks(width);
    let lines: Vec<_> = lines.map(String::from_utf8_lossy).collect();
    format!("{indent}{}\n", lines.join(&format!("\n{indent}")))
}

/// A text in UTF-16, in either order, with a mark or without.
pub(crate) fn utf16(draw: &mut Draw, text: &str) -> Vec<u8> {
    let (big, marked) = (draw.one_in(2), draw.one_in(2));
    let mark = marked.then_some(0xFEFF);
    let units = mark.into_iter().chain(text.encode_utf16());
    units
        .flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}
