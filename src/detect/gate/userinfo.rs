//! `user:password`: in URLs, `curl -u`, `.netrc`, and decoded from Basic authentication.

use super::candidate::{Candidate, GatePage, Refusal};
use super::password;
use super::token::SHARED;
use super::value::{placeholder, published, wordlike, words};
use crate::model::Span;
use crate::rules::Gate;

/// What this gate says of itself.
pub(super) const USERINFO: GatePage = GatePage {
    gate: Gate::Userinfo,
    judges: "`user:password`, the password judged",
    harmless: &[
        SHARED[0],
        SHARED[1],
        "passwords that are default ones, the user's name, words, or under 4 characters",
    ],
    judge,
    judge_shown,
};

/// Judges `user:password`, or the password of a user that is put in; gives the span of the pair, or of the
/// password alone.
fn judge(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let (user, password) = parts(candidate).ok_or("no password")?;
    let judged = if is_put_in(candidate, user) {
        // With the colon, since a password may begin with `%40`.
        Span::new(password.start - 1, password.end)
    } else {
        candidate.span
    };
    placeholder::check(&Candidate {
        span: judged,
        ..*candidate
    })?;
    let text = candidate.text;
    let value = without_options(&text[password.range()]);
    let others = url_names(candidate);
    let user = &text[user.range()];
    let start = if judged == candidate.span {
        published::check_pair(&text[judged.range()])?;
        password::check_among(unquoted(user), unquoted(value), &others)?;
        judged.start
    } else {
        password::check(unquoted(value), b"", &others)?;
        password.start
    };
    let end = password.start + value.len();
    let closes = closes_the_argument(&text[candidate.span.start..end]);
    Ok(Span::new(start, end - usize::from(closes)))
}

/// As [`judge`], of a text that is only to be shown: a weak password and one of words are somebody's all the
/// same. Gives the span of the password.
fn judge_shown(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let (user, span) = parts(candidate).ok_or("no password")?;
    placeholder::check(&Candidate {
        span: Span::new(span.start - 1, span.end),
        ..*candidate
    })?;
    let (user, password) = (&candidate.text[user.range()], &candidate.text[span.range()]);
    let names = url_names(candidate).into_iter().chain([user]);
    if password::is_named_after(&password.to_ascii_lowercase(), names) {
        return Err("made of the name of the user, the service or the host");
    }
    if password::is_variable(password) || wordlike::is_common(&password.to_ascii_lowercase()) {
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
    let signs = placeholder::check(&user).is_err() || password::is_variable(user.value());
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

/// The password without what says how to log in: `user:abc;AUTH=NTLM` of curl, `;type=a` of FTP, and any other word
/// behind a semicolon: `user:abc;options`.
fn without_options(password: &[u8]) -> &[u8] {
    let at = memchr::memrchr(b';', password).unwrap_or(password.len());
    let option = password[at..]
        .split(|b| *b == b'=')
        .next()
        .unwrap_or_default();
    let word = option.get(1..).unwrap_or_default().to_ascii_lowercase();
    let is_given = option.len() < password.len() - at;
    let is_option = words::is_word(&word) || (is_given && word.iter().all(u8::is_ascii_alphabetic));
    &password[..if is_option && at > 0 {
        at
    } else {
        password.len()
    }]
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
    password::check_parts(unquoted(&pair[..colon]), unquoted(&pair[colon + 1..]))
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

#[cfg(test)]
mod tests {
    use super::*;
    use memchr::memmem;

    #[test]
    fn weak_and_default_passwords_are_refused() {
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
            "jo%40example.org:p%40ssw:rd",
            "admin:password123@",
            "alice:ecila123",
            "vasek:vase-heslo-zde",
            "proxuser:proxpass",
            "marta:marta-2",
            "clark:kent",
            r"fake:fakepwd\n",
            "api:%1$s",
            "svc:c2VjcmV0LXRva2Vu",
            "zh:woshishujukumima",
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
            goes: crate::detect::flow::Goes::default(),
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
            ("imap", "user:secret;options@h"),
            ("ftp", "user:passwd;type=a@h"),
        ] {
            assert!(of_url(url).is_err(), "{url:?}");
        }
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
