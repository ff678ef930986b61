//! `scan --fix` and `--diff`, through the binary: files in, files out.

use crate::workspace::{Workspace, key};
use std::fs;

/// A file, its text with a key in the place of each `KEY`, and what --fix makes of it.
const FIXED: &[(&str, &str, &str)] = &[
    (
        "a.py",
        "#!/usr/bin/env python3\n\"\"\"About.\"\"\"\n\nimport requests\n\nKEY = \"KEY\"\nh = {\"Authorization\": \"Bearer KEY\"}\nopts = dict(api_key='KEY', n=1)\n",
        "#!/usr/bin/env python3\n\"\"\"About.\"\"\"\n\nimport os\nimport requests\n\nKEY = os.environ[\"JOURVEX_API_KEY\"]\nh = {\"Authorization\": f\"Bearer {os.environ['JOURVEX_API_KEY']}\"}\nopts = dict(api_key=os.environ[\"JOURVEX_API_KEY\"], n=1)\n",
    ),
    (
        "b.py",
        "# -*- coding: utf-8 -*-\r\nfrom __future__ import annotations\r\nkey = \"KEY\"\r\n",
        "# -*- coding: utf-8 -*-\r\nfrom __future__ import annotations\r\nimport os\r\nkey = os.environ[\"JOURVEX_API_KEY\"]\r\n",
    ),
    (
        "b2.py",
        "\"two line doc\"\nfrom __future__ import (annotations,\n    division)\nkey = \"KEY\"\nimport os\n",
        "\"two line doc\"\nfrom __future__ import (annotations,\n    division)\nimport os\nkey = os.environ[\"JOURVEX_API_KEY\"]\nimport os\n",
    ),
    (
        "b3.py",
        "X = \"\"\"\nimport os\n\"\"\"\nkey = \"KEY\"\n",
        "import os\nX = \"\"\"\nimport os\n\"\"\"\nkey = os.environ[\"JOURVEX_API_KEY\"]\n",
    ),
    (
        "c.js",
        "const key = 'KEY';\nfetch(u, { headers: { Authorization: `Bearer KEY` } });\n",
        "const key = process.env.JOURVEX_API_KEY;\nfetch(u, { headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` } });\n",
    ),
    (
        "d.ts",
        "export const key: string = \"KEY\";\n",
        "export const key: string = process.env.JOURVEX_API_KEY!;\n",
    ),
    (
        "e.go",
        "package main\n\nimport (\n\t\"fmt\"\n\t\"time\"\n)\n\nvar key = \"KEY\"\n",
        "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"time\"\n)\n\nvar key = os.Getenv(\"JOURVEX_API_KEY\")\n",
    ),
    (
        "f.go",
        "package main\n\nfunc f() string { return \"KEY\" }\n",
        "package main\n\nimport \"os\"\n\nfunc f() string { return os.Getenv(\"JOURVEX_API_KEY\") }\n",
    ),
    (
        "g.rb",
        "headers = { \"Authorization\" => \"Bearer KEY\" }\n",
        "headers = { \"Authorization\" => \"Bearer \" + ENV.fetch(\"JOURVEX_API_KEY\") }\n",
    ),
    (
        "g2.rb",
        "list = %w[a b]\nkey = \"KEY\"\n",
        "list = %w[a b]\nkey = ENV.fetch(\"JOURVEX_API_KEY\")\n",
    ),
    (
        "c2.js",
        "const q = gql`\n  a(b: \"c\")\n`;\nconst key = 'KEY';\n",
        "const q = gql`\n  a(b: \"c\")\n`;\nconst key = process.env.JOURVEX_API_KEY;\n",
    ),
    (
        "h.php",
        "<?php\n$key = 'KEY';\n$h = ['Authorization' => 'Bearer KEY'];\n",
        "<?php\n$key = getenv('JOURVEX_API_KEY');\n$h = ['Authorization' => 'Bearer ' . getenv('JOURVEX_API_KEY')];\n",
    ),
    (
        "I.java",
        "class I {\n  static final String K = \"KEY\";\n}\n",
        "class I {\n  static final String K = System.getenv(\"JOURVEX_API_KEY\");\n}\n",
    ),
    (
        "J.kt",
        "val key = \"KEY\"\n",
        "val key = System.getenv(\"JOURVEX_API_KEY\")\n",
    ),
    (
        "K.cs",
        "class K {\n  string key = \"KEY\";\n}\n",
        "class K {\n  string key = System.Environment.GetEnvironmentVariable(\"JOURVEX_API_KEY\");\n}\n",
    ),
    (
        "l.sh",
        "KEY=KEY\ncurl -H 'Authorization: Bearer KEY' https://a.example\ncurl -H \"Authorization: Bearer KEY\" https://a.example\n",
        "KEY=\"${JOURVEX_API_KEY:?}\"\ncurl -H \"Authorization: Bearer ${JOURVEX_API_KEY:?}\" https://a.example\ncurl -H \"Authorization: Bearer ${JOURVEX_API_KEY:?}\" https://a.example\n",
    ),
    (
        "l2.sh",
        "cat <<EOF >a\nkey=KEY\nEOF\nb=$(curl --header=\"A: KEY\")\nrun -e K=KEY $'KEY'\n",
        "cat <<EOF >a\nkey=${JOURVEX_API_KEY:?}\nEOF\nb=$(curl --header=\"A: ${JOURVEX_API_KEY:?}\")\nrun -e K=\"${JOURVEX_API_KEY:?}\" \"${JOURVEX_API_KEY:?}\"\n",
    ),
    (
        "l2.js",
        "f('Bearer ' + 'KEY');\n",
        "f('Bearer ' + process.env.JOURVEX_API_KEY);\n",
    ),
    (
        "l5.kt",
        "class A(val k: String = \"KEY\") {\n  val h = mapOf(\"X\" to \"Bearer KEY\")\n}\n",
        "class A(val k: String = System.getenv(\"JOURVEX_API_KEY\")) {\n  val h = mapOf(\"X\" to \"Bearer ${System.getenv(\"JOURVEX_API_KEY\")}\")\n}\n",
    ),
    (
        "l6.ps1",
        "$b = @\"\nk=KEY\n\"@\n$h = @{\n  A = \"Bearer KEY\"\n  'b' = 'KEY'\n}\n",
        "$b = @\"\nk=${env:JOURVEX_API_KEY}\n\"@\n$h = @{\n  A = \"Bearer ${env:JOURVEX_API_KEY}\"\n  'b' = $env:JOURVEX_API_KEY\n}\n",
    ),
    ("m.ps1", "$key = \"KEY\"\n", "$key = $env:JOURVEX_API_KEY\n"),
    (
        "n.js",
        "const page = {\n  template: `\n<div :k=\"${open ? `it's` : \"}\"}\">don't</div>\n`,\n};\nconst key = \"KEY\";\n",
        "const page = {\n  template: `\n<div :k=\"${open ? `it's` : \"}\"}\">don't</div>\n`,\n};\nconst key = process.env.JOURVEX_API_KEY;\n",
    ),
    (
        "n.go",
        "package main\n\nimport \"os\"\n\nvar page = `\n<p>\"</p>\n`\n\nvar key = \"KEY\"\n\nvar _ = os.Args\n",
        "package main\n\nimport \"os\"\n\nvar page = `\n<p>\"</p>\n`\n\nvar key = os.Getenv(\"JOURVEX_API_KEY\")\n\nvar _ = os.Args\n",
    ),
    (
        "o.js",
        "function f(process) {\n  return process.pid;\n}\nif (a) {\n  const process = b();\n  use(process);\n}\nconst key = \"KEY\";\n",
        "function f(process) {\n  return process.pid;\n}\nif (a) {\n  const process = b();\n  use(process);\n}\nconst key = process.env.JOURVEX_API_KEY;\n",
    ),
    (
        "p.js",
        "const key = mode === \"x\" ? \"KEY\" : null;\nconst other = mode === \"y\" ? null : \"KEY\";\nf({ key: mode ? \"KEY\" : \"\" });\n",
        "const key = mode === \"x\" ? process.env.JOURVEX_API_KEY : null;\nconst other = mode === \"y\" ? null : process.env.JOURVEX_API_KEY;\nf({ key: mode ? process.env.JOURVEX_API_KEY : \"\" });\n",
    ),
    (
        "q.js",
        "switch (mode) {\n  case \"x\": return \"KEY\";\n  case \"y\":\n    key = \"KEY\";\n}\n",
        "switch (mode) {\n  case \"x\": return process.env.JOURVEX_API_KEY;\n  case \"y\":\n    key = process.env.JOURVEX_API_KEY;\n}\n",
    ),
    (
        "r.ts",
        "let x: { k: string } = { k: \"KEY\" };\nconst y = a ? \"KEY\" : \"b\";\n",
        "let x: { k: string } = { k: process.env.JOURVEX_API_KEY! };\nconst y = a ? process.env.JOURVEX_API_KEY! : \"b\";\n",
    ),
    (
        "r2.ts",
        "type A =\n  X extends Y\n  ? \"a\"\n  : \"b\";\nconst a: Map<string, string> = new Map<string, string>([[\"k\", \"KEY\"]]);\nconst f = async (x: string): Promise<B> => g({ h: { k: \"KEY\" } });\nconst h = (): string => \"KEY\";\nthis.key = \"KEY\";\nclass C { readonly k: string = \"KEY\"; m(k = \"KEY\") {} }\nlet c = live\n  ? \"KEY\"\n  : \"b\";\nexport default { k: live ? [\"KEY\"] : [] };\n",
        "type A =\n  X extends Y\n  ? \"a\"\n  : \"b\";\nconst a: Map<string, string> = new Map<string, string>([[\"k\", process.env.JOURVEX_API_KEY!]]);\nconst f = async (x: string): Promise<B> => g({ h: { k: process.env.JOURVEX_API_KEY! } });\nconst h = (): string => process.env.JOURVEX_API_KEY!;\nthis.key = process.env.JOURVEX_API_KEY!;\nclass C { readonly k: string = process.env.JOURVEX_API_KEY!; m(k = process.env.JOURVEX_API_KEY!) {} }\nlet c = live\n  ? process.env.JOURVEX_API_KEY!\n  : \"b\";\nexport default { k: live ? [process.env.JOURVEX_API_KEY!] : [] };\n",
    ),
    (
        "s.py",
        "import os\n\nkey = \"KEY\" if live else None\nother = None if live else \"KEY\"\n",
        "import os\n\nkey = os.environ[\"JOURVEX_API_KEY\"] if live else None\nother = None if live else os.environ[\"JOURVEX_API_KEY\"]\n",
    ),
    (
        "T.kt",
        "val key = when (mode) {\n    \"x\" -> \"KEY\"\n    else -> \"\"\n}\nval other = if (live) \"KEY\" else \"\"\n",
        "val key = when (mode) {\n    \"x\" -> System.getenv(\"JOURVEX_API_KEY\")\n    else -> \"\"\n}\nval other = if (live) System.getenv(\"JOURVEX_API_KEY\") else \"\"\n",
    ),
    (
        "U.scala",
        "val key = mode match {\n  case \"x\" => \"KEY\"\n  case _ => \"\"\n}\n",
        "val key = mode match {\n  case \"x\" => sys.env(\"JOURVEX_API_KEY\")\n  case _ => \"\"\n}\n",
    ),
    (
        "V.java",
        "class V {\n  String f(int a) {\n    return switch (a) {\n      case 1 -> \"KEY\";\n      default -> \"\";\n    };\n  }\n}\n",
        "class V {\n  String f(int a) {\n    return switch (a) {\n      case 1 -> System.getenv(\"JOURVEX_API_KEY\");\n      default -> \"\";\n    };\n  }\n}\n",
    ),
    (
        "w.php",
        "<?php\n$key = match ($a) {\n  'x' => 'KEY',\n  default => '',\n};\n$other = $live ? 'KEY' : '';\n",
        "<?php\n$key = match ($a) {\n  'x' => getenv('JOURVEX_API_KEY'),\n  default => '',\n};\n$other = $live ? getenv('JOURVEX_API_KEY') : '';\n",
    ),
    (
        "y.py",
        "\u{feff}key = \"KEY\"\n",
        "\u{feff}import os\nkey = os.environ[\"JOURVEX_API_KEY\"]\n",
    ),
    (
        "Z.cs",
        "\u{feff}class Z { string key = a ? \"KEY\" : null; }\n",
        "\u{feff}class Z { string key = a ? System.Environment.GetEnvironmentVariable(\"JOURVEX_API_KEY\") : null; }\n",
    ),
    (
        "x.rb",
        "key = live ? \"KEY\" : nil\n",
        "key = live ? ENV.fetch(\"JOURVEX_API_KEY\") : nil\n",
    ),
];

