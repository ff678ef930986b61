//! JSON Web Tokens (<https://www.rfc-editor.org/rfc/rfc7519>): real ones, stubs and samples.

use super::super::candidate::Refusal;
use super::published;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use memchr::memmem;

/// Judges a token that begins with `eyJ`, the base64 of `{"`. `None`: it is not a JWT at all.
pub(in crate::detect::gate) fn judge(value: &[u8]) -> Option<Result<(), Refusal>> {
    if !value.starts_with(b"eyJ") {
        return None;
    }
    let parts: Vec<&[u8]> = value.split(|b| *b == b'.').collect();
    let header = decode(parts.first()?)?;
    if memmem::find(&header, b"\"alg\"").is_none() && memmem::find(&header, b"\"typ\"").is_none() {
        return None;
    }
    if parts.len() < 3 || parts.iter().any(|part| part.is_empty()) {
        return Some(Err("a cut JSON Web Token"));
    }
    let signature = parts[2];
    if signature.len() < 20 {
        return Some(Err("a JSON Web Token without a real signature"));
    }
    let claims = decode(parts[1]).unwrap_or_default();
    if published::claims(&claims) || is_mock(&claims) {
        return Some(Err("a published sample of a JSON Web Token"));
    }
    if super::words::check(signature).is_err() || super::sequence::check(signature).is_err() {
        return Some(Err("a JSON Web Token without a real signature"));
    }
    Some(Ok(()))
}

/// True for claims that say so themselves, or that say nothing of anybody: `{"sub":"mock-subject"}`, `{"exp":1535037897}`.
fn is_mock(claims: &[u8]) -> bool {
    const SAYS: [&[u8]; 5] = [b"\"mock", b"\"dummy", b"\"fake", b"\"sample", b"\"example"];
    const TIMES: [&[u8]; 3] = [b"exp", b"iat", b"nbf"];
    let says = |word: &&[u8]| memmem::find(claims, word).is_some();
    let strings = claims.split(|b| *b == b'"').skip(1).step_by(2);
    SAYS.iter().any(says) || (!claims.is_empty() && strings.into_iter().all(|s| TIMES.contains(&s)))
}

fn decode(part: &[u8]) -> Option<Vec<u8>> {
    let part = part
        .strip_suffix(b"==")
        .or_else(|| part.strip_suffix(b"="))
        .unwrap_or(part);
    URL_SAFE_NO_PAD.decode(part).ok()
}
