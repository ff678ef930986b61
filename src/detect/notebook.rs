//! The place of a match in a Jupyter notebook, for people who see cells and not lines of JSON.

use crate::model::{BlobPath, Match};

/// Adds the cell to the message of each match in a notebook. Matches come in the order of the text,
/// which is read once.
pub(super) fn name_cells(path: &BlobPath, text: &[u8], matches: &mut [Match]) {
    if !path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case(b"ipynb"))
    {
        return;
    }
    let mut walk = CellWalk::new(text);
    for matched in matches {
        walk.advance(matched.span.start);
        if let Some(place) = walk.place() {
            matched.message.push_str(&place);
        }
    }
}

/// A walk over the tokens of JSON that keeps count of cells. Strings are passed as a whole, so that
/// nothing in a cell's text is taken for structure.
struct CellWalk<'t> {
    text: &'t [u8],
    at: usize,
    depth: usize,
    /// The depth inside the array of cells, while in it.
    cells: Option<usize>,
    cell: usize,
    /// Which part of the cell, if it is one that people see.
    part: &'static str,
    /// The last key of the notebook itself.
    section: &'t [u8],
    /// The last string was the key `cells`.
    after_cells: bool,
}

impl<'t> CellWalk<'t> {
    fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            cells: None,
            cell: 0,
            part: "",
            section: b"",
            after_cells: false,
        }
    }

    /// Goes on to the token that holds `offset`.
    fn advance(&mut self, offset: usize) {
        while self.at <= offset && self.at < self.text.len() {
            self.step();
        }
    }

    fn step(&mut self) {
        let byte = self.text[self.at];
        self.at += 1;
        match byte {
            b'"' => self.string(),
            b'[' | b'{' => self.open(byte),
            b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                self.cells = self.cells.filter(|cells| self.depth >= *cells);
            }
            _ => {}
        }
    }

    fn open(&mut self, byte: u8) {
        if self.cells == Some(self.depth) && byte == b'{' {
            self.cell += 1;
            self.part = "";
        }
        self.depth += 1;
        if self.cells.is_none() && self.after_cells && byte == b'[' {
            self.cells = Some(self.depth);
        }
        self.after_cells = false;
    }

    fn string(&mut self) {
        let start = self.at;
        while let Some(found) = memchr::memchr2(b'"', b'\\', &self.text[self.at..]) {
            self.at += found + 1;
            if self.text[self.at - 1] == b'"' {
                return self.key(&self.text[start..self.at - 1]);
            }
            self.at = self.text.len().min(self.at + 1);
        }
        self.at = self.text.len();
    }

    /// Takes note of a string if a colon follows.
    fn key(&mut self, string: &'t [u8]) {
        let mut rest = self.text[self.at..].iter();
        if rest.find(|b| !b.is_ascii_whitespace()) != Some(&b':') {
            return;
        }
        // The third format has its cells in worksheets, the fourth in the notebook.
        self.after_cells = string == b"cells"
            && (self.depth == 1 || self.depth == 3 && self.section == b"worksheets");
        if self.depth == 1 {
            self.section = string;
        }
        if self.cells.is_some_and(|cells| self.depth == cells + 1) {
            self.part = match string {
                b"source" | b"input" => ", source",
                b"outputs" => ", output",
                _ => "",
            };
        }
    }

    fn place(&self) -> Option<String> {
        self.cells?;
        (self.cell > 0).then(|| format!(" (cell {}{})", self.cell, self.part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of each `KEY` in a text.
    fn places(text: &str) -> Vec<String> {
        let mut walk = CellWalk::new(text.as_bytes());
        let keys = text.match_indices("KEY");
        keys.map(|(at, _)| {
            walk.advance(at);
            walk.place().unwrap_or_default()
        })
        .collect()
    }

    #[test]
    fn cells_and_outputs_are_told_apart() {
        let text = r##"{"metadata": {"cells": "KEY"}, "cells": [
            {"cell_type": "markdown", "source": ["# KEY"]},
            {"cell_type": "code", "metadata": {"outputs": "KEY"},
             "outputs": [{"data": {"text/plain": ["KEY {", "KEY"]}}], "source": ["KEY"]},
            {"source": "\"cell_type\": [{ KEY", "outputs" : [{"text": "KEY"}], "cell_type": "code"}
        ], "x": "KEY"}"##;
        assert_eq!(
            places(text),
            [
                "",
                " (cell 1, source)",
                " (cell 2)",
                " (cell 2, output)",
                " (cell 2, output)",
                " (cell 2, source)",
                " (cell 3, source)",
                " (cell 3, output)",
                ""
            ]
        );
    }

    #[test]
    fn the_third_format_has_worksheets() {
        let text = r#"{"nbformat":3,"worksheets":[
            {"metadata":{"cells":[{"source":"KEY"}]},
             "cells":[{"input":["KEY"],"outputs":[{"text":"KEY"}]},{"source":"KEY"}]},
            {"cells":[{"input":"KEY"}]}]}"#;
        let expected = [
            "",
            " (cell 1, source)",
            " (cell 1, output)",
            " (cell 2, source)",
            " (cell 3, source)",
        ];
        assert_eq!(places(text), expected);
    }

    #[test]
    fn only_the_notebook_itself_has_cells() {
        let text = r#"{"metadata":{"cells":[{"source":"KEY"}]},"cells":[{"source":"KEY"}]}"#;
        assert_eq!(places(text), ["", " (cell 1, source)"]);
    }

    #[test]
    fn what_is_no_json_has_no_cells() {
        for text in [
            "KEY",
            "]]}}KEY",
            "\"KEY",
            "{\"cells\": [KEY",
            "\"\\KEY",
            "cells [{ KEY",
        ] {
            assert_eq!(places(text), [""], "{text}");
        }
    }
}
