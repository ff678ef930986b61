//! Values that stand for "some password": words of any language, with digits for letters or a count at their end.

use super::letter_pairs;
use super::words;
use crate::syntax::{is_listed, listed};
use memchr::memmem;

/// Passwords that stand for "some password", lower case, sorted; `open sesame` is one too.
const COMMON: &str = "123456 1234567 12345678 123456789 abc123 admin admin123 administrator changeit changeme contrasena \
    default demo example foo foobar guest guestpw haslo heslo hunter2 iloveyou letmein losenord motdepasse \
    mypass mypassword nopass nopassword opensesame p@ssw0rd parola pass pass123 passw0rd passwd password \
    password1 password123 passwort postgres pw qwerty root salasana secret secret123 senha sifre test123 \
    token toor trustno1 wachtwoord wagwoord";

/// Words by which a value speaks of itself, as `Sup3rS3cret!1` does.
const STANDING_FOR: [&str; 18] = [
    "admin", "change", "default", "demo", "dummy", "example", "fake", "key", "login", "pass",
    "pwd", "qwerty", "sample", "secret", "test", "token", "user", "your",
];

/// Fewest letters in one case that tell whether they are words.
const TELLING: usize = 12;

/// Fewest characters of a password that is made of words.
const SHORTEST_CHOSEN: usize = 12;

/// True for such a password, also with signs in it that try how a program takes them: `p@ssw$rd`, `passw:rd`.
pub(in crate::detect::gate) fn is_common(lower: &[u8]) -> bool {
    let is_one = |known: &str| known.as_bytes() == lower || is_with_signs(known.as_bytes(), lower);
    lower == b"open sesame" || listed(COMMON).any(is_one)
}

fn is_with_signs(word: &[u8], text: &[u8]) -> bool {
    let signs = text.iter().filter(|b| b.is_ascii_punctuation()).count();
    let fits = |(letter, byte): (&u8, &u8)| letter == byte || byte.is_ascii_punctuation();
    word.len() == text.len()
        && (1..=3).contains(&signs)
        && word.len() >= 6
        && word.iter().zip(text).all(fits)
}

/// Fewest digits of a number that somebody thought of.
const THOUGHT_OF: usize = 3;

/// True for what somebody made of words to be a password, and not to stand for one: `81Pepper*c0b4lt`,
/// `harbour-8352-Walnut`, `tulip_823#`.
pub(in crate::detect::gate) fn is_chosen(password: &[u8], standing: WordStanding) -> bool {
    let kinds: [fn(&u8) -> bool; 3] = [
        u8::is_ascii_lowercase,
        u8::is_ascii_uppercase,
        u8::is_ascii_digit,
    ];
    let has_all = kinds.iter().all(|kind| password.iter().any(kind));
    let joins = |b: &u8| matches!(b, b'_' | b'-' | b'.');
    let is_mixed = password
        .iter()
        .any(|b| b.is_ascii_punctuation() && !joins(b));
    // What only joins words is in many a name too: `Api-Gateway-01`.
    let is_numbered = has_thought_of(password);
    let is_joined = is_numbered && password.iter().any(joins);
    let is_long = password.len() >= SHORTEST_CHOSEN && has_all && (is_mixed || is_joined);
    let has_letters = password.iter().any(u8::is_ascii_alphabetic);
    let is_signed = is_numbered && has_letters && password.last().is_some_and(|b| is_sign(*b));
    (is_long || is_signed || is_phrase(password, standing)) && !speaks_of_itself(password)
}

/// Fewest letters of a word of a phrase, and of one that has no number.
const LETTERS_OF_WORD: usize = 4;
const LETTERS_WITHOUT_NUMBER: usize = 5;

/// Words of phrases that stand for any: `FooBarBaz22`, `HelloWorld42`.
const ANYBODYS: &str = "acme apache bar baz client company foobar google hello http john lorem microsoft oauth server service \
    spring string utf version welcome world";

/// Numbers of two digits that people count with.
const COUNTS: &str = "00 01 02 10 11 12 22 23 33 44 55 66 77 88 99";

/// True for words that somebody put together: two and a number that no count is (`CobaltEmber28`), three, a digit and a
/// sign (`TheOrbitEatsKettle!0`), and behind a user four longer ones (`thunder-walnut-ember-marble`).
fn is_phrase(password: &[u8], standing: WordStanding) -> bool {
    let runs = password.split(|b| !b.is_ascii_alphabetic());
    let words: Vec<&[u8]> = runs.flat_map(words::camel_parts).collect();
    let of = |letters: usize| words.iter().filter(|word| word.len() >= letters).count();
    let end = password.len() - password.iter().rev().take_while(|b| is_sign(**b)).count();
    let digits = password[..end]
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_digit());
    let number = &password[end - digits.count()..end];
    let is_count = match number {
        [] | [_] => true,
        [_, _] => is_listed(COUNTS, number),
        more => is_idle(more),
    };
    let is_signed = password.iter().any(|b| is_sign(*b)) && !number.is_empty();
    let is_made = match of(LETTERS_OF_WORD) {
        0 | 1 => false,
        _ if !is_count => true,
        2 => false,
        _ if is_signed => true,
        _ => standing == WordStanding::BesideUser && of(LETTERS_WITHOUT_NUMBER) >= 4,
    };
    let is_anybodys = |word: &&[u8]| is_listed(ANYBODYS, &word.to_ascii_lowercase());
    is_made && words.len() <= 6 && !words.iter().any(is_anybodys)
}

