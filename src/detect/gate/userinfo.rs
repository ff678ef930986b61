//! `user:password`: in URLs, `curl -u`, `.netrc`, and decoded from Basic authentication.

use super::{Candidate, Refusal, placeholder, published, sequence, token, words};
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

/// Judges `user:password`, or the password of a user that is put in; gives the span of the pair, or of the
/// password alone.
pub(super) fn judge(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let (user, password) = parts(candidate).ok_or("no password")?;
    let judged = match is_put_in(candidate, user) {
        // With the colon, since a password may begin with `%40`.
        true => Span::new(password.start - 1, password.end),
        false => candidate.span,
    };
    placeholder::check(&Candidate {
        span: judged,
        ..*candidate
    })?;
    let text = candidate.text;
    let value = without_options(&text[password.range()]);
    let others = url_names(candidate);
    let user = &text[user.range()];
    let start = match judged == candidate.span {
        true => {
            published::check_pair(&text[judged.range()])?;
            check_among(unquoted(user), unquoted(value), &others)?;
            judged.start
        }
        false => {
            check_password(unquoted(value), b"", &others)?;
            password.start
        }
    };
    let end = password.start + value.len();
    let closes = closes_the_argument(&text[candidate.span.start..end]);
    Ok(Span::new(start, end - usize::from(closes)))
}

/// As [`judge`], of a text that is only to be shown: a weak password and one of words are somebody's all the
/// same. Gives the span of the password.
pub(super) fn judge_shown(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let (user, span) = parts(candidate).ok_or("no password")?;
    placeholder::check(&Candidate {
        span: Span::new(span.start - 1, span.end),
        ..*candidate
    })?;
    let (user, password) = (&candidate.text[user.range()], &candidate.text[span.range()]);
    let names = url_names(candidate).into_iter().chain([user]);
    if is_named_after(&password.to_ascii_lowercase(), names) {
        return Err("made of the name of the user, the service or the host");
    }
    if is_variable(password) || is_common(&password.to_ascii_lowercase()) {
        return Err("a placeholder");
    }
    Ok(span)
}

/// Where the user and the password stand. The user is what stands before the first colon that is in no
/// brackets: `${USER:-ci}:abc`.
fn parts(candidate: &Candidate<'_>) -> Option<(Span, Span)> {
    let (pair, start) = (candidate.value(), candidate.span.start);
    let mut depth = 0_usize;
    let is_end = |b: &u8| {
        match b {
            b'{' | b'(' => depth += 1,
            b'}' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *b == b':' && depth == 0
    };
    let known = candidate.scheme.map(|_| start.saturating_sub(1));
    let colon = known.or_else(|| {
        let first = || pair.iter().position(|b| *b == b':');
        Some(start + pair.iter().position(is_end).or_else(first)?)
    })?;
    let user = Span::new(start.min(colon), colon);
    Some((user, Span::new(colon + 1, candidate.span.end)))
}

/// True when something else takes the user's place, which tells nothing of the password: `https://${USER}:abc@`.
fn is_put_in(candidate: &Candidate<'_>, user: Span) -> bool {
    let is_known = candidate.scheme.is_some();
    let user = Candidate {
        span: user,
        ..*candidate
    };
    let signs = placeholder::check(&user).is_err() || is_variable(user.value());
    is_known || (!user.value().is_empty() && signs)
}

/// The names that stand around the userinfo of a URL: of the scheme before it and of the host behind it.
fn url_names<'t>(candidate: &Candidate<'t>) -> [&'t [u8]; 2] {
    let text = candidate.text;
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || b"+.-:".contains(*b);
    let (before, rest) = text.split_at(candidate.whole.start);
    if !rest.starts_with(b"://") {
        return [&[]; 2];
    }
    let scheme = before.iter().rev().take(LONGEST_NAME).take_while(is_name);
    let after = candidate.after();
    let host = after.strip_prefix(b"@").unwrap_or_default();
    let length = host.iter().take(LONGEST_NAME).take_while(is_name).count();
    [&before[before.len() - scheme.count()..], &host[..length]]
}

/// How much of a host's name and of a scheme is read, in bytes.
const LONGEST_NAME: usize = 128;

