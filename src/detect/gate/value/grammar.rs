//! Values that are something else by their grammar: code that makes a value, the version of a package, a reference.

use super::super::candidate::Refusal;
use super::words;

/// Longest scheme of a URL, in bytes.
const LONGEST_SCHEME: usize = 32;

/// Refuses code, versions and references.
pub(in crate::detect::gate) fn check(value: &[u8]) -> Result<(), Refusal> {
    if is_version(value) {
        return Err("the version of a package");
    }
    if is_reference(value) {
        return Err("a reference to something else");
    }
    if is_list(value) {
        return Err("a list of words");
    }
    if is_code(value) {
        Err("code that gives a value")
    } else {
        Ok(())
    }
}

/// Letters of names in code.
fn is_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.')
}

/// `System.getenv("TOKEN")`, `params[:token]`, `$this->token`, `std::env::var("TOKEN")`: a name with a bracket or
/// another name joined to it, made of words.
fn is_code(value: &[u8]) -> bool {
    let name = value.iter().take_while(|b| is_name(b)).count();
    let rest = &value[name..];
    let joins = match rest {
        [b'(', .., b')' | b';' | b','] | [b'[', .., b']' | b')'] => true,
        [b'(', ..] => value[..name].contains(&b'.'),
        [b'-', b'>', next, ..] | [b':', b':', next, ..] => next.is_ascii_alphabetic(),
        _ => false,
    };
    let begins = value
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'$'));
    name > 0 && begins && joins && words::check(value).is_err()
}

/// `^3.0.0`, `npm:^3.0.0`, `1.0.0-rc.1`, `5.0.0-preview.3.21201.4`, `workspace:*`, `2.0.0-SNAPSHOT`
fn is_version(value: &[u8]) -> bool {
    let protocols: [&[u8]; 8] = [
        b"npm:",
        b"workspace:",
        b"catalog:",
        b"github:",
        b"file:",
        b"link:",
        b"portal:",
        b"patch:",
    ];
    let behind = protocols
        .iter()
        .find_map(|protocol| value.strip_prefix(*protocol));
    let is_joined = |b: &u8| b"@/.*^~".contains(b) || b.is_ascii_digit();
    if behind.is_some_and(|rest| {
        rest.is_empty() || rest.first().is_some_and(is_joined) || rest.contains(&b'/')
    }) {
        return true;
    }
    let version = value.trim_ascii_start();
    let signs = version
        .iter()
        .take_while(|b| b"^~<>=! ".contains(b))
        .count();
    let version = &version[signs..];
    let version = version.strip_prefix(b"v").unwrap_or(version);
    let numbers = version
        .iter()
        .take_while(|b| b.is_ascii_digit() || **b == b'.')
        .count();
    let (numbers, rest) = version.split_at(numbers);
    let mut parts = numbers
        .strip_suffix(b".")
        .unwrap_or(numbers)
        .split(|b| *b == b'.');
    let count = parts.clone().count();
    let is_numbered = parts.all(|part| (1..=8).contains(&part.len()));
    let is_long_enough = count >= 3 || (signs > 0 && count >= 2);
    // `1.0.0a1`, `1.0.0rc2`, `1.0.0.dev3`
    let is_early = ["a", "b", "rc", "dev", "post"].iter().any(|word| {
        let count = rest.strip_prefix(word.as_bytes());
        count
            .and_then(<[u8]>::first)
            .is_some_and(u8::is_ascii_digit)
    });
    let goes_on = is_early
        || rest
            .first()
            .is_none_or(|b| matches!(b, b'-' | b'+') || numbers.ends_with(b"."));
    is_numbered && is_long_enough && goes_on
}

/// `bytes,5,opt,name=google_iam,proto3,oneof`, as the tags of a struct have it.
fn is_list(value: &[u8]) -> bool {
    let part = |b: &u8| b.is_ascii_alphanumeric() || b"_-.=\"' ".contains(b);
    let parts = value.split(|b| *b == b',');
    let is_plain = parts
        .clone()
        .all(|item| !item.is_empty() && item.iter().all(part));
    parts.count() >= 3 && is_plain && words::check(value).is_err()
}

/// `https://...`, `op://vault/item/field`, `arn:aws:...`, `vault:secret/data/app#token`
fn is_reference(value: &[u8]) -> bool {
    let part = |b: &&u8| b.is_ascii_alphanumeric() || b"+.-".contains(b);
    let scheme = value.iter().take(LONGEST_SCHEME).take_while(part).count();
    let rest = &value[scheme..];
    let named = |name: &[u8]| value[..scheme].eq_ignore_ascii_case(name) && rest.starts_with(b":");
    (scheme > 1 && rest.starts_with(b"://"))
        || named(b"arn")
        || named(b"urn")
        || (named(b"vault") && rest.contains(&b'/'))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn code_versions_and_references_are_no_values() {
        for value in [
            "System.getenv(\"TOKEN\")",
            "OAuth2AuthorizationContext.withClientRegistration(null).build())",
            "party.singleLogoutServiceBinding(Saml2MessageBinding.POST))",
            "md5(password)",
            "params[:token]",
            "$this->token",
            "std::env::var(\"TOKEN\")",
            "npm:^3.0.0",
            "^2.0.0-next.4",
            "1.0.0.RELEASE",
            "18.3.0-canary-a870b2d54-20240314",
            "workspace:*",
            "op://vault/item/field",
            "\"bytes,5,opt,name=google_iam,json=googleIam,proto3,oneof\"",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/token",
        ] {
            assert!(check(value.as_bytes()).is_err(), "{value}");
        }
        for value in [
            "kX9(qL2)vTz8",
            "kX9,qL2,vTz8mW",
            "1.2kQz8vTz",
            "1000.8cb99dbc8a1f4d.2f",
            "3.7.kQz8",
            "a[Kq9]vTz8mW",
            "kQz8->vTz8mW",
        ] {
            assert_eq!(check(value.as_bytes()), Ok(()), "{value}");
        }
    }
}