/// True for a value with a number that somebody thought of: `Summer2031`, but not `Summer123`.
pub(in crate::detect::gate) fn has_thought_of(password: &[u8]) -> bool {
    let mut numbers = password.split(|b| !b.is_ascii_digit());
    numbers.any(|n| n.len() >= THOUGHT_OF && !is_idle(n))
}

/// True for the signs that people put behind a word and a number, since a form asks for one.
fn is_sign(byte: u8) -> bool {
    b"!#$%&*+?@^~".contains(&byte)
}

/// True when a value says what it is, with letters or with the digits for them.
fn speaks_of_itself(password: &[u8]) -> bool {
    let lower = password.to_ascii_lowercase();
    let plain = with_letters(&lower);
    STANDING_FOR.iter().any(|word| {
        let word = word.as_bytes();
        memmem::find(&lower, word).is_some() || memmem::find(&plain, word).is_some()
    })
}

/// What stands around a value that may be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::detect::gate) enum WordStanding {
    /// A user: `anna:Summer2031` opens something, weak as it is.
    BesideUser,
    /// Nothing that says so: a word with a count is some word.
    Alone,
}

/// True when little is left of a password without its words, in whatever way they are spelled.
pub(in crate::detect::gate) fn is_weak(password: &[u8], standing: WordStanding) -> bool {
    // Two words and a number are more than two words.
    let is_own = is_phrase(password, standing) && !speaks_of_itself(password);
    if is_own || !are_words(password) && is_chosen(password, standing) {
        return false;
    }
    if are_words(password) {
        return true;
    }
    if is_spelled_out(password) {
        return true;
    }
    let core = without_ends(password);
    let speaks = speaks_of_itself(password);
    let is_told = standing == WordStanding::Alone || has_idle_ends(password, core);
    if !(speaks || is_told && core.len() * 2 >= password.len()) {
        return false;
    }
    let plain = with_letters(core);
    // `4dm1n123` begins with a letter.
    let end = password.iter().rposition(u8::is_ascii_alphabetic);
    let headed = with_letters(&password[..end.map_or(0, |at| at + 1)]);
    // Of a few letters nothing is missing but all.
    let holds_words = |text: &[u8]| words::covered(text) > 0 && are_words(text);
    holds_words(core)
        || holds_words(&plain)
        || holds_words(&headed)
        || is_mostly_words(core, &plain)
        || reads_as_words(core, letter_pairs::WRITTEN)
        || reads_as_words(&plain, letter_pairs::SPELLED)
}

/// True for words with digits for letters and nothing else, such as `53cr37`; at their end, more than one digit would
/// be a count, unless the words say that it is none.
fn is_spelled_out(password: &[u8]) -> bool {
    let signs = |b: &&u8| b.is_ascii_punctuation();
    let end = password.len() - password.iter().rev().take_while(signs).count();
    let count = password[..end]
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_digit());
    let missing = if count.count() > 1 { 0 } else { 3 };
    let plain = with_letters(&password[..end]);
    plain.iter().all(u8::is_ascii_alphabetic) && words::covered(&plain) + missing >= plain.len()
}

/// Without the digits and signs around the letters: `2024-Summer!` is `Summer`.
pub(in crate::detect::gate) fn without_ends(password: &[u8]) -> &[u8] {
    let is_letter = |b: &u8| b.is_ascii_alphabetic() || !b.is_ascii();
    let Some(start) = password.iter().position(is_letter) else {
        return b"";
    };
    let end = password.iter().rposition(is_letter);
    &password[start..end.map_or(start, |at| at + 1)]
}

/// True when what stands around the letters is what people put there without a thought: signs, two digits, `123`, `777`.
fn has_idle_ends(password: &[u8], core: &[u8]) -> bool {
    let (head, tail) = match memmem::find(password, core) {
        Some(at) => (&password[..at], &password[at + core.len()..]),
        None => (password, &b""[..]),
    };
    is_idle(head) && is_idle(tail)
}

/// True for signs and a count that anybody would take.
pub(in crate::detect::gate) fn is_idle(end: &[u8]) -> bool {
    let digits: Vec<u8> = end.iter().copied().filter(u8::is_ascii_digit).collect();
    let goes_by = |step: u8| {
        digits
            .windows(2)
            .all(|pair| pair[0].wrapping_add(step) == pair[1])
    };
    digits.len() <= 2 || [0, 1, u8::MAX].into_iter().any(goes_by)
}

/// With the letters that digits and signs stand for: `p@ssw0rd` is `password`.
pub(in crate::detect::gate) fn with_letters(text: &[u8]) -> Vec<u8> {
    let letter = |b: &u8| match b {
        b'0' => b'o',
        b'1' | b'!' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        other => *other,
    };
    text.iter().map(letter).collect()
}

