//! `user:password`: in URLs, `curl -u`, `.netrc`, and decoded from Basic authentication.

use super::{Candidate, Refusal, placeholder, sample, sequence, token, words};
use crate::model::Span;
use memchr::memmem;

/// Passwords that stand for "some password", lower case, sorted.
const COMMON: [&str; 52] = [
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "abc123",
    "admin",
    "admin123",
    "administrator",
    "changeit",
    "changeme",
    "contrasena",
    "default",
    "demo",
    "example",
    "foo",
    "foobar",
    "guest",
    "guestpw",
    "haslo",
    "heslo",
    "hunter2",
    "letmein",
    "losenord",
    "motdepasse",
    "mypass",
    "mypassword",
    "nopass",
    "open sesame",
    "p@ssw0rd",
    "parola",
    "pass",
    "pass123",
    "passw0rd",
    "passwd",
    "password",
    "password1",
    "password123",
    "passwort",
    "postgres",
    "pw",
    "qwerty",
    "root",
    "salasana",
    "secret",
    "secret123",
    "senha",
    "sifre",
    "test123",
    "token",
    "toor",
    "wachtwoord",
    "wagwoord",
];

/// Fewest characters of a password that counts, if it is no word: short ones are weak, and just as
/// leaked.
const SHORTEST: usize = 4;

/// The same for a password that stands alone.
const SHORTEST_ALONE: usize = 8;

/// The same for one of small letters, capitals or digits alone.
const SHORTEST_OF_ONE_KIND: usize = 14;

/// Fewest characters of a password that is made of words.
const SHORTEST_CHOSEN: usize = 12;

/// Words by which a value speaks of itself, as `Sup3rS3cret!1` does.
const STANDING_FOR: [&str; 18] = [
    "admin", "change", "default", "demo", "dummy", "example", "fake", "key", "login", "pass",
    "pwd", "qwerty", "sample", "secret", "test", "token", "user", "your",
];

/// Judges `user:password`; gives the whole pair's span.
pub(super) fn judge(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    placeholder::check(candidate)?;
    let pair = candidate.value();
    if is_host(candidate.after(), pair) {
        return Err("the password is the host's name");
    }
    check(pair)?;
    let end = candidate.span.end - usize::from(closes_the_argument(pair));
    Ok(Span::new(candidate.span.start, end))
}

/// As [`judge`], of a text that is only to be shown: a weak password and one of words are somebody's all the
/// same. Gives the span of the password.
pub(super) fn judge_shown(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    placeholder::check(candidate)?;
    let pair = candidate.value();
    let colon = pair.iter().position(|b| *b == b':').ok_or("no password")?;
    let (user, password) = (&pair[..colon], &pair[colon + 1..]);
    if is_host(candidate.after(), pair) || password.eq_ignore_ascii_case(user) {
        return Err("the password is the user's or the host's name");
    }
    if is_variable(password) || is_common(&password.to_ascii_lowercase()) {
        return Err("a placeholder");
    }
    Ok(Span::new(
        candidate.span.start + colon + 1,
        candidate.span.end,
    ))
}

/// True when the host behind a pair has the name that the pair has for a password: `:redis@redis:6379`.
fn is_host(after: &[u8], pair: &[u8]) -> bool {
    let colon = pair.iter().position(|b| *b == b':');
    let password = colon.map_or(pair, |colon| &pair[colon + 1..]);
    let host = after.strip_prefix(b"@").unwrap_or_default();
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'-';
    let length = host.iter().take_while(is_name).count();
    length > 0 && host[..length] == *password
}

/// True when the quote at the end belongs to the whole argument: none opens the password.
fn closes_the_argument(pair: &[u8]) -> bool {
    let is_quote = |b: Option<&u8>| matches!(b, Some(b'"' | b'\''));
    let colon = pair.iter().position(|b| *b == b':').unwrap_or_default();
    is_quote(pair.last()) && !is_quote(pair.get(colon + 1))
}

/// The checks that need no surroundings.
pub(super) fn check(pair: &[u8]) -> Result<(), Refusal> {
    sample::check_pair(pair)?;
    let colon = pair.iter().position(|b| *b == b':').ok_or("no password")?;
    check_parts(unquoted(&pair[..colon]), unquoted(&pair[colon + 1..]))
}

/// As [`check`], of a user and a password that are known apart.
pub(super) fn check_parts(user: &[u8], password: &[u8]) -> Result<(), Refusal> {
    match password.len() {
        // Services such as Stripe take the API key as the user and no password, others any password.
        0 => check_password(user, b"").map_err(|_| "no password"),
        1 | 2 => token::check(user).map_err(|_| "a password of fewer than 4 characters"),
        _ => check_password(password, user),
    }
}

/// A shell takes `user:'password'` and `"user":"password"` for the same pair.
fn unquoted(part: &[u8]) -> &[u8] {
    let quote = |b: &u8| matches!(b, b'"' | b'\'');
    let part = part
        .strip_prefix(b"'")
        .or(part.strip_prefix(b"\""))
        .unwrap_or(part);
    match part.last() {
        Some(last) if quote(last) => &part[..part.len() - 1],
        _ => part,
    }
}