/// The password without what says how to log in: `user:abc;AUTH=NTLM` of curl, and `;type=a` of FTP.
fn without_options(password: &[u8]) -> &[u8] {
    let at = memchr::memrchr(b';', password).unwrap_or(password.len());
    let option = password[at..].to_ascii_lowercase();
    let is_option = option.starts_with(b";auth=") || option.starts_with(b";type=");
    &password[..if is_option { at } else { password.len() }]
}

/// True when the quote at the end belongs to the whole argument: none opens the password.
fn closes_the_argument(pair: &[u8]) -> bool {
    let is_quote = |b: Option<&u8>| matches!(b, Some(b'"' | b'\''));
    let colon = pair.iter().position(|b| *b == b':').unwrap_or_default();
    is_quote(pair.last()) && !is_quote(pair.get(colon + 1))
}

/// The checks that need no surroundings.
pub(super) fn check(pair: &[u8]) -> Result<(), Refusal> {
    published::check_pair(pair)?;
    let colon = pair.iter().position(|b| *b == b':').ok_or("no password")?;
    check_parts(unquoted(&pair[..colon]), unquoted(&pair[colon + 1..]))
}

/// As [`check`], of a user and a password that are known apart.
pub(super) fn check_parts(user: &[u8], password: &[u8]) -> Result<(), Refusal> {
    check_among(user, password, &[])
}