/// A file that stays as it is, and why.
const LEFT: &[(&str, &str, &str)] = &[
    (
        "a.go",
        "package a\n\nconst key = \"KEY\"\n",
        "a constant is wanted",
    ),
    (
        "B.java",
        "class B {\n  @Value(\"KEY\") String key;\n}\n",
        "a constant is wanted",
    ),
    (
        "C.cs",
        "class C {\n  void F(string key = \"KEY\") {}\n}\n",
        "a constant is wanted",
    ),
    (
        "d.php",
        "<?php\nclass D {\n  private $key = 'KEY';\n}\n",
        "a constant is wanted",
    ),
    ("e.kt", "const val KEY = \"KEY\"\n", "a constant is wanted"),
    ("f.ts", "enum F { A = \"KEY\" }\n", "a constant is wanted"),
    (
        "ff.ts",
        "export const F = {\n  key: { a: \"KEY\" },\n} as const;\n",
        "a constant is wanted",
    ),
    (
        "g.py",
        "url = \"https://a.example/?key=KEY&n=1\"\n",
        "a part of a longer text",
    ),
    ("h.py", "key = b\"KEY\"\n", "a literal of a kind of its own"),
    ("i.py", "key = \"KEY\".strip()\n", "a part of an expression"),
    (
        "j.py",
        "import os\nos.environ[\"JOURVEX_API_KEY\"] = \"KEY\"\n",
        "sets the variable itself",
    ),
    (
        "k.sh",
        "cat <<'END'\n\"KEY\"\nEND\n",
        "in which no variable is read",
    ),
    (
        "k.js",
        "const body = `\n  const key = \"KEY\";\n`;\nrun(body);\n",
        "a part of a longer text",
    ),
    (
        "k2.js",
        "const list = `\n  ${all.map((a) => `\n    const key = \"KEY\";\n  `)}\n`;\n",
        "a part of a longer text",
    ),
    (
        "k3.js",
        "a.replace(/`/g, \"\");\nconst body = `\n  const key = \"KEY\";\n`;\n",
        "text of several lines",
    ),
    (
        "k.go",
        "package main\n\nvar body = `\n{\"key\": \"KEY\"}\n`\n",
        "a part of a longer text",
    ),
    (
        "k4.js",
        "function f(process) {\n  return \"KEY\" + process.pid;\n}\n",
        "another meaning",
    ),
    (
        "k5.js",
        "function f(process) {\n  const key = \"KEY\";\n  return process;\n}\n",
        "another meaning",
    ),
    (
        "k6.js",
        "function f() {\n  process = mock;\n}\nconst key = \"KEY\";\n",
        "another meaning",
    ),
    ("f2.ts", "let x: { k: \"KEY\" };\n", "it may be a type"),
    ("f3.ts", "let y: \"KEY\";\n", "a constant is wanted"),
    (
        "f4.ts",
        "function f(a: { k: \"KEY\" }): [\"b\"] {\n  return a;\n}\n",
        "it may be a type",
    ),
    (
        "f5.ts",
        "const y = z as { k: \"KEY\" };\n",
        "a constant is wanted",
    ),
    (
        "f6.ts",
        "let y: A extends B ? \"KEY\" : never;\n",
        "it may be a type",
    ),
    (
        "s2.scala",
        "val a = b match {\n  case \"KEY\" => 1\n  case _ => 2\n}\n",
        "a constant is wanted",
    ),
    (
        "s4.rs",
        "const K: &str = match A {\n    1 => \"KEY\",\n    _ => \"\",\n};\n",
        "as long as the program",
    ),
    (
        "s3.js",
        "switch (a) {\n  case \"KEY\": return 1;\n}\n",
        "a constant is wanted",
    ),
    (
        "s5.rs",
        "static A: [&str; 1] = [\n    \"KEY\",\n];\n",
        "a constant is wanted",
    ),
    (
        "s6.rs",
        "fn main() {\n    println!(concat!(\"a\", \"KEY\"));\n}\n",
        "a macro takes it",
    ),
    (
        "s7.ex",
        "defmodule A do\n  def plan(\"KEY\"), do: 1\nend\n",
        "a constant is wanted",
    ),
    (
        "s8.ts",
        "const a = Deno.env.get(\"A\");\nconst key = \"KEY\";\n",
        "read it as others there",
    ),
    (
        "s9.mjs",
        "export default {\n  async fetch(request, env) {\n    return call(\"KEY\");\n  },\n};\n",
        "read it as others there",
    ),
    (
        "t1.js",
        "const q = gql`\n  login(apiKey: \"KEY\")\n`;\n",
        "a part of an expression",
    ),
    (
        "t2.ts",
        "const o = { key: \"KEY\" } satisfies Options;\n",
        "a constant is wanted",
    ),
    (
        "k.rb",
        "body = \"\n  key = 'KEY'\n\"\n",
        "text of several lines",
    ),
    (
        "k.php",
        "<?php\n$body = '\n  key = \"KEY\"\n';\n",
        "text of several lines",
    ),
    (
        "l.rs",
        "fn main() {\n    let key = \"KEY\";\n}\n",
        "takes a literal alone",
    ),
    ("m.yml", "key: KEY\n", "in no language"),
    ("tests/n.py", "key = \"KEY\"\n", "in a test"),
    (
        "public/o.js",
        "const key = \"KEY\";\n",
        "a browser has no environment",
    ),
    (
        "p.js",
        "const key = \"jvx_live_\" + \"REST\";\n",
        "in pieces",
    ),
    (
        "q.py",
        "def f(key: \"KEY\"):\n    return 1\n",
        "a constant is wanted",
    ),
    (
        "r.py",
        "def f():\n    \"KEY\"\n    return 1\n",
        "a constant is wanted",
    ),
    (
        "s.py",
        "match x:\n    case {\"k\": \"KEY\"}:\n        pass\n",
        "a constant is wanted",
    ),
    ("t.py", "os = 1\nkey = \"KEY\"\n", "another meaning"),
    (
        "u.js",
        "function f() { return\"KEY\" }\n",
        "a part of an expression",
    ),
    (
        "v.ts",
        "enum E {\n  B = 1,\n  A = \"KEY\",\n}\n",
        "a constant is wanted",
    ),
    (
        "w.php",
        "<?php\nclass W {\n  const B = [\n    'k' => 'KEY',\n  ];\n}\n",
        "a constant is wanted",
    ),
    (
        "x.go",
        "package a\n\ntype T string\n\nvar t T = \"KEY\"\n",
        "a constant is wanted",
    ),
    (
        "Y.java",
        "class Y {\n  @A(b = {\"x\", \"KEY\"}) String c;\n}\n",
        "a constant is wanted",
    ),
    (
        "z.kt",
        "const val D =\n    \"KEY\"\n",
        "a constant is wanted",
    ),
    ("aa.rb", "s = :\"KEY\"\n", "a part of an expression"),
    ("cc.sh", "k='\nKEY=KEY\n'\n", "in single quotes"),
    (
        "dd.sh",
        "cat <<'EOF'\nKEY=KEY\nEOF\n",
        "in which no variable is read",
    ),
    ("ee.sh", "cat <<EOF\nKEY=KEY\n", "the end is not known"),
    ("ff.sh", "sed 's/KEY/x/' a\n", "a command looks for"),
    ("gg.sh", "# KEY=KEY ./a\n", "in a comment"),
    (
        "hh.sh",
        "case $1 in\n  KEY) true ;;\nesac\n",
        "a command looks for",
    ),
    (
        "a.rs",
        "fn f() -> &'static str {\n    \"KEY\"\n}\n",
        "as long as the program",
    ),
    (
        "b.rs",
        "fn f() {\n    g(HeaderValue::from_static(\"KEY\"));\n}\n",
        "as long as the program",
    ),
    (
        "c.ex",
        "case a do\n  k when k in [\"KEY\"] -> 1\nend\n",
        "a constant is wanted",
    ),
    (
        "d.php",
        "<?php f(); ?>\n<script>g('KEY')</script>\n",
        "it stands in a page",
    ),
    (
        "e.js",
        "page.evaluate(() => f(\"KEY\"));\n",
        "whoever gets the page",
    ),
    (
        "f.ts",
        "const a = z.string().default(\"KEY\");\n",
        "a variable that is not set",
    ),
    (
        "g.rb",
        "a = ENV[\"A\"] || \"KEY\"\n",
        "a variable that is not set",
    ),
];

