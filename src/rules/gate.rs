//! The gates that a rule may name. What each takes to be harmless is with its judge, in `detect::gate`.

use std::fmt;
use std::str::FromStr;

/// Which placeholder gate judges a rule's matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Everything that matches counts.
    None,
    /// The body of a Jourvex key.
    JourvexKey,
    /// The value of an `Authorization` or API-key header.
    Header,
    /// `user:password`, the password judged.
    Userinfo,
    /// A password alone; the group `user` is who it belongs to, if the pattern knows.
    Password,
    /// `user:password` in base64, or a password.
    Base64Pair,
    /// Any other token: placeholders, sequences and words are dropped.
    Token,
    /// The name of a variable that code of a browser reads.
    BrowserReference,
    /// The name of a variable whose value a build writes into its output.
    BuildInlining,
    /// The same of a build for a server, whose output no browser gets.
    ServerInlining,
    /// The name of a variable that server code reads and gives to a page.
    Handover,
    /// The name of a variable that a script or a web server writes into a page.
    PageWriting,
    /// A name whose prefix makes its value public.
    PublicName,
    /// The scheme of an `Authorization` header that a browser sends to the Journey API.
    ApiRequest,
    /// Everything that matches counts, and it is a setting, not a secret.
    Setting,
}

/// What kind of text a gate judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    /// A value that the rule's pattern knows by its shape.
    Shaped,
    /// A value without a shape of its own, such as that of any header.
    Any,
    /// A name, of which it matters what code stands around it.
    Name,
    /// A setting.
    Setting,
}

impl Gate {
    /// Every gate by its name in a rule file, in the order of [`Gate`].
    const ALL: [(&'static str, Self, Judged); 15] = [
        ("none", Self::None, Judged::Shaped),
        ("jourvex-key", Self::JourvexKey, Judged::Shaped),
        ("header", Self::Header, Judged::Any),
        ("userinfo", Self::Userinfo, Judged::Any),
        ("password", Self::Password, Judged::Any),
        ("base64-pair", Self::Base64Pair, Judged::Any),
        ("token", Self::Token, Judged::Shaped),
        ("browser-reference", Self::BrowserReference, Judged::Name),
        ("build-inlining", Self::BuildInlining, Judged::Name),
        ("server-inlining", Self::ServerInlining, Judged::Name),
        ("handover", Self::Handover, Judged::Name),
        ("page-writing", Self::PageWriting, Judged::Name),
        ("public-name", Self::PublicName, Judged::Name),
        ("api-request", Self::ApiRequest, Judged::Name),
        ("setting", Self::Setting, Judged::Setting),
    ];

    /// The names of all gates.
    pub(super) fn names() -> [&'static str; 15] {
        Self::ALL.map(|(name, ..)| name)
    }

    fn judged(self) -> Judged {
        Self::ALL[self as usize].2
    }

    /// True when a match is a name or a setting, which reports may show whole.
    pub fn finds_names(self) -> bool {
        matches!(self.judged(), Judged::Name | Judged::Setting)
    }

    /// True when a value has no shape of its own, such as that of any header.
    pub fn takes_any(self) -> bool {
        self.judged() == Judged::Any
    }

    /// True when the verdict depends on what kind of code stands around the match.
    pub fn asks_where(self) -> bool {
        self.judged() == Judged::Name
    }
}

impl FromStr for Gate {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.iter().find(|(known, ..)| *known == name);
        let expected = || format!("expected one of {}", Self::names().join(", "));
        known.map(|(_, gate, _)| *gate).ok_or_else(expected)
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Self::ALL[*self as usize].0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gate_stands_at_its_own_place_in_the_table() {
        for (at, (name, gate, _)) in Gate::ALL.into_iter().enumerate() {
            assert_eq!((gate as usize, gate.to_string().as_str()), (at, name));
        }
    }
}
