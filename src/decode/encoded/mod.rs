//! Bytes that are written as letters and digits: base64, hexadecimal, character codes.

pub(super) mod base64;
pub(super) mod codes;
pub(super) mod hex;
pub(super) mod inflate;
