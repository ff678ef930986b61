//! The matrix as a page to read: `tests/README.md`.

use super::row::Row;
use std::fmt::Write;
use std::path::Path;

const HEAD: &str = "\
# Tests

| folder | what |
| --- | --- |
| `architecture.rs` | the floors that `ARCHITECTURE.md` describes |
| `integration/` | the program: files in, exit code and output out |
| `git_sources/` | what is read of a repository, with a stand-in for the detector |
| `properties/` | what holds for any key, header, placeholder and file |
| `trust/` | faults, hostile text, hostile repositories, the same answer always |
| `fuzz/` | the fuzz targets; `fuzz/run SECONDS` runs each |
| `e2e/` | bundles of real bundlers |

## Fault matrix
Each row injects a fault and plants a key elsewhere, which must be found all the same. It is run in every format; none may
show the key. Where no key is named, nothing could be read, and the exit code says so: no row ends with 0. The page is
written from `trust/faults/` by `UPDATE_REPORT=1 cargo test --test trust`, and a test holds it to that.
";

/// Compares the page with the rows, or writes it when asked to.
pub(crate) fn compare(tables: &[(&str, &[Row])]) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/README.md");
    let wanted = render(tables);
    if std::env::var_os("UPDATE_REPORT").is_some() {
        std::fs::write(&page, &wanted).unwrap();
    }
    let there = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(
        there == wanted,
        "tests/README.md is not what the rows say; UPDATE_REPORT=1 cargo test --test trust"
    );
}

fn render(tables: &[(&str, &[Row])]) -> String {
    let mut page = HEAD.to_owned();
    for (title, rows) in tables {
        let _ = write!(
            page,
            "\n### {title}\n| fault | injected by | command | key found in | exit | says |\n| --- | --- | --- | --- | --- | --- |\n"
        );
        for row in *rows {
            let found = match row.found {
                "" => String::new(),
                path => format!("`{path}`"),
            };
            let _ = writeln!(
                page,
                "| {} | {} | `{}` | {found} | {} | `{}` |",
                row.fault,
                row.how,
                row.words,
                row.exit,
                cell(row.says)
            );
        }
    }
    page
}

/// A code span may hold no backtick, and a cell no bar.
fn cell(text: &str) -> String {
    text.replace('`', "'").replace('|', "\\|")
}