/// As [`check_parts`], where names of other things stand beside them.
fn check_among(user: &[u8], password: &[u8], others: &[&[u8]]) -> Result<(), Refusal> {
    match password.len() {
        // Services such as Stripe take the API key as the user and no password, others any password.
        0 => token::check(user).map_err(|_| "no password"),
        1 | 2 => token::check(user).map_err(|_| "a password of fewer than 4 characters"),
        _ => check_password(password, user, others),
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

fn check_password(password: &[u8], user: &[u8], others: &[&[u8]]) -> Result<(), Refusal> {
    let plain = percent_decoded(password);
    let lower = plain.to_ascii_lowercase();
    let user = user.to_ascii_lowercase();
    if is_variable(password) {
        return Err("a variable");
    }
    if is_wrapped(&plain) {
        return Err("a placeholder in brackets");
    }
    if matches!(&*user, b"arn" | b"urn") {
        return Err("the name of a resource");
    }
    if lower == user {
        return Err("the password is the user's name");
    }
    if is_common(&lower) || is_common(&spelled_out(&lower)) {
        return Err("a default password");
    }
    if lower.starts_with(b"your-") || lower.starts_with(b"your_") {
        return Err("a placeholder");
    }
    if plain.len() < SHORTEST {
        return Err("a password of fewer than 4 characters");
    }
    if password.starts_with(b"//") {
        return Err("a URL");
    }
    if user.contains(&b'.') && is_port(password) {
        return Err("the port of a host, and another host");
    }
    sequence::check(&plain)?;
    let marks = plain.iter().rev().take_while(|b| matches!(b, b'?' | b'!'));
    placeholder::check_shouted(&plain[..plain.len() - marks.count()])?;
    let count = lower.strip_prefix(user.as_slice());
    if user.len() >= 3 && count.is_some_and(|c| c.len() <= 4 && c.iter().all(u8::is_ascii_digit)) {
        return Err("the password is the user's name and a number");
    }
    if is_weak(&lower, &user) || is_weak(&plain, &user) {
        return Err("made of words");
    }
    match is_named_after(&lower, others.iter().copied().chain([user.as_slice()])) {
        true => Err("made of the name of the user, the service or the host"),
        false => Ok(()),
    }
}

/// True when little is left of a password without names that stand beside it: `smtp_user:smtp_password`,
/// `mysql://root:mysql@`.
fn is_named_after<'n>(lower: &[u8], names: impl Iterator<Item = &'n [u8]>) -> bool {
    let parts = |text: &[u8]| -> Vec<Vec<u8>> {
        let parts = text.split(|b| !b.is_ascii_alphanumeric());
        parts.map(<[u8]>::to_ascii_lowercase).collect()
    };
    let names: Vec<Vec<u8>> = names.flat_map(parts).collect();
    // `postgres` is the service of `postgresql://`.
    let repeats = |part: &Vec<u8>| match part.len() {
        0 | 1 => false,
        2 | 3 => names.contains(part),
        _ => names.iter().any(|name| name.starts_with(part)),
    };
    let (named, rest): (Vec<_>, Vec<_>) = parts(lower).into_iter().partition(repeats);
    !named.is_empty() && is_weak(&rest.join(&b'-'), b"")
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

/// True for `<password>` and `${PASSWORD}`, also where a URL has them as `%3Cpassword%3E`.
fn is_wrapped(plain: &[u8]) -> bool {
    let plain = plain.strip_prefix(b"$").unwrap_or(plain);
    let ends = (plain.first(), plain.last());
    matches!(
        ends,
        (Some(b'<'), Some(b'>')) | (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']'))
    )
}

/// True for the port in `https://a.example.org:443,b.example.org:80@c`.
fn is_port(password: &[u8]) -> bool {
    let digits = password.iter().take_while(|b| b.is_ascii_digit()).count();
    (1..=5).contains(&digits) && password.get(digits) == Some(&b',')
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
    let password = candidate.value();
    if is_hash(password) {
        return Err("the hash of a password");
    }
    published::check_password(password)?;
    placeholder::check(candidate)?;
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

/// True for a password as servers keep it: `pbkdf2_sha256$...`, `$2b$12$...`, `{SSHA}...`, `sha512-...`.
fn is_hash(value: &[u8]) -> bool {
    let kinds: [&[u8]; 14] = [
        b"pbkdf2",
        b"$2a$",
        b"$2b$",
        b"$2y$",
        b"$1$",
        b"$5$",
        b"$6$",
        b"$argon2",
        b"argon2",
        b"bcrypt",
        b"scrypt",
        b"{SSHA",
        b"{bcrypt}",
        b"sha512-",
    ];
    kinds.iter().any(|kind| value.starts_with(kind))
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

    /// What is judged of the userinfo in a URL: the span's text, or why it is none.
    fn of_url((scheme, rest): (&str, &str)) -> Result<String, Refusal> {
        let url = format!("{scheme}://{rest}");
        let text = url.as_bytes();
        let whole = memmem::find(text, b"://").unwrap();
        let span = Span::new(whole + 3, memchr::memrchr(b'@', text).unwrap());
        let candidate = Candidate {
            text,
            span,
            scheme: None,
            whole: Span::new(whole, span.end + 2),
            context: crate::model::FileContext::Source,
            site: None,
            is_encoded: false,
        };
        let text = |span: Span| String::from_utf8(text[span.range()].to_vec()).unwrap();
        judge(&candidate).map(text)
    }

    #[test]
    fn a_password_named_after_what_stands_beside_it_is_none() {
        for url in [
            ("smtp", "smtp_user:smtp_password@mail"),
            ("ldap", "ldap_user:ldap_pass@127.0.0.1"),
            ("redis", "default:redis@cache"),
            ("postgresql+psycopg2", "root:postgresql@127.0.0.1"),
            ("amqp", "guest:shovel@shovel.example.org"),
            ("quokka", "quokka-user:quokka-pw@127.0.0.1"),
            ("https", "a.example.org:123,b.example.org:bar@c"),
            ("https", "app:%3Cpassword%3E@127.0.0.1"),
            ("https", "app:%7B%7B%20password%20%7D%7D@127.0.0.1"),
        ] {
            assert!(of_url(url).is_err(), "{url:?}");
        }
    }

    #[test]
    fn a_password_beside_a_variable_user_stands_alone() {
        for (url, secret) in [
            (("https", "app:m4Qx7rvKTz@h"), "app:m4Qx7rvKTz"),
            (("https", "$USER:m4Qx7rvKTz@h"), "m4Qx7rvKTz"),
            (("https", "${USER:-ci}:m4Qx7rvKTz@h"), "m4Qx7rvKTz"),
            (("https", "%USER%:%40m4Qx%2F7rv@h"), "%40m4Qx%2F7rv"),
            (("imap", "anna:m4Qx7rvKTz;AUTH=NTLM@h"), "anna:m4Qx7rvKTz"),
            (("https", "app:m4Qx%7B7rv%5D@h"), "app:m4Qx%7B7rv%5D"),
        ] {
            assert_eq!(of_url(url).as_deref(), Ok(secret), "{url:?}");
        }
        for url in [
            ("https", "$USER:$PASS@h"),
            ("https", "${USER}:password@h"),
            ("https", "${TOKEN}:x-oauth-basic@h"),
            ("https", "${TOKEN}:@h"),
        ] {
            assert!(of_url(url).is_err(), "{url:?}");
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
