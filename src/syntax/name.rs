//! Names, compared by their words: `SetBasicAuth`, `set_basic_auth` and `http.set-basic-auth` say the same.

/// Longest name that is compared, in bytes; of a longer one the end counts.
const LONGEST: usize = 96;

/// Most characters of a pattern.
const MOST: usize = 63;

/// Stands where a capital begins a word.
const CAMEL: u8 = 1;

/// The words of a list, which is one text: a linker may put short texts behind a prefix.
pub fn listed(list: &str) -> impl Iterator<Item = &str> {
    list.split_ascii_whitespace()
}

/// True for a word of a list.
pub fn is_listed(list: &str, word: &[u8]) -> bool {
    let list = list.as_bytes();
    let Some(first) = word.first() else {
        return false;
    };
    let is_end = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
    let is_there = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| list.get(at));
        list[at..].starts_with(word) && is_end(before) && is_end(list.get(at + word.len()))
    };
    memchr::memchr_iter(*first, list).any(is_there)
}

/// True for a text that begins with a word of a list, in any case of letters.
pub fn begins_listed(list: &str, text: &[u8]) -> bool {
    let list = list.as_bytes();
    let Some(first) = text.first() else {
        return false;
    };
    let begins = |at: usize| {
        let is_word = at == 0 || list[at - 1].is_ascii_whitespace();
        let length = list[at..].iter().position(u8::is_ascii_whitespace);
        let word = &list[at..length.map_or(list.len(), |length| at + length)];
        let head = text.get(..word.len());
        is_word && head.is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    let (small, large) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    memchr::memchr2_iter(small, large, list).any(begins)
}

/// A name, split into words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// Its words in small letters, with what stands between them; [`CAMEL`] where nothing does.
    words: Vec<u8>,
}

impl Name {
    /// The words of a name as it is written.
    pub fn new(written: &[u8]) -> Self {
        let written = &written[written.len().saturating_sub(LONGEST)..];
        let mut words: Vec<u8> = Vec::with_capacity(written.len() + 4);
        for (at, byte) in written.iter().enumerate() {
            let last = at.checked_sub(1).map(|at| written[at]);
            let next = written.get(at + 1);
            match byte {
                b'A'..=b'Z' => {
                    if last.is_some_and(|last| begins_word(last, next))
                        && !is_oauth(&written[..=at])
                    {
                        words.push(CAMEL);
                    }
                    words.push(byte.to_ascii_lowercase());
                }
                b'a'..=b'z' | b'0'..=b'9' | 0x80.. => words.push(*byte),
                b'-' if next == Some(&b'>') => {}
                b'-' if words.is_empty() => {}
                b'-' | b'_' => words.push(*byte),
                b'.' | b':' | b'>' | b'/' => match words.last() {
                    Some(b'.') => {}
                    _ => words.push(b'.'),
                },
                b'$' | b'?' | b'@' => {}
                _ => words.push(b' '),
            }
        }
        Self { words }
    }

    /// Its words in small letters, with what stands between them.
    pub fn words(&self) -> &[u8] {
        &self.words
    }

    /// The same without what marks where capitals begin words, as a run of letters has it.
    pub fn without_capitals(&self) -> Vec<u8> {
        let written = self.words.iter().filter(|b| **b != CAMEL);
        written.copied().collect()
    }

    /// True for a name that has one of these words.
    pub fn has(&self, sought: &str) -> bool {
        let mut words = self.words.split(|b| is_joint(*b));
        words.any(|word| is_listed(sought, word))
    }
}

/// True when a capital between these two letters begins a word: `aB`, `2B`, and the `K` of `APIKey`.
fn begins_word(last: u8, next: Option<&u8>) -> bool {
    let goes_on = next.is_some_and(u8::is_ascii_lowercase);
    last.is_ascii_lowercase() || last.is_ascii_digit() || (last.is_ascii_uppercase() && goes_on)
}

/// True at the `A` of `OAuth`, which is one word.
fn is_oauth(written: &[u8]) -> bool {
    let before = written.len().checked_sub(3).map(|at| written[at]);
    written.ends_with(b"OA") && before.is_none_or(|b| !b.is_ascii_uppercase())
}

fn is_joint(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.' | b' ' | CAMEL)
}

/// One step of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    /// This byte.
    Byte(u8),
    /// What stands between two words, or nothing.
    Joint,
    /// Anything.
    Any,
}

/// What a name is compared with. A blank stands for any way to join two words (`-`, `_`, `.`, a capital, nothing),
/// a hyphen or an underscore for itself, a capital says where a word may begin, `*` stands for any letters, and `* ` at the beginning or ` *` at the end for any
/// words. A pattern holds for the last parts of a path, so that `basic auth` is `request.BasicAuth` as well.
#[derive(Clone, Debug)]
pub struct NamePattern {
    written: String,
    elements: Vec<Element>,
    /// It may begin behind any word.
    any_before: bool,
    /// It may end before any word.
    any_behind: bool,
    /// The elements that may be nothing, a bit for each.
    optional: u64,
    /// What is read behind the dot that a name begins with: the elements up to the last dot.
    tail: u64,
    /// The byte that every such name ends with, if there is one.
    last: Option<u8>,
}

