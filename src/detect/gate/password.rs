//! Passwords: beside their user, and alone in settings and arguments.

use super::candidate::{Candidate, GatePage, Refusal};
use super::token;
use super::token::SHARED;
use super::value::wordlike::{self, WordStanding};
use super::value::{grammar, placeholder, published, sealed, seen, sequence, words};
use crate::model::Span;
use crate::rules::Gate;

/// What this gate says of itself.
pub(super) const PASSWORD: GatePage = GatePage {
    gate: Gate::Password,
    judges: "a password alone",
    harmless: &[
        SHARED[0],
        SHARED[1],
        "passwords that are default ones, the user's name, words, or under 8 characters",
    ],
    judge,
    judge_shown: judge,
};

/// Fewest characters of a password that counts, if it is no word: short ones are weak, and just as
/// leaked.
const SHORTEST: usize = 4;

/// The same for a password that stands alone.
const SHORTEST_ALONE: usize = 8;

/// The same for one of small letters, capitals or digits alone.
const SHORTEST_OF_ONE_KIND: usize = 14;

/// Judges the password of a setting or an argument, which stands alone; `scheme` is the user that stands before it,
/// if anything does. There a value has no shape of its own, so it must have eight characters and more
/// than words and their endings in it.
fn judge(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let candidate = &within_field(candidate);
    let password = candidate.value();
    sealed::check(candidate)?;
    if is_prose(candidate) {
        return Err("part of a text");
    }
    placeholder::check(candidate)?;
    let user = candidate.scheme.unwrap_or_default();
    let standing = match user {
        [] => WordStanding::Alone,
        _ => WordStanding::BesideUser,
    };
    match password.len() {
        0..3 => check_parts(user, password)?,
        _ => check_in(standing, password, user, &[])?,
    }
    if password.len() < SHORTEST_ALONE {
        return Err("a password of fewer than 8 characters");
    }
    let kinds: [fn(&u8) -> bool; 3] = [
        u8::is_ascii_lowercase,
        u8::is_ascii_uppercase,
        u8::is_ascii_digit,
    ];
    let kinds = kinds.iter().filter(|kind| password.iter().any(*kind));
    if kinds.count() < 2 && password.len() < SHORTEST_OF_ONE_KIND {
        return Err("too plain for a password");
    }
    let is_own = standing == WordStanding::BesideUser && wordlike::has_thought_of(password);
    if !is_own && !wordlike::is_chosen(password, standing) {
        words::check(password)?;
    }
    Ok(candidate.span)
}

/// Without the next field of a form: `password=abc&_csrf=...`.
fn within_field<'t>(candidate: &Candidate<'t>) -> Candidate<'t> {
    let value = candidate.value();
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'-' | b'.');
    let next = memchr::memchr_iter(b'&', value).find(|at| {
        let behind = &value[at + 1..];
        let behind = behind.strip_prefix(b"amp;").unwrap_or(behind);
        let name = behind.iter().take_while(is_name).count();
        name > 0 && behind.get(name) == Some(&b'=')
    });
    let length = next.unwrap_or(value.len());
    Candidate {
        span: Span::new(candidate.span.start, candidate.span.start + length),
        ..*candidate
    }
}

/// True for the first word of a text between tags: `<a href="/forgot-password">Zapomniane has\u{142}o</a>`.
fn is_prose(candidate: &Candidate<'_>) -> bool {
    let is_between_tags = candidate.near_before().trim_ascii_end().ends_with(b">");
    let after = candidate.near_after();
    let behind = after.trim_ascii_start();
    is_between_tags && behind.len() < after.len() && behind.first().is_some_and(|b| *b != b'<')
}

/// Judges a user and a password that are known apart.
pub(super) fn check_parts(user: &[u8], password: &[u8]) -> Result<(), Refusal> {
    check_among(user, password, &[])
}

/// As [`check_parts`], where names of other things stand beside them.
pub(super) fn check_among(user: &[u8], password: &[u8], others: &[&[u8]]) -> Result<(), Refusal> {
    match password.len() {
        // Services such as Stripe take the API key as the user and no password, others any password.
        0 => token::check_placed(user).map_err(|_| "no password"),
        1 | 2 => token::check(user).map_err(|_| "a password of fewer than 4 characters"),
        _ => check(password, user, others),
    }
}

/// Judges a password, and what is behind each layer of its escapes and its base64.
pub(super) fn check(password: &[u8], user: &[u8], others: &[&[u8]]) -> Result<(), Refusal> {
    check_in(WordStanding::BesideUser, password, user, others)
}

fn check_in(
    standing: WordStanding,
    password: &[u8],
    user: &[u8],
    others: &[&[u8]],
) -> Result<(), Refusal> {
    if is_variable(password) {
        return Err("a variable");
    }
    sealed::check_value(password)?;
    // `sha256:9f86...` is no user and a password.
    sealed::check_value(&[user, b":", password].concat())?;
    let user = user.to_ascii_lowercase();
    if matches!(&*user, b"arn" | b"urn") {
        return Err("the name of a resource");
    }
    if user.contains(&b'.') && is_port(password) {
        return Err("the port of a host, and another host");
    }
    let layers = seen::layers(password);
    let views = std::iter::once(password).chain(layers.iter().map(Vec::as_slice));
    for view in views {
        check_view(standing, view, &user, others)?;
    }
    Ok(())
}