/// A literal of a type of TypeScript, which nobody reads when the program runs.
const TYPES: &[&str] = &[
    "let f: (k: string) => \"KEY\";\n",
    "function k(cb: () => \"KEY\"): void {}\n",
    "class Z {\n  h: () => \"KEY\";\n}\n",
    "type G = { f(): \"x\"; g: () => \"KEY\" };\n",
    "interface K {\n  f: (a: number) => \"KEY\";\n}\n",
    "type A =\n  X extends Y\n  ? \"KEY\"\n  : \"b\";\n",
    "type A =\n  X extends Y\n  ? \"b\"\n  : \"KEY\";\n",
    "type A =\n  X extends Y\n  ? \"a\"\n  : \"b\";\ntype O = {\n  b: {\n    c: \"KEY\",\n    d: [\"x\"],\n  }\n}\n",
    "type P = Pick<\n  X,\n  \"KEY\"\n>;\n",
    "f(a as Pick<X, \"KEY\">);\n",
    "class A<B = \"KEY\"> {}\n",
    "function f<const T = \"KEY\">() {}\n",
    "const a = b ? c : (d): { k: \"KEY\" } => d;\n",
    "let x: import(\"a\").B<[(\"KEY\")]>;\n",
    "const g = (cb: (a: string) => \"KEY\") => cb;\n",
    "const h = { m(): { k: \"KEY\" } { return a; } };\n",
    "const k = z satisfies { k: \"KEY\" };\n",
    "const a = b\nlet f: () => \"KEY\"\n",
    "export default class {\n  h: (x: string) => { k: \"KEY\" }\n}\n",
];