fn check_password(password: &[u8], user: &[u8]) -> Result<(), Refusal> {
    let lower = password.to_ascii_lowercase();
    let user = user.to_ascii_lowercase();
    if is_variable(password) {
        return Err("a variable");
    }
    if lower == user {
        return Err("the password is the user's name");
    }
    if is_common(&lower) {
        return Err("a default password");
    }
    if lower.starts_with(b"your-") || lower.starts_with(b"your_") {
        return Err("a placeholder");
    }
    if password.len() < SHORTEST {
        return Err("a password of fewer than 4 characters");
    }
    if password.starts_with(b"//") {
        return Err("a URL");
    }
    if is_common(&spelled_out(&percent_decoded(&lower))) {
        return Err("a default password");
    }
    sequence::check(password)?;
    let plain = percent_decoded(password);
    let marks = plain.iter().rev().take_while(|b| matches!(b, b'?' | b'!'));
    placeholder::check_shouted(&plain[..plain.len() - marks.count()])?;
    let count = lower.strip_prefix(user.as_slice());
    if user.len() >= 3 && count.is_some_and(|c| c.len() <= 4 && c.iter().all(u8::is_ascii_digit)) {
        return Err("the password is the user's name and a number");
    }
    match is_weak(&lower, &user) || is_weak(password, &user) {
        true => Err("made of words"),
        false => Ok(()),
    }
}

/// `$NAME`, `%NAME%`, and `!NAME!` of a batch file.
fn is_variable(password: &[u8]) -> bool {
    let between = |sign: u8| match password {
        [first, name @ .., last] if *first == sign && *last == sign => Some(name),
        _ => None,
    };
    let is_name = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    let delayed = between(b'!').is_some_and(|name| name.iter().all(is_name));
    password.starts_with(b"$") || between(b'%').is_some() || delayed
}

fn is_common(lower: &[u8]) -> bool {
    let known = COMMON.binary_search_by(|known| known.as_bytes().cmp(lower));
    known.is_ok()
}

/// With the characters that a URL has as `%40`.
fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).filter(|_| *first == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(byte.unwrap_or(*first));
        rest = &behind[if byte.is_some() { 2 } else { 0 }..];
    }
    decoded
}

/// The password of a setting or an argument, which stands alone; `user` is what stands before it, if
/// anything does. There a value has no shape of its own, so it must have eight characters and more
/// than words and their endings in it.
pub(super) fn judge_alone(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    placeholder::check(candidate)?;
    let password = candidate.value();
    check_parts(candidate.scheme.unwrap_or_default(), password)?;
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
    let plain = spelled_out(&password.to_ascii_lowercase());
    if is_chosen(password, &plain) {
        return Ok(candidate.span);
    }
    words::check(password)?;
    match is_weak(&plain, b"") {
        true => Err("made of words"),
        false => Ok(candidate.span),
    }
}

/// True for what somebody made of words to be a password, and not to stand for one: `81Pepper*c0b4lt`.
fn is_chosen(password: &[u8], spelled_out: &[u8]) -> bool {
    let kinds: [fn(&u8) -> bool; 4] = [
        u8::is_ascii_lowercase,
        u8::is_ascii_uppercase,
        u8::is_ascii_digit,
        |b| b.is_ascii_punctuation() && !matches!(b, b'_' | b'-' | b'.'),
    ];
    let has_all = kinds.iter().all(|kind| password.iter().any(kind));
    let speaks = |word: &&str| memmem::find(spelled_out, word.as_bytes()).is_some();
    password.len() >= SHORTEST_CHOSEN && has_all && !STANDING_FOR.iter().any(speaks)
}

/// With the letters that digits and signs stand for, and without the count at the end.
fn spelled_out(lower: &[u8]) -> Vec<u8> {
    let counts = lower
        .iter()
        .rev()
        .take_while(|b| b"0123456789!".contains(b));
    let word = &lower[..lower.len() - counts.count()];
    let letter = |b: &u8| match b {
        b'0' => b'o',
        b'1' | b'!' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        other => *other,
    };
    word.iter().map(letter).collect()
}

/// True when little is left of a password without its words and the user's name.
fn is_weak(password: &[u8], user: &[u8]) -> bool {
    let rest = match user.len() >= 3 && password.starts_with(user) {
        true => &password[user.len()..],
        false => password,
    };
    let letters = rest.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let joints = rest.iter().filter(|b| matches!(b, b'_' | b'-' | b'.'));
    words::covered(rest) + 3 >= letters && rest.len() - letters - joints.count() <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_and_default_passwords_are_refused() {
        assert!(COMMON.is_sorted());
        for pair in [
            "user:pass",
            "admin:admin",
            "test:test",
            "username:password",
            "Aladdin:open sesame",
            "a:b",
            "x:xxxxxxxxxxxx",
            "user:my-secret-token",
            "demo:demo1234",
            "ops:IHR_PASSWORT_HIER",
            "id%3F%3F:CLIENT_SECRET%3F%3F",
            "user:p%40ss",
            "https://localhost:9200/_security",
            "sk_live_YOUR_KEY:",
            "svc:!NEXUS_PASS1!",
        ] {
            assert!(check(pair.as_bytes()).is_err(), "{pair}");
        }
    }

    #[test]
    fn letters_written_as_digits_are_read_as_letters() {
        for word in ["p@ssw0rd1!", "s3cr3t", "4dm1n123"] {
            assert!(is_weak(&spelled_out(word.as_bytes()), b""), "{word}");
        }
        assert!(!is_weak(&spelled_out(b"x3vyedlz6dzl7rkr3b"), b""));
    }

    #[test]
    fn the_quote_around_a_pair_is_no_part_of_it() {
        for pair in ["m:Quarry'", "m:Quarry\""] {
            assert!(closes_the_argument(pair.as_bytes()), "{pair}");
        }
        for pair in ["m:Quarry", "m:'Quarry'", "\"m\":\"Quarry\""] {
            assert!(!closes_the_argument(pair.as_bytes()), "{pair}");
        }
    }

    #[test]
    fn real_passwords_pass() {
        for pair in [
            "deploy:Px3xwMoE!5%HBR",
            "developer:prTHeruVQAiapFZg",
            "m:Quarrystone3146!",
        ] {
            assert_eq!(check(pair.as_bytes()), Ok(()), "{pair}");
        }
    }
}