/// Judges a password as a program sees it.
fn check_view(
    standing: WordStanding,
    plain: &[u8],
    user: &[u8],
    others: &[&[u8]],
) -> Result<(), Refusal> {
    let lower = plain.to_ascii_lowercase();
    published::check_password(plain)?;
    published::check_token(plain)?;
    if is_wrapped(plain) {
        return Err("a placeholder in brackets");
    }
    if is_verb(plain) {
        return Err("interpolated: a printf verb");
    }
    if lower == user {
        return Err("the password is the user's name");
    }
    let core = wordlike::without_ends(&lower);
    if core.len() >= SHORTEST && core.iter().eq(user.iter().rev()) {
        return Err("the password is the user's name, backwards");
    }
    let spellings = [core, &wordlike::with_letters(core), &lower[..]];
    if spellings
        .iter()
        .any(|spelling| wordlike::is_common(spelling))
    {
        return Err("a default password");
    }
    if lower.starts_with(b"your-") || lower.starts_with(b"your_") {
        return Err("a placeholder");
    }
    if plain.len() < SHORTEST {
        return Err("a password of fewer than 4 characters");
    }
    grammar::check(plain)?;
    if plain.starts_with(b"//") {
        return Err("a URL");
    }
    sequence::check(plain)?;
    let marks = plain.iter().rev().take_while(|b| matches!(b, b'?' | b'!'));
    placeholder::check_shouted(&plain[..plain.len() - marks.count()])?;
    if wordlike::is_weak(plain, standing) {
        return Err("made of words");
    }
    if is_named_after(&lower, others.iter().copied().chain([user])) {
        Err("made of the name of the user, the service or the host")
    } else {
        Ok(())
    }
}

/// True when little is left of a password without names that stand beside it: `smtp_user:smtp_password`,
/// `mysql://root:mysql@`, `proxuser:proxpass`.
pub(super) fn is_named_after<'n>(lower: &[u8], names: impl Iterator<Item = &'n [u8]>) -> bool {
    let parts = |text: &[u8]| -> Vec<Vec<u8>> {
        let parts = text.split(|b| !b.is_ascii_alphanumeric());
        parts.map(<[u8]>::to_ascii_lowercase).collect()
    };
    let names: Vec<Vec<u8>> = names
        .flat_map(parts)
        .filter(|name| name.len() > 1)
        .collect();
    // `postgres` is the service of `postgresql://`.
    let is_name = |part: &[u8]| match part.len() {
        0 | 1 => false,
        2 | 3 => names.iter().any(|name| name == part),
        _ => names.iter().any(|name| name.starts_with(part)),
    };
    let mut named = false;
    let mut rest = Vec::new();
    for part in parts(lower) {
        let own = if is_name(&part) {
            part.len()
        } else {
            names
                .iter()
                .map(|name| shared(name, &part))
                .max()
                .unwrap_or(0)
        };
        named |= own > 0;
        rest.push(part[own..].to_vec());
    }
    let rest = rest.join(&b'-');
    let is_count =
        rest.iter().all(|b| b.is_ascii_digit() || *b == b'-') && wordlike::is_idle(&rest);
    named && (is_count || wordlike::is_weak(&rest, WordStanding::BesideUser))
}

/// How many letters a name and a part of a password begin with in common, if that is a name of its own.
fn shared(name: &[u8], part: &[u8]) -> usize {
    let pairs = name.iter().zip(part).take_while(|(a, b)| a == b);
    let count = pairs.count();
    if count >= 3 { count } else { 0 }
}

/// `$NAME`, `%NAME%`, and `!NAME!` of a batch file.
pub(super) fn is_variable(password: &[u8]) -> bool {
    let between = |sign: u8| match password {
        [first, name @ .., last] if *first == sign && *last == sign => Some(name),
        _ => None,
    };
    let is_name = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    let delayed = between(b'!').is_some_and(|name| name.iter().all(is_name));
    password.starts_with(b"$") || between(b'%').is_some() || delayed
}

/// True for `<password>`, `${PASSWORD}` and `%(password)s`, as a URL or base64 may hold them.
fn is_wrapped(plain: &[u8]) -> bool {
    let head = plain.iter().take_while(|b| b"$%#@\\".contains(b)).count();
    let tail = plain.strip_suffix(b"s").filter(|rest| rest.ends_with(b")"));
    let inner = &tail.unwrap_or(plain)[head..];
    let ends = (inner.first(), inner.last());
    let is_joined = head > 0 || inner.starts_with(b"((");
    matches!(
        ends,
        (Some(b'<'), Some(b'>')) | (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']'))
    ) || (is_joined && matches!(ends, (Some(b'('), Some(b')'))))
}

/// `%s`, `%-20s`, `%1$s`
fn is_verb(plain: &[u8]) -> bool {
    let Some((b'%', [flags @ .., b's' | b'd' | b'v' | b'q' | b'x' | b'@'])) = plain.split_first()
    else {
        return false;
    };
    flags
        .iter()
        .all(|b| b.is_ascii_digit() || b"-+ .#$*".contains(b))
}

/// True for the port in `https://a.example.org:443,b.example.org:80@c`.
fn is_port(password: &[u8]) -> bool {
    let digits = password.iter().take_while(|b| b.is_ascii_digit()).count();
    (1..=5).contains(&digits) && password.get(digits) == Some(&b',')
}
