//! What opens nothing by itself: hashes, fingerprints, and what only a key that is kept elsewhere makes a credential of.

use super::super::candidate::{Candidate, Refusal};
use crate::syntax::{Name, begins_listed, listed};
use memchr::memmem;

/// Fewest characters of what is sealed for a cluster.
const SHORTEST_SEALED: usize = 100;

/// How a password begins that a server keeps hashed, as crypt(3), LDAP, Django, Werkzeug, PostgreSQL and PHP write it.
const HASHES: &str = "$1$ $2a$ $2b$ $2x$ $2y$ $5$ $6$ $7$ $y$ $gy$ $H$ $P$ $S$ $apr1$ $argon2 $pbkdf2 $scrypt argon2 bcrypt \
    crypt: md5$ pbkdf2 scram-sha- scrypt sha1$ sha256$ sha512$ {argon2 {bcrypt} {crypt} {pbkdf2 {scrypt";

/// How an LDAP hash begins, whatever its algorithm goes on with.
const LDAP: &str = "{sha {ssha {md5 {smd5 {x-";

/// How a digest begins.
const DIGESTS: &str = "md5: sha1: sha256: sha384: sha512: sha1- sha256- sha384- sha512-";

/// How encrypted values begin: of Jasypt, SOPS, Spring Cloud Config, Vault's transit engine, Ansible, WebSphere.
const ENCRYPTED: &str = "enc( enc[ {cipher} vault:v $ansible_vault !vault {aes {des {xor}";

/// Refuses what is encrypted or a hash, by how it begins and by what stands before it.
pub(in crate::detect::gate) fn check(candidate: &Candidate<'_>) -> Result<(), Refusal> {
    let value = candidate.value();
    // Of a [sealed secret](https://github.com/bitnami-labs/sealed-secrets).
    let is_sealed = || memmem::find(candidate.near_before(), b"encryptedData:").is_some();
    if candidate.before().ends_with(b"ENC(") || (value.len() >= SHORTEST_SEALED && is_sealed()) {
        return Err("encrypted");
    }
    if is_sealed_by_name(candidate.near_before()) {
        Err("not the credential itself, by its name")
    } else {
        check_value(value)
    }
}

/// Last words of a name whose value is made of a credential, and words of one anywhere that say so.
const MADE_OF: &str = "hash digest checksum fingerprint thumbprint md5 sha1 sha256 sha512";
const NO_MORE: &str = "hashed encrypted masked redacted obfuscated";

/// Longest name that is looked at, in bytes.
const LONGEST_NAME: usize = 64;

/// True for a value whose name ends in front of it: `"password_hash": "`, `hashed_password=`.
fn is_sealed_by_name(before: &[u8]) -> bool {
    let is_sign = |b: &&u8| b"\"'`:=> \t\r\n".contains(b);
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'-');
    let signs = before
        .iter()
        .rev()
        .take(LONGEST_NAME)
        .take_while(is_sign)
        .count();
    let (before, between) = before.split_at(before.len() - signs);
    // A name at the end of the line above is the name of something else.
    if between.contains(&b'\n') && !between.iter().any(|b| b":=".contains(b)) {
        return false;
    }
    let length = before
        .iter()
        .rev()
        .take(LONGEST_NAME)
        .take_while(is_part)
        .count();
    let name = &before[before.len() - length..];
    let lower = name.to_ascii_lowercase();
    let is_made = |word: &str| lower.len() > word.len() && lower.ends_with(word.as_bytes());
    signs > 0 && (listed(MADE_OF).any(is_made) || Name::new(name).has(NO_MORE))
}

/// The same, of a value alone.
pub(in crate::detect::gate) fn check_value(value: &[u8]) -> Result<(), Refusal> {
    if begins_listed(ENCRYPTED, value) {
        return Err("encrypted");
    }
    if begins_listed(DIGESTS, value) {
        return Err("a fingerprint");
    }
    if is_certificate(value) {
        return Err("a certificate");
    }
    if begins_listed(HASHES, value) || begins_listed(LDAP, value) || is_of_a_database(value) {
        Err("the hash of a password")
    } else {
        Ok(())
    }
}

/// True for an X.509 certificate in base64: a sequence of more than 256 bytes that begins with another one, in DER
/// (<https://www.rfc-editor.org/rfc/rfc5280#section-4.1>). A private key begins with its version.
fn is_certificate(value: &[u8]) -> bool {
    value.starts_with(b"MII") && value.get(6..8) == Some(b"CC") && value.len() >= SHORTEST_SEALED
}

/// `*94BDCEBE...` as MySQL keeps a password, `md5a3556571...` as PostgreSQL does.
fn is_of_a_database(value: &[u8]) -> bool {
    let is_upper = |b: &u8| b.is_ascii_digit() || matches!(b, b'A'..=b'F');
    let mysql = value.strip_prefix(b"*");
    let postgres = value.strip_prefix(b"md5");
    mysql.is_some_and(|digits| digits.len() == 40 && digits.iter().all(is_upper))
        || postgres
            .is_some_and(|digits| digits.len() == 32 && digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::{check_value, is_sealed_by_name};

    #[test]
    fn a_name_says_that_its_value_was_made_of_a_credential() {
        for before in [
            "\"password_hash\": \"",
            "hashed_password = '",
            "encryptedPassword: ",
            "apiKeySha256=",
            "password_hash:\n  ",
        ] {
            assert!(is_sealed_by_name(before.as_bytes()), "{before}");
        }
        for before in [
            "\"hash_key\": \"",
            "HASHICORP_TOKEN=",
            "hash ",
            "digest_password: ",
            "a hash",
            "password_hash\n",
            "",
        ] {
            assert!(!is_sealed_by_name(before.as_bytes()), "{before}");
        }
    }

    #[test]
    fn a_certificate_opens_nothing_and_a_private_key_does() {
        let rest = "Qx7".repeat(60);
        assert!(check_value(format!("MIIDSzCCAjOg{rest}").as_bytes()).is_err());
        assert!(check_value(format!("MIIEvQIBADAN{rest}").as_bytes()).is_ok());
    }

    #[test]
    fn hashes_and_encrypted_values_open_nothing() {
        for value in [
            "$2y$10$N9qo8uLOickgx2ZMRZoMye",
            "{SSHA512}kZlPNcHc8WhlRUYG",
            "pbkdf2:sha256:150000$abcDEFgh$9f86d081",
            "SCRAM-SHA-256$4096:c2FsdA==$kZlP",
            "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19",
            "md5a1b2c3d4e5f60718293a4b5c6d7e8f90",
            "vault:v1:8SDd3WHDOjf7mq69CyCqYjBX",
            "{cipher}AQATk3Lx9fQ2mZ7",
            "sha256:9f86d081884c7d659a2feaa0c55ad015",
        ] {
            assert!(check_value(value.as_bytes()).is_err(), "{value}");
        }
        for value in ["*kZlPNcHc8Whl", "md5kZlPNcHc8Whl", "$kZlP1Ncq"] {
            assert_eq!(check_value(value.as_bytes()), Ok(()), "{value}");
        }
    }
}
