//! Whether a key still opens something, as its server says.

/// What a server said of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liveness {
    /// Whether it opens anything.
    pub state: LivenessState,
    /// What the server said, or why it said nothing.
    pub reason: String,
    /// When it was asked, `YYYY-MM-DDTHH:MM:SSZ`.
    pub at: String,
}

/// Whether a key opens anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LivenessState {
    /// Whoever has it can use it.
    Alive,
    /// The server refuses it.
    Dead,
    /// Nobody knows.
    Unknown,
}

impl LivenessState {
    /// The state as reports spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alive => "alive",
            Self::Dead => "dead",
            Self::Unknown => "unknown",
        }
    }

    /// What the Journey API says by the status of an answer about a journey that nobody has, with the reason. None: it may say
    /// more if it is asked again.
    ///
    /// The vendor's page on API keys has 401 for a key that is none, 403 for a journey that is not of the key's
    /// account, 429 for too many requests and 500 for a failure.
    pub fn of_status(status: u16) -> Option<(Self, &'static str)> {
        Some(match status {
            200..=299 => (Self::Alive, "the server answers it"),
            401 => (Self::Dead, "the server refuses it"),
            403 => (Self::Alive, "the server knows its account"),
            404 => (
                Self::Unknown,
                "the server knows no such journey, and may not have looked at the key",
            ),
            429 | 500..=599 => return None,
            300..=399 => (
                Self::Unknown,
                "the server sends elsewhere, where no key is sent",
            ),
            _ => (Self::Unknown, "the server says nothing that is known"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_refused_is_dead() {
        let state = |status| LivenessState::of_status(status).map(|(state, _)| state.name());
        let dead: Vec<u16> = (100..600)
            .filter(|status| state(*status) == Some("dead"))
            .collect();
        assert_eq!(dead, [401]);
        assert_eq!([state(200), state(403)], [Some("alive"); 2]);
        assert_eq!([state(204), state(302)], [Some("alive"), Some("unknown")]);
        assert_eq!([state(429), state(500), state(503)], [None; 3]);
    }
}
