//! What a user can rely on when things go wrong or someone means harm: faults, hostile text, hostile
//! repositories, and the same answer always.
//!
//! Keys are made at run time, so that nothing live-looking is committed.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on should stop, and one that cannot run here should say so"
)]
#![allow(dead_code, reason = "the integration tests use more of these files")]

mod agreement;
mod failures;
mod faults;
mod hostile_repository;
mod hostile_text;
#[path = "../integration/repo.rs"]
mod repo;
#[path = "../integration/workspace.rs"]
mod workspace;
