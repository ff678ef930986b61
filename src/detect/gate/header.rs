//! The value of an `Authorization` or API-key header.

use super::candidate::{Candidate, GatePage, Refusal};
use super::lately::{self, ValueRole};
use super::token::SHARED;
use super::userinfo::USERINFO;
use super::value::wordlike::{self, WordStanding};
use super::value::{grammar, jwt, placeholder, published, sealed, seen, sequence, words};
use super::{literal, password, token, userinfo};
use crate::model::Span;
use crate::rules::Gate;
use crate::syntax::listed;

/// What this gate says of itself.
pub(super) const HEADER: GatePage = GatePage {
    gate: Gate::Header,
    judges: "the value of an `Authorization` or API-key header",
    harmless: &[
        SHARED[0],
        SHARED[1],
        SHARED[2],
        SHARED[3],
        "signatures made for one request: Digest, NTLM, Negotiate, Hawk, AWS4, OAuth 1",
        "Basic values that do not decode to user:password, or whose password is a default one",
        "JSON Web Tokens that are cut, unsigned, or the sample of jwt.io",
    ],
    judge,
    judge_shown: judge,
};

/// What this gate says of itself.
pub(super) const BASE64_PAIR: GatePage = GatePage {
    gate: Gate::Base64Pair,
    judges: "`user:password` in base64, or a password",
    harmless: USERINFO.harmless,
    judge: judge_pair,
    judge_shown: judge_pair,
};

/// Schemes whose value is computed anew for each request and is no credential: Digest (RFC 7616),
/// NTLM and Negotiate (RFC 4559), Hawk, AWS Signature Version 4 and kin, HTTP Signatures
/// (RFC 9421), DPoP-bound and OAuth 1 signatures, and Azure's Shared Key
/// (<https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key>).
const ONE_OFF: &str = "aws aws4-ecdsa-p256-sha256 aws4-hmac-sha256 digest gss-negotiate hawk hmac hoba mac mutual negotiate \
    ntlm scram-sha-256 sharedkey sharedkeylite signature";

/// Words between the name of a header and something else that a sentence tells about it.
const PROSE: &str = "and for from is or to";

/// Fewest characters of a password behind its user where nothing says that it is one.
const SHORTEST_IN_CLEAR: usize = 8;

/// How far in front of a header's name the bracket of a call is looked for, in bytes.
const NEAR_NAME: usize = 64;

/// Gives the credential's span, or why the value is none.
fn judge(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let candidate = without_name(trimmed(candidate));
    let value = candidate.value();
    let scheme = candidate.scheme.unwrap_or_default();
    let is = |name: &str| scheme.eq_ignore_ascii_case(name.as_bytes());
    if listed(ONE_OFF).any(is) {
        return Err("a signature made for one request");
    }
    if listed(PROSE).any(is) {
        return Err("part of a sentence");
    }
    sealed::check(&candidate)?;
    if is_uuid(value) && is_of_a_list(&candidate) {
        return Err("one of a list of identifiers");
    }
    placeholder::check(&candidate)?;
    if is_parameter(value) {
        return Err("a parameter of a scheme");
    }
    if is("basic") {
        lately::recall(ValueRole::Basic, value, basic)?
    } else {
        lately::recall(ValueRole::Opaque, value, opaque)?
    }
    Ok(candidate.span)
}

/// True for `name=value`, and not for base64 with `=` at its end.
fn is_parameter(value: &[u8]) -> bool {
    let name = value
        .iter()
        .take_while(|b| b.is_ascii_alphabetic() || matches!(**b, b'_' | b'-'))
        .count();
    let behind = value[name..].strip_prefix(b"=");
    (2..=32).contains(&name)
        && behind.is_some_and(|rest| rest.iter().any(u8::is_ascii_alphanumeric))
}

fn is_uuid(value: &[u8]) -> bool {
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    value.len() == 36 && value.iter().enumerate().all(fits)
}

/// True when a comma separates the value from the header's name, and the two are not the arguments of a
/// call: `['authorization', 'abc']`, `('x', 'Authorization'), ('abc', ...)`.
fn is_of_a_list(candidate: &Candidate<'_>) -> bool {
    let between =
        &candidate.text[candidate.whole.start..candidate.span.start.max(candidate.whole.start)];
    let is_name =
        |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'-' | b'_' | b'"' | b'\'' | b'`');
    let before = candidate.text[..candidate.whole.start]
        .iter()
        .rev()
        .take(NEAR_NAME);
    let opens = before
        .skip_while(is_name)
        .find(|b| !b.is_ascii_whitespace());
    between.contains(&b',') && (between.contains(&b')') || opens != Some(&b'('))
}

/// As [`judge`], of `user:password` in base64 that no scheme stands before, as in `.npmrc`; there a
/// password alone may be encoded too.
fn judge_pair(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    placeholder::check(candidate)?;
    let pair = decoded(candidate.value())?;
    if pair.contains(&b':') {
        userinfo::check(&pair)?
    } else {
        password::check_parts(b"", &pair)?
    }
    Ok(candidate.span)
}

