//! Files made of nothing but what one stage starts from. Shared with the benchmark of that name.

use crate::draw::{BASE62, Draw};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// `(what it is made of, path)`: an input is the first again and again.
const REPEATED: [(&str, &str); 113] = [
    ("{\"auth\":", "a.js"),
    ("auth(user(\"", "a.js"),
    ("Authorization(", "a.js"),
    ("anZ4X2xp", "a.txt"),
    ("bGl2ZV\n", "a.txt"),
    ("YW5aNFgyeHBkbVZm", "a.txt"),
    ("'j','v',", "a.c"),
    ("\"jvx_\",", "a.js"),
    ("\"jvx_\"+", "a.js"),
    ("\"a\",\"jvx_\",", "a.js"),
    ("[\"jvx_\" (", "a.js"),
    ("\"jvx_\" /* ", "a.js"),
    ("\"jvx_%s\",", "a.py"),
    ("\"%s\",\"jvx\"", "a.py"),
    ("(jvx ", "a.sh"),
    ("- jvx_\n", "a.yaml"),
    ("jvx_\"", "a.sh"),
    ("P=jvx_\n$P$B ", "a.sh"),
    ("P=jvx_live_\nP+=a\n", "a.sh"),
    ("P='jvx_';P+P+P+P;", "a.js"),
    ("{'jvx_'}", "a.py"),
    ("jvx", "a.txt"),
    ("jvx_live_", "a.txt"),
    ("\"jvx_live_\"+", "a.js"),
    ("\"jvx_live_\" ", "a.js"),
    ("x_live_", "a.txt"),
    ("_evil_xvj", "a.txt"),
    ("anZ4X2xpdmVf", "a.txt"),
    ("anZ4X2xpdmVf\n", "a.txt"),
    ("dnhfbGl2ZV", "a.txt"),
    ("p2eF9saXZlX", "a.txt"),
    ("6a76785f", "a.txt"),
    ("%6a%76", "a.txt"),
    ("\\u006a", "a.json"),
    ("\\x6a", "a.js"),
    ("\\152", "a.c"),
    ("&#106;", "a.html"),
    ("jvx\\_", "a.md"),
    ("106,118,120,", "a.js"),
    ("0x6a, 0x76, ", "a.go"),
    ("j\0v\0x\0_\0", "a.bin"),
    ("\0jvx", "a.bin"),
    ("authorization", "a.txt"),
    ("Authorization: ", "a.http"),
    ("Authorization: Bearer ", "a.http"),
    ("Authorization:\n", "a.http"),
    ("\"authorization\",", "a.json"),
    ("{\"key\":\"Authorization\",\"x\":\"y\",", "a.json"),
    ("Bearer ", "a.txt"),
    ("X-Api-Key: ", "a.http"),
    ("\"apikey\":", "a.json"),
    ("curl -u ", "a.sh"),
    ("curl -u a:b ", "a.sh"),
    ("https://", "a.txt"),
    ("https://a:b", "a.txt"),
    ("[\"jvx\",", "a.js"),
    ("(\"jvx\").join(", "a.py"),
    ("${\"", "a.ts"),
    ("${\"jvx\"", "a.ts"),
    ("const P=\"jvx_live_\";", "a.js"),
    ("P=\"jvx_live_\";P+\"a\";", "a.js"),
    ("eyJhbGciOiJIUzI1NiJ9.", "a.txt"),
    ("Authorization: eyJhbGciOiJIUzI1NiJ9.", "a.txt"),
    ("//# sourceMappingURL=data:application/json;base64,", "a.js"),
    ("# jvxleaks:allow jourvex-key -- x\n", "a.py"),
    ("X2xpdmVf\n", "a.txt"),
    ("P=\"jvx_live_\";P+", "a.js"),
    ("k = \"jvx_%s\" % \"a\"\n", "a.py"),
    ("\"jvx_%s\" % ", "a.py"),
    ("A=jvx_live_\nB=a\n$A$B\n", "a.sh"),
    ("set P jvx_\nappend P live_\n", "a.tcl"),
    ("RuaGZiR2wyWl ", "a.txt"),
    ("a%6ajvx", "a.txt"),
    ("\\\\\\u006a", "a.json"),
    ("&quot;jvx&#95;", "a.html"),
    ("\"jvx_\\n\",\n\"", "a.ipynb"),
    ("\"a\",\"jvx_live_\"].reverse()", "a.js"),
    ("jvx_\\\n", "a.sh"),
    ("{1}_live_{0}'-f'jvx',", "a.ps1"),
    ("_evil_xvj_evil_xvj\n", "a.txt"),
    (
        "//# sourceMappingURL=data:application/json;base64,AAAA\n",
        "a.js",
    ),
    ("//# sourceMappingURL=data:application/json,a%22", "a.js"),
    ("process.env[`JOURVEX_API_KEY`],", "src/a.client.tsx"),
    ("<script>process.env.JOURVEX_API_KEY</script>", "a.vue"),
    ("6a 76 78 5f ", "a.txt"),
    ("6a76 785f 6c69 ", "a.txt"),
    ("6a:76:78:5f\n", "a.txt"),
    ("106 118 120 95 ", "a.txt"),
    ("106,\n118,\n120,\n", "a.txt"),
    ("H4sI", "a.txt"),
    ("\"H4sIAAAAAAAA\",", "a.txt"),
    ("SDRzSUFBQUFB ", "a.txt"),
    ("\"eJy", "a.txt"),
    ("\"eJyrVkosLcmIz8nPS1WyUlAyNDJWquUCAFLIBtY=\",", "a.txt"),
    ("jvx_=\n", "a.txt"),
    ("jvx_live_a=\n", "a.txt"),
    ("jvx_<wbr>", "a.txt"),
    ("jvx_live_<em>", "a.txt"),
    ("j<b>vx_live_", "a.txt"),
    ("jjjjx_live_", "a.txt"),
    ("jvx\u{200B}", "a.txt"),
    ("jvx_\u{1B}[31m", "a.txt"),
    ("\u{1B}[31m", "a.txt"),
    ("Authorization<em>:", "a.txt"),
    ("Bearer</b>=\n", "a.txt"),
    ("-key&shy;", "a.txt"),
    ("<span>-token</span>", "a.txt"),
    ("jvx_live_a%2D", "a.txt"),
    ("YW5aNFgyeH", "a.txt"),
    ("\\u{6a}\\u{76}\\u{78}", "a.txt"),
    ("&#0106;&#0118;&#0120;", "a.txt"),
    ("px2X4Zna", "a.txt"),
    ("%61%6e%5a%34", "a.txt"),
];

