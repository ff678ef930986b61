//! Who gave a credential out, and with it what ends it. All that is said of a Jourvex key and of no
//! other is said here and where this is asked.

use crate::model::RuleInfo;

/// Who gave a credential out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Issuer {
    /// Jourvex, whose dashboard rotates it.
    Jourvex,
    /// A person, who made a password up.
    Person,
    /// Another vendor.
    Vendor,
}

impl Issuer {
    /// The issuer of what a rule finds.
    pub(super) fn of(rule: &RuleInfo) -> Self {
        if rule.public_prefix == "jvx_live_" || rule.id.starts_with("jourvex-") {
            Self::Jourvex
        } else if rule.id.ends_with("password") {
            Self::Person
        } else {
            Self::Vendor
        }
    }

    /// What ends the credential, in an imperative.
    pub(super) fn end(self, rule: &RuleInfo) -> String {
        let called = format!("({}: {})", rule.id, one_line(&rule.description));
        match self {
            Self::Jourvex => "rotate it at Settings -> API Access".to_owned(),
            Self::Person => format!("change the password at the service it is for {called}"),
            Self::Vendor => format!("revoke it at its issuer and make a new one {called}"),
        }
    }

    /// What a program does in place of holding the credential.
    pub(super) fn read(self) -> &'static str {
        match self {
            Self::Jourvex => "read JOURVEX_API_KEY",
            Self::Person | Self::Vendor => "read it from the environment",
        }
    }
}

/// A text without line ends.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