/// True when all but three letters and two digits of a text are in words of the lists, or in what joins them.
fn are_words(text: &[u8]) -> bool {
    let letters = text.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let joints = text.iter().filter(|b| b"_-./:#@+=, ".contains(b)).count();
    let lower = || text.to_ascii_lowercase();
    let covered = || words::covered(text).max(words::covered(&lower()));
    text.len() - letters - joints <= 2 && covered() + 3 >= letters
}

/// True for letters of which two and more are written as digits, and two thirds of which are in words: `l33tp4ssw0rd`.
fn is_mostly_words(core: &[u8], plain: &[u8]) -> bool {
    let digits = core.iter().filter(|b| b.is_ascii_digit()).count();
    digits > 1
        && plain.iter().all(u8::is_ascii_alphabetic)
        && words::covered(plain) * 3 >= plain.len() * 2
}

/// True for nothing but letters, in parts that are written as words are and that could be words of some language. Of
/// few letters in one case nobody can tell.
fn reads_as_words(text: &[u8], least: f32) -> bool {
    let is_joint = |b: &u8| b.is_ascii_punctuation() || *b == b' ';
    // No generator draws from the letters of such scripts.
    if text.iter().filter(|b| !b.is_ascii()).count() * 2 > text.len() {
        return true;
    }
    let parts: Vec<&[u8]> = text
        .split(is_joint)
        .filter(|part| !part.is_empty())
        .collect();
    let letters: usize = parts.iter().map(|part| part.len()).sum();
    let has_capital =
        text.iter().any(u8::is_ascii_uppercase) && text.iter().any(u8::is_ascii_lowercase);
    let tells = parts.len() > 1 || has_capital || !text.is_ascii() || letters >= TELLING;
    letters >= 4
        && tells
        && text.len() - letters <= letters / 3
        && parts.iter().all(|part| is_written_as_words(part))
        && (!text.is_ascii() || letter_pairs::mean_of_pairs(&parts) >= least)
}

/// True for letters in one case, behind a capital or not, and for such parts joined by their capitals: `myOwnKey`.
fn is_written_as_words(part: &[u8]) -> bool {
    let is_letter = |b: &u8| b.is_ascii_alphabetic() || !b.is_ascii();
    if !part.iter().all(is_letter) {
        return false;
    }
    let capitals = part.iter().filter(|b| b.is_ascii_uppercase()).count();
    capitals == 0
        || capitals == part.len()
        || words::camel_parts(part).all(|word| word.len() >= 3 || capitals == 1 && word.len() > 1)
            && capitals * 3 <= part.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(listed(COMMON).is_sorted());
    }

    #[test]
    fn signs_in_a_default_password_change_nothing() {
        for password in ["password", "p@ssw$rd", "passw:rd", "letm#in"] {
            assert!(is_common(password.as_bytes()), "{password}");
        }
        for password in ["p@$$%*rd", "passwxrd", "t*st"] {
            assert!(!is_common(password.as_bytes()), "{password}");
        }
    }

    #[test]
    fn words_are_weak_however_they_are_spelled() {
        for word in [
            "p@ssw0rd1!",
            "s3cr3t",
            "4dm1n123",
            "s00pers3cret",
            "rapunz3l",
            "aMoreSecur3Passwor7!",
            "arachni_secret",
            "5543!%arachni_secret",
            "einstein1",
            "wachtwoord-hier",
            "tajneheslo",
            "woshishujukumima",
            "matkhaucuaban",
            "Zapomniane",
            "Schl\u{fc}ssel",
            "Welc0me1",
            "Test@1234",
            "Gravel123!",
            "ApiGateway01",
            "HelloWorld42",
            "SuperSecret97",
            "CobaltEmber12",
            "some-kind-of-text-here",
            "secret-1985!",
        ] {
            assert!(is_weak(word.as_bytes(), WordStanding::BesideUser), "{word}");
        }
        for password in [
            "x3vyedlz6dzl7rkr3b",
            "prTHeruVQAiapFZg",
            "Quarrystone3146!",
            "qxvkzjwphtgc",
            "m4Qx7rvKTz",
            "81Pepper*c0b4lt",
            "lHnibfvouo",
            "th4l33azec71",
            "n1b30mffotym",
            "9481x2759",
            "934mC8o4",
            "gr4vel_823#$",
            "gravel-1717&",
            "Gravel1985?",
            "CobaltEmber28",
            "lantern_timber56",
            "Juniper.Kettle848!",
            "Pickle-harbor13",
            "TheOrbitEatsKettle!0",
        ] {
            assert!(
                !is_weak(password.as_bytes(), WordStanding::Alone),
                "{password}"
            );
        }
    }

    #[test]
    fn a_count_that_somebody_chose_makes_a_password_of_a_word_beside_its_user() {
        for password in [
            "veranos2489",
            "Summer2031",
            "zilutlah",
            "thunder-walnut-ember-marble",
        ] {
            assert!(
                !is_weak(password.as_bytes(), WordStanding::BesideUser),
                "{password}"
            );
        }
        assert!(is_weak(b"Summer2031", WordStanding::Alone));
    }
}
