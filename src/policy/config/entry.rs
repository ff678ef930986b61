//! A new `[[allow]]` entry at the end of a configuration, of which every other byte stays as it is.

use super::super::text::without_mark;
use crate::model::Fingerprint;
use toml::Value;

/// An entry to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAllow {
    /// The finding that it allows.
    pub fingerprint: Fingerprint,
    /// Why.
    pub reason: String,
    /// What the finding is, for those who read the file: one line of harmless text.
    pub about: String,
}

impl NewAllow {
    /// The entry as TOML.
    pub fn to_toml(&self) -> String {
        format!(
            "[[allow]]\nfingerprint = {} # {}\nreason = {}\n",
            text(&self.fingerprint.0),
            self.about,
            text(&self.reason)
        )
    }

    /// The entry as it stands in a list: `{ fingerprint = "...", reason = "..." }`.
    pub fn to_inline(&self) -> String {
        let (fingerprint, reason) = (text(&self.fingerprint.0), text(&self.reason));
        format!("{{ fingerprint = {fingerprint}, reason = {reason} }}")
    }

    /// The text of a configuration with the entry behind it, in the line ends that are there.
    pub fn added_to(&self, text: &str) -> String {
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = match without_mark(text) {
            "" => "",
            filled if filled.ends_with("\n\n") || filled.ends_with("\n\r\n") => "",
            filled if filled.ends_with('\n') => end,
            _ => &end.repeat(2),
        };
        format!("{text}{gap}{}", self.to_toml().replace('\n', end))
    }
}

fn text(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Config;

    fn entry(reason: &str) -> NewAllow {
        NewAllow {
            fingerprint: Fingerprint("ab".repeat(16)),
            reason: reason.to_owned(),
            about: "test-key in a.js".to_owned(),
        }
    }

    #[test]
    fn every_other_byte_stays_and_the_result_is_a_configuration() {
        for (text, gap) in [
            ("", ""),
            ("\u{feff}", ""),
            ("# ours\n[paths]  # wide\nexclude = [ 'a' ]\n", "\n"),
            ("severity = 'low'", "\n\n"),
            ("severity = 'low'\n\n", ""),
            ("severity = 'low'\r\n", "\r\n"),
        ] {
            let added = entry("it's \"known\": C:\\a\nb").added_to(text);
            assert!(
                added.starts_with(&format!("{text}{gap}[[allow]]")),
                "{added:?}"
            );
            assert_eq!(text.contains('\r'), added.contains("]]\r\n"), "{added:?}");
            let config = Config::parse("c.toml", &added).unwrap();
            assert!(!config.allows_nothing());
        }
    }

    #[test]
    fn an_entry_reads_well() {
        insta::assert_snapshot!(entry("dead").to_toml(), @r#"
        [[allow]]
        fingerprint = "abababababababababababababababab" # test-key in a.js
        reason = "dead"
        "#);
    }
}
