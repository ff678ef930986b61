//! Runs, periods and sequences: `xxxx`, `abcabc`, `1234567890`, `a1b2c3d4`, `aBcDeF`, `qwerty`.

use super::super::candidate::Refusal;

/// How many letters and digits of a value are looked at.
const LONGEST: usize = 512;

/// Shortest slide or run that counts.
const SHORTEST: usize = 3;

/// Refuses a value most of which continues by rule.
pub(in crate::detect::gate) fn check(value: &[u8]) -> Result<(), Refusal> {
    let mut body = [0; LONGEST];
    let letters = value.iter().filter(|b| b.is_ascii_alphanumeric());
    let length = body.iter_mut().zip(letters).fold(0, |length, (slot, b)| {
        *slot = b.to_ascii_lowercase();
        length + 1
    });
    let body = &body[..length];
    if body.is_empty() {
        return Err("no letters or digits");
    }
    if distinct(body) <= 5.min(body.len() / 2) {
        return Err("five or fewer distinct characters");
    }
    if is_periodic(body) {
        return Err("repeats itself");
    }
    if covered_by_slides(body) * 5 >= body.len() * 3 {
        return Err("a sequence");
    }
    Ok(())
}

fn distinct(body: &[u8]) -> usize {
    let mut seen = [false; 256];
    body.iter().for_each(|b| seen[usize::from(*b)] = true);
    seen.iter().filter(|seen| **seen).count()
}

/// True when the text is one piece, at most half as long, again and again, with little error.
fn is_periodic(body: &[u8]) -> bool {
    let longest = (body.len() / 2).min(64);
    (1..=longest).any(|period| {
        let pairs = body.len() - period;
        let differ = body[period..].iter().zip(body).filter(|(a, b)| a != b);
        differ.take(pairs / 8 + 1).count() <= pairs / 10
    })
}

/// How many characters stand in a slide: each differs by the same step (-1, 0 or 1) from the one
/// that stands `stride` before it, in alphabetic or keyboard order.
fn covered_by_slides(body: &[u8]) -> usize {
    let mut covered = [false; LONGEST];
    for stride in [1, 2] {
        for order in [&ALPHABETIC, &KEYBOARD, &COLUMNS, &PAD] {
            for lane in 0..stride {
                mark_slides(body, (lane, stride), order, &mut covered);
            }
        }
    }
    covered[..body.len()].iter().filter(|c| **c).count()
}

/// Marks the slides among every `stride`th character from `lane` on.
fn mark_slides(body: &[u8], (lane, stride): (usize, usize), order: &Order, covered: &mut [bool]) {
    let (mut start, mut at, mut sliding) = (lane, lane, None);
    while at < body.len() {
        let next = body.get(at + stride);
        let step = next.and_then(|next| step(order, body[at], *next));
        if step.is_none() || (sliding.is_some() && step != sliding) {
            if (at - start) / stride + 1 >= SHORTEST {
                let slide = (start..=at).step_by(stride);
                slide.for_each(|i| covered[i] = true);
            }
            // The last character of a slide may be the first of the next.
            start = if step.is_none() { at + stride } else { at };
        }
        sliding = step;
        at += stride;
    }
}

/// The step from one character to another, if it is one of a slide. After 9 comes 0, as on a
/// keyboard.
fn step(order: &Order, from: u8, to: u8) -> Option<i16> {
    let (from, to) = (order[usize::from(from)], order[usize::from(to)]);
    let step = if (from, to) == (9, 0) { 1 } else { to - from };
    (from != NOWHERE && to != NOWHERE && (-1..=1).contains(&step)).then_some(step)
}

/// Each byte's place in an order; those without one are out of reach of every step.
type Order = [i16; 256];

const NOWHERE: i16 = i16::MIN / 2;

const ALPHABETIC: Order = order(&[b"0123456789", b"abcdefghijklmnopqrstuvwxyz"]);

/// Keyboard columns: `1qaz2wsx`.
const COLUMNS: Order = order(&[
    b"1qaz", b"2wsx", b"3edc", b"4rfv", b"5tgb", b"6yhn", b"7ujm", b"8ik", b"9ol",
]);

/// Columns of the pad of numbers: `147258`.
const PAD: Order = order(&[b"147", b"258", b"369"]);

/// Keyboard rows, in the order that a finger slides over them.
const KEYBOARD: Order = order(&[b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"]);

const fn order(rows: &[&[u8]]) -> Order {
    let mut order = [NOWHERE; 256];
    let mut row = 0;
    while row < rows.len() {
        let mut column = 0;
        while column < rows[row].len() {
            order[rows[row][column] as usize] = (row * 100 + column) as i16;
            column += 1;
        }
        row += 1;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn sequences_are_refused() {
        for value in [
            "xxxxxxxxxxxxxxxx",
            "1234567890",
            "12345678901234567890123456789012",
            "abcdefghijklmnopqrstuvwxyz",
            "a1b2c3d4e5f6g7h8",
            "aBcDeFgHiJkLmNoPqRsTuVwXyZ",
            "abcdef1234567890abcdef1234567890",
            "abababababababab",
            "0000000000000000000000000001",
            "qwertyuiopasdfghjkl",
            "1qaz2wsx3edc",
            "zaq12wsx",
            "147258369",
            "fedcba9876543210",
            "exampleexampleexample",
            "xbc123def456ghi789jkl012mno345",
        ] {
            assert!(check(value.as_bytes()).is_err(), "{value}");
        }
    }

    #[test]
    fn random_values_pass() {
        for value in ["9KciY2TkuL3PGsIyqmbDYh9V", "7edc1ea8222287ef"] {
            assert_eq!(check(value.as_bytes()), Ok(()), "{value}");
        }
    }
}
