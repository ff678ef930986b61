//! The fault matrix: each row injects one fault and says what must come of it. `tests/README.md`
//! shows the rows as a table; `UPDATE_REPORT=1 cargo test --test trust` writes it again.
//!
//! A new row is an entry in one of the tables; a new table is a line in [`tables`].

mod call;
mod files;
mod objects;
mod output;
mod refs;
mod row;
mod settings;
mod surroundings;
mod table;

use row::Row;

/// All rows, by what they break.
fn tables() -> [(&'static str, &'static [Row]); 6] {
    [
        ("Files and folders", files::ROWS),
        ("Objects of a repository", objects::ROWS),
        ("Refs, index and the repository itself", refs::ROWS),
        ("Settings", settings::ROWS),
        ("Output and signals", output::ROWS),
        ("Surroundings", surroundings::ROWS),
    ]
}

macro_rules! hold {
    ($($name:ident: $rows:path;)*) => {$(
        #[test]
        fn $name() {
            row::hold($rows);
        }
    )*};
}

hold! {
    files_and_folders: files::ROWS;
    objects_of_a_repository: objects::ROWS;
    refs_and_index: refs::ROWS;
    settings: settings::ROWS;
    output_and_signals: output::ROWS;
    surroundings: surroundings::ROWS;
}

#[test]
fn the_report_shows_the_rows() {
    table::compare(&tables());
}