/// Without the punctuation that ends a sentence or closes a bracket around the header, and without what follows
/// a whole token: `**X-Api-Key: 9fKq...**`, `Bearer 9fKq...$NEXT`.
fn trimmed<'t>(candidate: &Candidate<'t>) -> Candidate<'t> {
    let value = candidate.value();
    if let Some(length) = whole_token(value) {
        return Candidate {
            span: Span::new(candidate.span.start, candidate.span.start + length),
            ..*candidate
        };
    }
    let closes = |b: &&u8| matches!(**b, b')' | b']' | b'}' | b'.' | b':' | b'!' | b'?' | b'|');
    let is_cut = value.ends_with(b"..");
    let tail = if is_cut {
        0
    } else {
        value.iter().rev().take_while(closes).count()
    };
    Candidate {
        span: Span::new(candidate.span.start, candidate.span.end - tail),
        ..*candidate
    }
}

/// Without the name of a key that stands in the place of a scheme, as Firebase's messaging has it: `key=AAAA...`.
fn without_name(candidate: Candidate<'_>) -> Candidate<'_> {
    // In letters, since a linker may put `key=` in front of a text that looks random.
    let name = match (candidate.scheme, candidate.value()) {
        (None, [b'k', b'e', b'y', b'=', ..]) => 4,
        _ => 0,
    };
    Candidate {
        span: Span::new(candidate.span.start + name, candidate.span.end),
        ..candidate
    }
}

/// Length of the whole token (<https://www.rfc-editor.org/rfc/rfc9110#name-credentials>) that a value begins with, if
/// something follows it there that would make a placeholder of a shorter one. A part of a JSON Web Token is none.
fn whole_token(value: &[u8]) -> Option<usize> {
    let part = |b: &&u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(b);
    let run = &value[..value.iter().take_while(part).count()];
    let dots = run.iter().rev().take_while(|b| **b == b'.').count();
    let (token, dots) = run.split_at(run.len() - dots);
    let is_cut = || token.starts_with(b"eyJ") && jwt::judge(token) != Some(Ok(()));
    let signs = b"*$%<{#\xE2";
    let is_sign = dots.len() > 1 || value.get(run.len()).is_some_and(|b| signs.contains(b));
    (is_sign && literal::is_whole(token) && !is_cut()).then_some(token.len())
}

fn basic(value: &[u8]) -> Result<(), Refusal> {
    // A client that encodes the pair itself takes it in clear, with a colon or a blank.
    if let Some(at) = value.iter().position(|b| matches!(b, b':' | b' ')) {
        let (user, password) = (&value[..at], &value[at + 1..]);
        return password::check_parts(user, password);
    }
    userinfo::check(&decoded(value)?)
}

/// What the value is in base64, if that is text.
fn decoded(value: &[u8]) -> Result<Vec<u8>, Refusal> {
    let pair = seen::base64(value).ok_or("not base64")?;
    let odd = pair
        .iter()
        .filter(|b| !b.is_ascii_graphic() && **b != b' ')
        .count();
    if odd * 20 > pair.len() {
        return Err("does not decode to user:password");
    }
    Ok(pair)
}

/// What decides where the value is a user and a password that a client encodes, and too short to be random as a whole.
fn behind_user(value: &[u8]) -> &[u8] {
    let colon = memchr::memchr(b':', value).filter(|colon| *colon > 0);
    match colon.map(|colon| &value[colon + 1..]) {
        Some(password) if token::is_short(value) => password,
        _ => value,
    }
}

/// A user and a password that stand in clear: `orders:Summer2031!`, as a client takes them that encodes the two.
fn pair(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', value)?;
    let (user, password) = (&value[..colon], &value[colon + 1..]);
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"._-@+".contains(b);
    let has_letter = user.iter().any(u8::is_ascii_alphabetic);
    let is_one = has_letter && user.iter().all(is_name) && !password.contains(&b':');
    (is_one && password.len() >= SHORTEST_IN_CLEAR).then_some((user, password))
}

fn opaque(value: &[u8]) -> Result<(), Refusal> {
    published::check_token(value)?;
    placeholder::check_shouted(value)?;
    grammar::check(value)?;
    if let Some(verdict) = jwt::judge(value) {
        return verdict;
    }
    if pair(value).is_some_and(|(user, password)| password::check_parts(user, password).is_ok()) {
        return Ok(());
    }
    token::check_placed(behind_user(value))?;
    let hidden = decoded(value).ok();
    for layer in seen::layers(value).iter().chain(&hidden) {
        sequence::check(layer)?;
        words::check(layer)?;
        if wordlike::is_weak(layer, WordStanding::Alone) {
            return Err("made of words");
        }
    }
    if wordlike::is_weak(value, WordStanding::Alone) {
        Err("made of words")
    } else {
        Ok(())
    }
}