impl NamePattern {
    /// A pattern as it is written.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    pub fn new(written: &str) -> Result<Self, String> {
        let any_before = written.starts_with("* ");
        let any_behind = written.ends_with(" *");
        let inner = written.strip_prefix("* ").unwrap_or(written);
        let inner = inner.strip_suffix(" *").unwrap_or(inner);
        let element = |byte: u8| match byte {
            b' ' => Ok(Element::Joint),
            b'*' => Ok(Element::Any),
            b'-' | b'_' | b'.' => Ok(Element::Byte(byte)),
            _ if byte.is_ascii_alphanumeric() => Ok(Element::Byte(byte.to_ascii_lowercase())),
            _ => Err(
                "a name is written in letters, digits, `-`, `_`, `.`, blanks and `*`".to_owned(),
            ),
        };
        let elements: Vec<Element> = inner.bytes().map(element).collect::<Result<_, _>>()?;
        let has_letters = inner.bytes().any(|b| b.is_ascii_alphabetic());
        let bits = |elements: &[Element]| {
            let bits = elements.iter().enumerate();
            let optional = bits.filter(|(_, own)| matches!(own, Element::Any | Element::Joint));
            optional.fold(0, |bits, (at, _)| bits | 1 << at)
        };
        let dot = |own: &Element| *own == Element::Byte(b'.');
        if has_letters && elements.len() <= MOST {
            Ok(Self {
                written: written.to_owned(),
                optional: bits(&elements),
                last: match elements.last() {
                    Some(Element::Byte(last)) if !any_behind => Some(*last),
                    _ => None,
                },
                tail: elements.iter().rposition(dot).map_or(0, |at| 2 << at),
                elements,
                any_before,
                any_behind,
            })
        } else {
            Err("a name has 1 to 63 characters, one of them a letter".to_owned())
        }
    }

    /// The pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// True when it holds for a name. Where the calls are not known that a name is called on, `.basic` may be
    /// `auth().basic`.
    ///
    /// Follows all ways to read the name at once: bit `n` is set where the first `n` elements are read.
    pub fn fits(&self, name: &Name) -> bool {
        let words = name.words();
        if self.last.is_some() && self.last.as_ref() != words.last() {
            return false;
        }
        let end = 1 << self.elements.len();
        let mut read = self.skipping(1);
        for (at, byte) in words.iter().enumerate() {
            if self.any_behind && read & end != 0 && is_joint(*byte) {
                return true;
            }
            let mut next = self.behind(read, *byte);
            if *byte == b'.' || (self.any_before && is_joint(*byte)) {
                next |= 1;
            }
            if at == 0 && *byte == b'.' {
                next |= self.tail;
            }
            read = self.skipping(next);
        }
        read & end != 0
    }

    /// What is read behind one more byte.
    fn behind(&self, read: u64, byte: u8) -> u64 {
        let mut next = 0;
        let mut left = read;
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            left &= left - 1;
            next |= match self.elements.get(at) {
                Some(Element::Any) => 1 << at,
                Some(Element::Joint) if is_joint(byte) => 2 << at,
                Some(Element::Byte(own)) if *own == byte => 2 << at,
                // `oauth` is `OAuth` too.
                Some(Element::Byte(_)) if at > 0 && byte == CAMEL => 1 << at,
                _ => 0,
            };
        }
        next
    }

    /// The same, with the elements behind it that may be nothing.
    fn skipping(&self, mut read: u64) -> u64 {
        while (read & self.optional) << 1 & !read != 0 {
            read |= (read & self.optional) << 1;
        }
        read
    }

    /// The runs of letters, digits and signs that every such name has, capitals or not. What stands before its last dot
    /// may be missing.
    pub fn runs(&self) -> Vec<Vec<u8>> {
        let byte = |element: &Element| match element {
            Element::Byte(byte) => Some(*byte),
            _ => None,
        };
        let dot = |own: &Element| *own == Element::Byte(b'.');
        let behind = self.elements.iter().rposition(dot).map_or(0, |at| at + 1);
        let runs = self.elements[behind..].split(|element| byte(element).is_none());
        let runs = runs.map(|run| run.iter().filter_map(byte).collect());
        runs.filter(|run: &Vec<u8>| !run.is_empty()).collect()
    }

    /// How much of a name it tells: the more letters and the fewer `*`, the more.
    pub fn specificity(&self) -> usize {
        let letters = self
            .elements
            .iter()
            .filter(|element| matches!(element, Element::Byte(_)))
            .count();
        4 * letters + 3
            - self
                .elements
                .iter()
                .filter(|element| **element == Element::Any)
                .count()
                .min(3)
    }

    /// The words that stand in every such name as they are, longest first.
    pub fn words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self
            .written
            .split([' ', '*'])
            .filter(|word| !word.is_empty())
            .collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words
    }
}
