//! The signs of a key's first letters. Each may be the first piece of a key, the value of a name that the rest
//! is added to, or both.

use super::Layer;
use super::run::run;
use super::trigger::Trigger;
use super::{named, pieces};

/// Decodes what begins at each sign of a key's first letters.
pub(super) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    let firsts = triggers.iter().filter_map(|t| t.first_piece(text));
    let (mut joined, mut followed) = (0, 0);
    for first in firsts {
        if first < joined.min(followed) {
            continue;
        }
        let piece = run(text, first);
        if first >= joined {
            joined = pieces::at(text, piece, layers);
        }
        if first >= followed {
            followed = piece.end;
            named::at(text, piece, layers);
        }
    }
}
