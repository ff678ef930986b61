//! The matrix as a page to read: `tests/README.md`.

use super::peers::{Measured, Met, PEERS, Way};
use super::row::Row;
use std::fmt::Write;
use std::path::Path;

const HEAD: &str = "\
# Tests

| folder | what |
| --- | --- |
| `architecture/` | the floors that `ARCHITECTURE.md` describes |
| `features.rs` | the library as built without some of its features |
| `browser/` | values that reach a browser, file by file, and right files beside them |
| `integration/` | the program: files in, exit code and output out |
| `git_sources/` | what is read of a repository, with a stand-in for the detector |
| `properties/` | what holds for any key, header, placeholder and file |
| `trust/` | faults, hostile text, hostile repositories, the same answer always |
| `fuzz/` | libFuzzer's targets; `fuzz/run SECONDS` runs each, and on stable Rust `properties/fuzz.rs` runs the same functions |
| `e2e/` | bundles of real bundlers |

## Fault matrix
Each row injects a fault and plants a key elsewhere, which must be found all the same. It is run in every format; none may
show the key. Where no key is named, nothing could be read, and the exit code says so: no row ends with 0. The page is
written from `trust/faults/` by `UPDATE_REPORT=1 cargo test --test trust`, and a test holds it to that.

The last columns are what other scanners did on the same rows, where they have the mode: whether they found the planted
key, whether their output says anything of the fault (`told`) or not (`silent`), or whether they found the key that the
fault hides all the same (`read on`; kingfisher often in the work tree, which it reads with the history), and, in brackets, their exit code when the fault is all there is and no key
can be found. `missed` and `silent` are also said of what a scanner does not read at any time: gitleaks reads neither
commit messages nor objects that no ref reaches.
`trust/faults/peers.tsv` holds what they said; `PEERS=FOLDER UPDATE_REPORT=1 cargo test --test trust` measures again, with
the `gitleaks` and `kingfisher` of that folder.
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
    let measured = Measured::kept();
    let mut page = HEAD.to_owned();
    page.push_str(&sums(tables, &measured));
    for (title, rows) in tables {
        let _ = write!(page, "\n### {title}\n{COLUMNS}");
        for row in *rows {
            let found = match row.found {
                "" => String::new(),
                path => format!("`{path}`"),
            };
            let _ = write!(
                page,
                "| {} | {} | `{}` | {found} | {} | `{}` |",
                row.fault,
                row.how,
                row.words,
                row.exit,
                cell(row.says)
            );
            for peer in &PEERS {
                let met = measured.of(row, peer).map(|met| met.cell(row));
                let _ = write!(page, " {} |", met.unwrap_or_default());
            }
            page.push('\n');
        }
    }
    page
}

const COLUMNS: &str = "\
| fault | injected by | command | key found in | exit | says | gitleaks | kingfisher |
| --- | --- | --- | --- | --- | --- | --- | --- |
";

/// How each scanner ends where jvxleaks does with 2: something that was asked for was not read.
fn sums(tables: &[(&str, &[Row])], measured: &Measured) -> String {
    let rows = tables.iter().flat_map(|(_, rows)| rows.iter());
    let unread: Vec<&Row> = rows.filter(|row| row.exit == 2).collect();
    let mut page = format!(
        "\n### Other scanners\nMeasured: {}. Of the faults that keep something from being read, so that jvxleaks ends with 2:\n\n\
         | | faults | finds what is hidden all the same | exit code other than 0 | exit code 0, and told | exit code 0, and silent | hangs | planted keys found |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        measured.versions
    );
    for peer in &PEERS {
        let met = |row: &&Row| {
            measured
                .of(row, peer)
                .map(|met| (row.found.is_empty(), met))
        };
        let met: Vec<(bool, &Met)> = unread.iter().filter_map(met).collect();
        let ways = [Way::Reads, Way::Fails, Way::Tells, Way::Silent, Way::Hangs];
        let counts = ways.map(|way| met.iter().filter(|(_, met)| met.way() == way).count());
        let planted = met.iter().filter(|(is_empty, _)| !is_empty);
        let found = planted.clone().filter(|(_, met)| met.found).count();
        let _ = write!(page, "| {} | {} |", peer.name, met.len());
        for count in counts {
            let _ = write!(page, " {count} |");
        }
        let _ = writeln!(page, " {found} of {} |", planted.count());
    }
    let asked = |row: &&&Row| PEERS.iter().any(|peer| measured.of(row, peer).is_some());
    let asked: Vec<&&Row> = unread.iter().filter(asked).collect();
    let planted = asked.iter().filter(|row| !row.found.is_empty()).count();
    let _ = writeln!(
        page,
        "| jvxleaks | {all} | 0 | {all} | 0 | 0 | 0 | {planted} of {planted} |",
        all = asked.len()
    );
    page
}

/// A code span may hold no backtick, and a cell no bar.
fn cell(text: &str) -> String {
    text.replace('`', "'").replace('|', "\\|")
}