/// Makes about so many bytes.
type Build = fn(usize) -> Vec<u8>;

/// Inputs that are more than one text repeated.
const BUILT: [(&str, &str, Build); 20] = [
    ("different keys back to front", "a.txt", |size| {
        keys(size, "\n")
            .chars()
            .rev()
            .collect::<String>()
            .into_bytes()
    }),
    ("different keys in base64", "a.txt", |size| {
        STANDARD.encode(keys(size / 4 * 3, "\n")).into_bytes()
    }),
    ("different keys in lines of base64", "a.pem", |size| {
        let encoded = STANDARD.encode(keys(size / 4 * 3, "\n"));
        encoded
            .as_bytes()
            .chunks(64)
            .collect::<Vec<_>>()
            .join(&b'\n')
    }),
    ("keys in two pieces", "a.js", |size| {
        keys(size / 2, "';\nk = '")
            .replace("live_", "' + 'live_")
            .into_bytes()
    }),
    ("names that are given keys' prefixes", "a.js", |size| {
        let name = |n: usize| format!("const P{n} = 'jvx_live_'; f(P{n} + 'abc');\n");
        (0..size / 42).map(name).collect::<String>().into_bytes()
    }),
    ("names in front of blanks", "a.js", |size| {
        let (blanks, uses) = (" ".repeat(size / 2), "f(P + 'abc');\n".repeat(size / 28));
        format!("const P{blanks}= 'jvx_live_';\n{uses}").into_bytes()
    }),
    ("blanks and letters between pieces", "a.js", |size| {
        let (blanks, letters) = (" ".repeat(4000), "a".repeat(4000));
        let pieces = format!("f(P, 'jvx_',{blanks}'live_'{letters}'%s');\nP ={blanks}'jvx_';");
        pieces.repeat(size / pieces.len() + 1).into_bytes()
    }),
    ("UTF-16 with bytes appended", "a.txt", |size| {
        let wide: Vec<u8> = "a wide line\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let both = [&wide[..], b"jvx_live_ in a line of bytes\n"].concat();
        [&b"\xFF\xFE"[..], &both.repeat(size / both.len() + 1)].concat()
    }),
    ("map of empty sources", "a.js.map", |size| {
        let (sources, key) = ("\"\",".repeat(size / 6), keys(1, ""));
        format!("{{\"sources\":[{sources}\"\"],\"sourcesContent\":[{sources}\"{key}\"]}}")
            .into_bytes()
    }),
    ("map in percent-encoding", "a.js", |size| {
        let text = "a%22".repeat(size / 4);
        format!("//# sourceMappingURL=data:application/json,{text}").into_bytes()
    }),
    ("UTF-16 of triggers", "a.txt", |size| {
        let text = format!("\u{feff}{}", "X2xpdmVf\n".repeat(size / 18));
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }),
    ("deep notebook", "a.ipynb", |size| {
        nested("{\"cells\":[", size)
    }),
    ("deep map", "a.js.map", |size| {
        nested("{\"sections\":[{\"map\":", size)
    }),
    ("inline map of triggers", "a.js", |size| {
        let text = "anZ4X2xpdmVf".repeat(size / 12);
        format!("//# sourceMappingURL=data:application/json;base64,{text}").into_bytes()
    }),
    ("map full of keys", "a.js.map", |size| {
        let keys = keys(size, "\\n");
        format!("{{\"sources\":[\"a.js\"],\"sourcesContent\":[\"{keys}\"],\"mappings\":\"\"}}")
            .into_bytes()
    }),
    ("keys on one line", "a.txt", |size| {
        keys(size, ",").into_bytes()
    }),
    ("keys on lines", "a.py", |size| {
        keys(size, "\n").into_bytes()
    }),
    ("headers with tokens", "a.txt", |size| {
        keys(size, "\nAuthorization: Bearer ")
            .replace("jvx_live_", "")
            .into_bytes()
    }),
    ("placeholders in client code", "a.tsx", |size| {
        let line = "const k = process.env.JOURVEX_API_KEY; // jvx_live_YOUR_KEY_HERE\n";
        format!("'use client'\n{}", line.repeat(size / line.len())).into_bytes()
    }),
    ("open brackets in client code", "src/a.tsx", |size| {
        format!(
            "'use client'\n{}",
            "f({a:[process.env.JOURVEX_API_KEY,".repeat(size / 35)
        )
        .into_bytes()
    }),
];

