//! Jupyter notebooks.

use crate::workspace::{Workspace, key};

/// Rule, place and message of every finding.
fn messages(workspace: &Workspace) -> String {
    let report = workspace.json(&["scan", "-f", "json"]);
    let findings = report["findings"].as_array().unwrap().iter();
    let messages = findings.map(|f| format!("{}:{} {}", f["line"], f["column"], f["message"]));
    messages.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_finding_names_its_cell_and_part() {
    let workspace = Workspace::new();
    let notebook = format!(
        r##"{{
 "cells": [
  {{"cell_type": "markdown", "metadata": {{}}, "source": ["# Trips\n"]}},
  {{
   "cell_type": "code",
   "metadata": {{"note": "{}"}},
   "outputs": [{{"name": "stdout", "output_type": "stream", "text": ["using {}\n"]}}],
   "source": ["key = \"{}\"\n"]
  }}
 ],
 "nbformat": 4
}}
"##,
        key(15),
        key(16),
        key(17)
    );
    workspace.file("trips.ipynb", notebook);
    insta::assert_snapshot!(messages(&workspace), @r#"
    6:26 "Live Jourvex API key (cell 2)"
    7:76 "Live Jourvex API key (cell 2, output)"
    8:24 "Live Jourvex API key (cell 2, source)"
    "#);
}

#[test]
fn the_third_format_is_read_too() {
    let workspace = Workspace::new();
    let notebook = format!(
        r#"{{"nbformat": 3, "worksheets": [{{"cells": [
  {{"cell_type": "code", "input": ["import os\n"], "outputs": []}},
  {{"cell_type": "code", "input": ["key = '{}'"], "outputs": [{{"text": ["{}"]}}]}}
]}}]}}"#,
        key(18),
        key(19)
    );
    workspace.file("old.ipynb", notebook);
    insta::assert_snapshot!(messages(&workspace), @r#"
    3:43 "Live Jourvex API key (cell 2, source)"
    3:112 "Live Jourvex API key (cell 2, output)"
    "#);
}

#[test]
fn a_key_in_pieces_is_found_over_the_lines_of_a_cell() {
    let workspace = Workspace::new();
    let key = key(20);
    let (start, end) = key.split_at(20);
    let notebook = format!(
        r#"{{"cells": [{{"cell_type": "code", "source": [
    "key = (\n",
    "    \"{start}\"\n",
    "    \"{end}\"\n",
    ")\n"
]}}], "nbformat": 4}}
"#
    );
    workspace.file("pieces.ipynb", notebook);
    insta::assert_snapshot!(messages(&workspace), @r#"3:12 "Live Jourvex API key (cell 1, source)""#);
}
