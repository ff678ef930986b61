//! Values that are published as examples, read from `rules/published.toml`: no rule finds them.

use serde::Deserialize;
use std::collections::HashSet;
use std::sync::LazyLock;

const FILE: &str = include_str!("../../rules/published.toml");

/// The published values of each kind.
#[derive(Debug, Default)]
pub struct Published {
    /// Values of headers and settings.
    pub tokens: HashSet<String>,
    /// Passwords.
    pub passwords: HashSet<String>,
    /// `user:password`, in small letters and without blanks.
    pub pairs: HashSet<String>,
    /// What JSON Web Tokens claim that are samples.
    pub claims: Vec<String>,
    /// Bodies of Jourvex keys, whole and without their last pieces.
    pub bodies: HashSet<String>,
}

/// One `[[published]]` entry. Each value is a list of pieces.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishedEntry {
    #[expect(dead_code, reason = "for people who read the file")]
    source: String,
    #[serde(default)]
    tokens: Vec<Vec<String>>,
    #[serde(default)]
    passwords: Vec<Vec<String>>,
    #[serde(default)]
    pairs: Vec<Vec<String>>,
    #[serde(default)]
    claims: Vec<Vec<String>>,
    #[serde(default)]
    bodies: Vec<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    published: Vec<PublishedEntry>,
}

/// All of them, read when the first value is looked up.
pub static PUBLISHED: LazyLock<Published> = LazyLock::new(|| read(FILE).unwrap_or_default());

fn read(text: &str) -> Result<Published, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    let whole = |values: Vec<Vec<String>>| values.into_iter().map(|pieces| pieces.concat());
    let mut all = Published::default();
    for entry in file.published {
        all.tokens.extend(whole(entry.tokens));
        all.passwords.extend(whole(entry.passwords));
        all.pairs.extend(whole(entry.pairs));
        all.claims.extend(whole(entry.claims));
        for pieces in entry.bodies {
            let heads = (1..=pieces.len()).map(|count| pieces[..count].concat());
            all.bodies.extend(heads);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read() {
        let all = read(FILE).unwrap();
        assert!(all.tokens.contains("mF_9.B5f-4.1JqM"));
        assert!(all.pairs.contains("test:123\u{a3}"));
        let small = |pair: &String| *pair == pair.to_lowercase() && !pair.contains(' ');
        assert!(all.pairs.iter().all(small));
    }

    #[test]
    fn a_body_is_published_whole_and_up_to_each_of_its_pieces() {
        let file = "[[published]]\nsource = 'here'\nbodies = [['ab', 'cd', 'ef']]";
        let bodies = read(file).unwrap().bodies;
        let mut bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        bodies.sort_unstable();
        assert_eq!(bodies, ["ab", "abcd", "abcdef"]);
    }
}