fn with_keys(text: &str, number: u64) -> String {
    let key = key(number);
    // The name of a variable is no key.
    let text = text
        .replace("JOURVEX_API_KEY", "VARIABLE")
        .replace("KEY =", "NAME =")
        .replace("KEY=KEY", "NAME=KEY");
    let text = text.replace("REST", &key[9..]).replace("KEY", &key);
    text.replace("NAME", "KEY")
        .replace("VARIABLE", "JOURVEX_API_KEY")
}

#[test]
fn a_literal_that_is_the_whole_of_an_expression_becomes_the_reading_of_a_variable() {
    for (number, (name, before, after)) in (1..).zip(FIXED) {
        let here = Workspace::new();
        here.file(name, with_keys(before, number));
        let run = here.run(&["scan", ".", "--fix", "-q"]);
        assert!(run.starts_with("exit 0\n"), "{name}: {run}");
        assert_eq!(
            fs::read_to_string(here.path(name)).unwrap(),
            *after,
            "{name}"
        );
        assert_eq!(
            fs::read_to_string(here.path(".env.example")).unwrap(),
            "JOURVEX_API_KEY=\n"
        );
        let again = here.run(&["scan", ".", "--diff", "-q"]);
        assert!(
            again.starts_with("exit 0\n--- stdout\n--- stderr"),
            "{name}: {again}"
        );
    }
}

