//! Who gave a credential out, and with it what ends it. All that is said of a Jourvex key and of no
//! other is said here and where this is asked.

use crate::model::{KEY_PREFIX, RuleInfo};

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
        if rule.public_prefix == KEY_PREFIX || rule.id.starts_with("jourvex-") {
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

    /// What a rule says besides: of a credential that was published, nothing of what holds if it was.
    pub(super) fn more(self, rule: &RuleInfo) -> Option<String> {
        let advice = one_line(&rule.advice);
        let more = match advice.split_once(PUSHED) {
            Some((more, _)) => more.trim().to_owned(),
            None => advice,
        };
        // "Read the token from the environment ..." is what the step for each place says.
        let says_nothing_new = more.is_empty() || more.starts_with("Read the ");
        (!says_nothing_new).then_some(more)
    }

    /// What a program does in place of holding the credential.
    pub(super) fn read(self) -> &'static str {
        match self {
            Self::Jourvex => "read JOURVEX_API_KEY",
            Self::Person | Self::Vendor => "read it from the environment",
        }
    }
}

/// Before what a rule advises once its credential was published.
pub(super) const PUSHED: &str = "If this was ever pushed, ";

/// A text without line ends.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
