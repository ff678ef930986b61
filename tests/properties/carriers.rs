//! Files that a value may stand in. `{}` is the value.

/// `(path, text)` of files that hold a value in one line, and no word of a rule beside it.
pub(crate) const FILES: [(&str, &str); 24] = [
    (
        "app/client.py",
        "import os\n\n# planner\nKEY = \"{}\"\n\nprint(1)\n",
    ),
    (
        "lib/client.js",
        "// planner\nmodule.exports = { k: '{}', n: 1 };\n",
    ),
    (
        "lib/client.ts",
        "// planner\nexport const key: string = \"{}\";\n",
    ),
    (
        "cmd/main.go",
        "package main\n\n// planner\nconst k = `{}`\n",
    ),
    ("crates/a.rs", "// planner\nconst KEY: &str = \"{}\";\n"),
    (
        "App.java",
        "class App {\n  // planner\n  String k = \"{}\";\n}\n",
    ),
    ("deploy/values.yaml", "planner:\n  key: {}\n  cert: 1\n"),
    ("deploy/quoted.yml", "planner:\n  - \"{}\"\n  - x\n"),
    (
        "config.json",
        "{\n  \"planner\": {\"k\": \"{}\", \"n\": 2}\n}\n",
    ),
    ("settings.toml", "[planner]\nkey = '{}'\n"),
    (".env", "A=1\nPLANNER={}\nB2=2\n"),
    ("run.sh", "#!/bin/sh\n# planner\nexport K={}\ndate -u\n"),
    ("Dockerfile", "FROM alpine\n# planner\nENV K={}\nRUN true\n"),
    ("README.md", "# planner\n\nUse `{}` to call it.\n"),
    ("page.html", "<!-- planner -->\n<p data-k=\"{}\">x</p>\n"),
    ("conf.xml", "<c>\n<planner>{}</planner>\n</c>\n"),
    ("rows.csv", "id,planner,n\n1,{},3\n"),
    (
        "dump.sql",
        "-- planner\nINSERT INTO k VALUES (1, '{}', NULL);\n",
    ),
    (
        "a.ipynb",
        "{\"cells\": [{\"source\": [\n\"# planner\\n\",\n\"k = '{}'\\n\"\n]}]}\n",
    ),
    (
        "app.log",
        "12:00 INFO planner key={} status=200\n12:01 INFO x\n",
    ),
    (
        "api.http",
        "GET https://api.example.org/ HTTP/1.1\nX-K: {}\n\n",
    ),
    (
        "main.tf",
        "# planner\nvariable \"k\" {\n  default = \"{}\"\n}\n",
    ),
    ("start.txt", "{}\nplanner\n"),
    ("end.txt", "planner\n{}"),
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