/// An input of any size.
pub(crate) struct Input {
    /// What it is made of.
    pub(crate) name: &'static str,
    /// The path of its file.
    pub(crate) path: &'static str,
    build: fn(&'static str, usize) -> Vec<u8>,
    built: Option<Build>,
}

impl Input {
    /// About `size` bytes of it.
    pub(crate) fn bytes(&self, size: usize) -> Vec<u8> {
        match self.built {
            Some(built) => built(size),
            None => (self.build)(self.name, size),
        }
    }
}

/// All of them.
pub(crate) fn inputs() -> Vec<Input> {
    let build = |text: &'static str, size: usize| text.repeat(size / text.len() + 1).into_bytes();
    let repeated = REPEATED.iter().map(|(name, path)| (*name, *path, None));
    let built = BUILT
        .iter()
        .map(|(name, path, built)| (*name, *path, Some(*built)));
    let all = repeated.chain(built);
    all.map(|(name, path, built)| Input {
        name,
        path,
        build,
        built,
    })
    .collect()
}

/// Dense near-misses: every line holds a word of a rule and no credential.
pub(crate) fn near_misses() -> Vec<Input> {
    const LINES: [(&str, &str); 3] = [
        ("JOURVEX_API_KEY=jvx_live_YOUR_KEY_HERE\n", "a.env"),
        ("Authorization: Bearer ${TOKEN}\n", "a.http"),
        (
            "JOURVEX_API_KEY=jvx_live_your_api_key_here\nAuthorization: Bearer <your token>\nkey: jvx_live_...\n\
             Authorization: Token my-secret-token-goes-here\n# jvx_live_xxxxxxxxxxxxxxxxxxxxxxxx\n\
             Access-Control-Allow-Headers: Authorization, Content-Type\n",
            "a.txt",
        ),
    ];
    let build = |text: &'static str, size: usize| text.repeat(size / text.len() + 1).into_bytes();
    let input = |(name, path): &(&'static str, &'static str)| Input {
        name,
        path,
        build,
        built: None,
    };
    LINES.iter().map(input).collect()
}

/// Different keys that look real, again and again after some time.
fn keys(size: usize, separator: &str) -> String {
    let draw = &mut Draw::new(1);
    let keys: Vec<_> = (0..200)
        .map(|_| format!("jvx_live_{}", draw.text(BASE62, 32)))
        .collect();
    let keys = keys.iter().map(String::as_str).cycle();
    let keys: Vec<_> = keys.take(size / (41 + separator.len()) + 1).collect();
    keys.join(separator)
}

/// Openers without an end, with a key inside.
fn nested(open: &str, size: usize) -> Vec<u8> {
    format!("{}{}", open.repeat(size / open.len()), keys(1, "")).into_bytes()
}
