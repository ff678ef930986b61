//! Formats that other tools have laid down. Each shows secrets redacted, whoever asks: many people read what they end in.

pub(super) mod azure;
pub(super) mod csv;
pub(super) mod gitlab;
pub(super) mod gitlab_codequality;
pub(super) mod junit;
pub(super) mod rdjson;
mod said;
