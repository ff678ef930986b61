//! What a run comes to: matches, findings, exposed keys, faults.

pub(super) mod dress;
pub(super) mod exposure;
pub(super) mod failure;
pub(super) mod fault;
pub(super) mod finding;
pub(super) mod liveness;
pub(super) mod matched;
pub(super) mod outcome;
pub(super) mod rule_info;
pub(super) mod severity;
pub(super) mod step;
