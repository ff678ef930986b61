//! Values that standards and vendors publish as examples: half the documentation of the web copies
//! them, and none opens anything.

use super::Refusal;

/// Tokens of RFC 6749, RFC 6750, RFC 7662, OpenID Connect Core and Stripe
/// (<https://docs.stripe.com/api/authentication>), sorted.
const TOKENS: [&str; 10] = [
    "2YotnFZFEjr1zCsicMWpAA",
    "8xLOxBtZp8",
    "SlAV32hkKG",
    "SplxlOBeZQQYbYS6WxSbIA",
    "czZCaGRSa3F0MzpnWDFmQmF0M2JW",
    "czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3",
    "mF_9.B5f-4.1JqM",
    concat!("sk_te", "st_4eC39HqLyjWDarjtT1zdp7dc"),
    "tGzv3JOkF0XG5Qx2TlKWIA",
    "vF9dft4qmT",
];

/// Pairs of RFC 7617, RFC 6749 and Stripe, lower case, without spaces.
const PAIRS: [&str; 5] = [
    "aladdin:opensesame",
    "s6bhdrkqt3:7fjfp0zbr1ktdrbnfvdmiw",
    "s6bhdrkqt3:gx1fbat3bv",
    concat!("sk_te", "st_4ec39hqlyjwdarjtt1zdp7dc:"),
    "test:123\u{a3}",
];

/// Bodies of keys that tests of this project once put together. Its history publishes them, and nobody issued them.
/// A blank stands before each: in the program, `jvx_live_` may come to stand in front of them.
const BODIES: &str = concat!(
    " 7211e2dc0a222dc5d",
    "5d77a8caff87ac82a",
    " 9KciY2TkuL3PGsI",
    "yqmbDYh9VxR4",
    " q7Rk2ZtW9xLb",
    "4MhV8cNs3JfD",
    " q7Rk2mXw9fTzB4cN",
    "vH6sJ8pL3dYgA5eU",
);

/// Refuses the body of a published Jourvex key, also without its last pieces: `["jvx_live_q7Rk...", "3dYg..."]`.
pub(super) fn check_body(body: &[u8]) -> Result<(), Refusal> {
    let mut bodies = BODIES.split(' ');
    match bodies.any(|sample| sample.as_bytes().starts_with(body)) {
        true => Err("a published sample"),
        false => Ok(()),
    }
}

/// Passwords that examples of this project's rules once showed.
const PASSWORDS: [&str; 1] = [concat!("81Quartz*", "c0b4ltV")];

/// Refuses a published password.
pub(super) fn check_password(value: &[u8]) -> Result<(), Refusal> {
    match PASSWORDS.iter().any(|sample| sample.as_bytes() == value) {
        true => Err("a published sample"),
        false => Ok(()),
    }
}

/// Refuses a published token.
pub(super) fn check_token(value: &[u8]) -> Result<(), Refusal> {
    match TOKENS.iter().any(|sample| sample.as_bytes() == value) {
        true => Err("a published sample"),
        false => Ok(()),
    }
}

/// Refuses a published `user:password`.
pub(super) fn check_pair(pair: &[u8]) -> Result<(), Refusal> {
    let plain: Vec<u8> = pair.to_ascii_lowercase();
    let plain: Vec<u8> = plain.into_iter().filter(|b| *b != b' ').collect();
    match PAIRS.iter().any(|sample| sample.as_bytes() == plain) {
        true => Err("a published sample"),
        false => Ok(()),
    }
}