/// A part of a longer text, which a person should look at.
const LONGER: &[(&str, &str, &str)] = &[
    (
        "l3.js",
        "const u = `${b}/x?k=KEY&n=${n}`;\n",
        "const u = `${b}/x?k=${process.env.JOURVEX_API_KEY}&n=${n}`;\n",
    ),
    (
        "l4.rb",
        "q = <<~SQL\n  k = 'KEY'\nSQL\nget \"/x?k=KEY\"\nputs 'X-Key: KEY'\n",
        "q = <<~SQL\n  k = '#{ENV.fetch(\"JOURVEX_API_KEY\")}'\nSQL\nget \"/x?k=#{ENV.fetch(\"JOURVEX_API_KEY\")}\"\nputs \"X-Key: #{ENV.fetch(\"JOURVEX_API_KEY\")}\"\n",
    ),
    (
        "l4.go",
        "package a\n\nimport \"os\"\n\nvar u = \"https://a.example/?k=KEY&n=1\"\n",
        "package a\n\nimport \"os\"\n\nvar u = \"https://a.example/?k=\" + os.Getenv(\"JOURVEX_API_KEY\") + \"&n=1\"\n",
    ),
    (
        "l5.rs",
        "fn main() {\n    f(\"X-Key: KEY;\");\n}\n",
        "fn main() {\n    f(&format!(\"X-Key: {};\", std::env::var(\"JOURVEX_API_KEY\").expect(\"JOURVEX_API_KEY is set\")));\n}\n",
    ),
];

