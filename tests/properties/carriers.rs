//! Files that a value may stand in. `{}` is the value.

/// `(path, text)` of files that hold a value in one line. Each says `jourvex` somewhere, as code
/// that uses such a key does: some encodings are looked for only in files that hold a keyword.
pub(crate) const FILES: [(&str, &str); 24] = [
    (
        "app/client.py",
        "import os\n\n# jourvex\nKEY = \"{}\"\n\nprint(1)\n",
    ),
    (
        "lib/client.js",
        "// jourvex\nmodule.exports = { k: '{}', n: 1 };\n",
    ),
    (
        "lib/client.ts",
        "// jourvex\nexport const key: string = \"{}\";\n",
    ),
    (
        "cmd/main.go",
        "package main\n\n// jourvex\nconst k = `{}`\n",
    ),
    ("crates/a.rs", "// jourvex\nconst KEY: &str = \"{}\";\n"),
    (
        "App.java",
        "class App {\n  // jourvex\n  String k = \"{}\";\n}\n",
    ),
    ("deploy/values.yaml", "jourvex:\n  key: {}\n  cert: 1\n"),
    ("deploy/quoted.yml", "jourvex:\n  - \"{}\"\n  - x\n"),
    (
        "config.json",
        "{\n  \"jourvex\": {\"k\": \"{}\", \"n\": 2}\n}\n",
    ),
    ("settings.toml", "[jourvex]\nkey = '{}'\n"),
    (".env", "A=1\nJOURVEX_API_KEY={}\nB2=2\n"),
    ("run.sh", "#!/bin/sh\n# jourvex\nexport K={}\ndate -u\n"),
    ("Dockerfile", "FROM alpine\n# jourvex\nENV K={}\nRUN true\n"),
    ("README.md", "# jourvex\n\nUse `{}` to call it.\n"),
    ("page.html", "<!-- jourvex -->\n<p data-k=\"{}\">x</p>\n"),
    ("conf.xml", "<c>\n<jourvex>{}</jourvex>\n</c>\n"),
    ("rows.csv", "id,jourvex,n\n1,{},3\n"),
    (
        "dump.sql",
        "-- jourvex\nINSERT INTO k VALUES (1, '{}', NULL);\n",
    ),
    (
        "a.ipynb",
        "{\"cells\": [{\"source\": [\n\"# jourvex\\n\",\n\"k = '{}'\\n\"\n]}]}\n",
    ),
    (
        "app.log",
        "12:00 INFO jourvex key={} status=200\n12:01 INFO x\n",
    ),
    (
        "api.http",
        "GET https://jourvex-api.onrender.com/ HTTP/1.1\nX-K: {}\n\n",
    ),
    (
        "main.tf",
        "# jourvex\nvariable \"k\" {\n  default = \"{}\"\n}\n",
    ),
    ("start.txt", "{}\njourvex\n"),
    ("end.txt", "jourvex\n{}"),
];

/// What may stand right before a value.
pub(crate) const SEPARATORS: [&str; 18] = [
    "",
    "",
    "",
    "%3D",
    "\\n",
    "\\t",
    "\\u0022",
    "=",
    "\"",
    "'",
    " ",
    ":",
    "%22",
    "&quot;",
    "\\x22",
    "=3D",
    "Bearer%20",
    ".",
];

/// A value in a file, with the line and the column of its first byte.
pub(crate) fn put(template: &str, value: &str) -> (String, usize, usize) {
    let at = template.find("{}").unwrap();
    let before = &template[..at];
    let line = before.matches('\n').count() + 1;
    let column = at - before.rfind('\n').map_or(0, |end| end + 1) + 1;
    (template.replace("{}", value), line, column)
}
