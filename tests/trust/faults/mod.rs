//! The fault matrix: each row injects one fault and says what must come of it. `tests/README.md`
//! shows the rows as a table; `UPDATE_REPORT=1 cargo test --test trust` writes it again.
//!
//! A new row is an entry in one of the tables; a new table is a line in [`tables`].

mod call;
mod files;
mod hooks;
mod jobs;
mod objects;
mod output;
mod peers;
mod refs;
mod row;
mod settings;
mod surroundings;
mod table;

use row::Row;

/// All rows, by what they break.
fn tables() -> [(&'static str, &'static [Row]); 8] {
    [
        ("Files and folders", files::ROWS),
        ("Objects of a repository", objects::ROWS),
        ("Refs, index and the repository itself", refs::ROWS),
        ("What a hook is given", hooks::ROWS),
        ("What a job is given", jobs::ROWS),
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
    what_a_hook_is_given: hooks::ROWS;
    what_a_job_is_given: jobs::ROWS;
    settings: settings::ROWS;
    output_and_signals: output::ROWS;
    surroundings: surroundings::ROWS;
}

#[test]
fn the_report_shows_the_rows() {
    // Other scanners may be measured just now, on what does not speak to jvxleaks alone.
    let ours = [hooks::ROWS, jobs::ROWS, settings::ROWS];
    let rows = tables().into_iter().map(|(_, rows)| rows);
    let rows = rows.filter(|rows| !ours.iter().any(|own| std::ptr::eq(*own, *rows)));
    let commits = hooks::ROWS.iter().filter(|row| row.words == hooks::COMMIT);
    peers::Measured::measure(&rows.flatten().chain(commits).collect::<Vec<_>>());
    table::compare(&tables());
}