#[test]
fn a_part_of_a_longer_text_is_read_within_it() {
    for (number, (name, before, after)) in (1..).zip(LONGER) {
        let here = Workspace::new();
        here.file(name, with_keys(before, number));
        let run = here.run(&["scan", ".", "--fix", "--unsafe-fixes", "-q"]);
        assert!(run.contains(&format!("look at {name}:")), "{name}: {run}");
        let fixed = fs::read_to_string(here.path(name)).unwrap();
        assert_eq!(fixed, *after, "{name}");
    }
}

#[test]
fn a_script_that_sets_the_variable_reads_one_with_a_number() {
    let here = Workspace::new();
    let text = format!("JOURVEX_API_KEY=x\na=\"{}\"\nb=\"{}\"\n", key(1), key(2));
    here.file("a.sh", text);
    here.run(&["scan", ".", "--fix", "-q"]);
    insta::assert_snapshot!(fs::read_to_string(here.path("a.sh")).unwrap(), @r#"
    JOURVEX_API_KEY=x
    a="${JOURVEX_API_KEY_2:?}"
    b="${JOURVEX_API_KEY_3:?}"
    "#);
}

#[test]
fn what_cannot_be_an_expression_is_left_with_the_reason() {
    for (number, (name, text, why)) in (1..).zip(LEFT) {
        let here = Workspace::new();
        let text = with_keys(text, number);
        here.file(name, &text);
        let run = here.run(&["scan", ".", "--fix", "-q"]);
        assert!(run.contains(why), "{name}: {run}");
        assert_eq!(fs::read_to_string(here.path(name)).unwrap(), text, "{name}");
        assert!(!here.path(".env.example").exists());
    }
}

#[test]
fn a_literal_of_a_type_is_left() {
    for (number, text) in (1..).zip(TYPES) {
        let text = with_keys(text, number);
        for name in ["a.ts", "a.mts", "a.cts", "a.tsx"] {
            let here = Workspace::new();
            here.file(name, &text);
            let run = here.run(&["scan", ".", "--fix", "--unsafe-fixes", "-q"]);
            assert!(run.starts_with("exit 1\n"), "{text}: {run}");
            assert_eq!(fs::read_to_string(here.path(name)).unwrap(), text);
        }
    }
}

#[test]
fn a_change_that_a_person_should_look_at_is_made_when_it_is_asked_for() {
    let here = Workspace::new();
    here.file(
        "a.rs",
        format!("fn main() {{\n    let key = \"{}\";\n}}\n", key(1)),
    );
    here.file(
        "b.php",
        format!("<?php\n$h = ['Authorization: Bearer {}'];\n", key(2)),
    );
    let two = format!(
        "<?php\n$h = ['X-Key: {}, Authorization: Bearer {}'];\n",
        key(3),
        key(4)
    );
    here.file("c.php", &two);
    let run = here.run(&["scan", ".", "--fix", "--unsafe-fixes", "-q"]);
    assert!(
        run.contains("not fixed: c.php:2: another secret stands in the same literal"),
        "{run}"
    );
    assert_eq!(fs::read_to_string(here.path("c.php")).unwrap(), two);
    insta::assert_snapshot!(fs::read_to_string(here.path("a.rs")).unwrap(), @r#"
    fn main() {
        let key = &std::env::var("JOURVEX_API_KEY").expect("JOURVEX_API_KEY is set");
    }
    "#);
    insta::assert_snapshot!(fs::read_to_string(here.path("b.php")).unwrap(), @"
    <?php
    $h = ['Authorization: Bearer ' . getenv('JOURVEX_API_KEY_2')];
    ");
}

#[test]
fn a_diff_shows_the_change_and_no_secret_and_changes_nothing() {
    let here = Workspace::new();
    let text = format!("const other = 1;\nconst key = \"{}\";\n", key(1));
    here.file("a.js", &text);
    insta::assert_snapshot!(here.run(&["scan", ".", "--diff"]), @r#"
    exit 1
    --- stdout
    --- a/a.js
    +++ b/a.js
    @@ -1,2 +1,2 @@
     const other = 1;
    -const key = "jvx_live_zEGC...";
    +const key = process.env.JOURVEX_API_KEY;
    --- stderr
    nothing was changed; --fix makes these changes
    "#);
    assert_eq!(fs::read_to_string(here.path("a.js")).unwrap(), text);
}

#[test]
fn credentials_of_others_are_read_from_variables_named_after_their_places() {
    let here = Workspace::new();
    let (token, other) = (&key(1)[9..], &key(2)[9..]);
    here.file(
        "a.py",
        format!("import os\nfrom requests import get\nbilling_token = \"{token}\"\nget(u, headers={{\"X-Api-Key\": \"{other}\"}})\n"),
    );
    let run = here.run(&["scan", ".", "--fix", "-q"]);
    let fixed = fs::read_to_string(here.path("a.py")).unwrap();
    assert!(
        fixed.contains("\"X-Api-Key\": os.environ[\"X_API_KEY\"]"),
        "{run}\n{fixed}"
    );
    assert!(!fixed.contains(other));
}

#[test]
fn the_user_stays_where_a_password_goes() {
    let password = &key(3)[9..];
    for (name, before, after) in [
        (
            "a.php",
            "<?php\ncurl_setopt($c, CURLOPT_USERPWD, 'billing:WORD');\n",
            "<?php\ncurl_setopt($c, CURLOPT_USERPWD, 'billing:' . getenv('BILLING_PASSWORD'));\n",
        ),
        (
            "a.sh",
            "curl -u \"batch-jobs:WORD\" https://a.example\n",
            "curl -u \"batch-jobs:${BATCH_JOBS_PASSWORD:?}\" https://a.example\n",
        ),
        (
            "docker-compose.yml",
            "services:\n  a:\n    environment:\n      URL: postgres://app:WORD@db/app\n",
            "services:\n  a:\n    environment:\n      URL: postgres://app:${APP_PASSWORD:?}@db/app\n",
        ),
        // What is called `user` may be a token.
        (
            "b.sh",
            "curl -u \"R4nd0mT0kenOfSomeVendor:WORD\" https://a.example\n",
            "curl -u \"${API_TOKEN:?}\" https://a.example\n",
        ),
    ] {
        let here = Workspace::new();
        here.file(name, before.replace(":WORD", &format!(":{password}")));
        let run = here.run(&["scan", ".", "--fix", "--unsafe-fixes", "-q"]);
        let fixed = fs::read_to_string(here.path(name)).unwrap();
        assert_eq!(fixed, after, "{run}");
        assert!(here.run(&["scan", ".", "-q"]).starts_with("exit 0\n"));
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_replaced_is_named_and_the_others_are_fixed() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let here = Workspace::new();
    for (number, name) in (1..).zip(["a.py", "fixed.sh", "real.py"]) {
        here.file(
            name,
            format!("key = \"{}\"\n", key(number))
                .replace("key = ", if name == "fixed.sh" { "key=" } else { "key = " }),
        );
    }
    let mode = |name: &str, mode: u32| {
        fs::set_permissions(here.path(name), fs::Permissions::from_mode(mode)).unwrap()
    };
    mode("a.py", 0o444);
    mode("fixed.sh", 0o755);
    symlink("real.py", here.path("link.py")).unwrap();
    let run = here.run(&["scan", "a.py", "fixed.sh", "link.py", "--fix", "-q"]);
    assert!(run.starts_with("exit 2\n"), "{run}");
    assert!(run.contains("a.py: not fixed: it is read-only"), "{run}");
    assert!(
        run.contains("link.py: not fixed: it is a symbolic link"),
        "{run}"
    );
    assert_eq!(
        fs::read_to_string(here.path("fixed.sh")).unwrap(),
        "key=\"${JOURVEX_API_KEY_2:?}\"\n"
    );
    let kept = fs::metadata(here.path("fixed.sh"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(kept & 0o777, 0o755);
    assert!(
        fs::read_to_string(here.path("real.py"))
            .unwrap()
            .contains(&key(3))
    );
}

#[test]
fn an_accepted_credential_is_left_and_what_is_left_fails_the_run() {
    let here = Workspace::new();
    let text = format!(
        "a = \"{}\"  # jvxleaks:allow jourvex-key -- a sample\nb = b\"{}\"\n",
        key(1),
        key(2)
    );
    here.file("a.py", &text);
    let run = here.run(&["scan", ".", "--fix", "-f", "concise"]);
    assert!(run.starts_with("exit 1\n"), "{run}");
    assert_eq!(fs::read_to_string(here.path("a.py")).unwrap(), text);
    let only = here.run(&["scan", ".", "--fix-only"]);
    assert!(only.starts_with("exit 0\n--- stdout\n--- stderr"), "{only}");
}
