//! The binary as a user meets it: files in, exit code, standard output and standard error out.
//!
//! Keys are made at run time (`workspace::key`), so that nothing live-looking is committed. Update
//! the snapshots with `cargo insta review`, or `INSTA_UPDATE=always cargo test`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod allow;
mod archives;
mod ci;
mod ci_servers;
mod config;
mod containers;
mod conventions;
mod credentials;
mod deltas;
mod errors;
mod fix;
mod fix_settings;
mod fix_staged;
mod fleet;
mod history;
mod history_steps;
mod hook_install;
mod hook_run;
mod hook_steps;
mod hooks_of_git;
mod hostile_archives;
mod html;
mod images;
mod kinds;
mod large_files;
mod lfs;
mod library;
mod name_steps;
mod names;
mod notebooks;
mod output;
mod own;
mod packages;
mod purge;
mod range;
mod redaction;
mod repo;
mod review;
mod rules;
mod scan;
mod silencing;
mod site;
mod staged;
mod verify;
mod walk;
mod whole_secrets;
mod workspace;
