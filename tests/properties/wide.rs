//! A text in UTF-16 or UTF-32 is read as its UTF-8 form is, by every rule and decoder.

use jvxleaks::detect::Detector;
use jvxleaks::model::{Blob, Detection, Origin, Secret, Span};
use jvxleaks::rules::{RuleSet, Sample};

/// How a text is written to a file.
type Encode = fn(&str) -> Vec<u8>;

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

const FORMS: [(&str, Encode); 4] = [
    ("UTF-16, smaller end first", |text| {
        utf16(&format!("\u{feff}{text}"), u16::to_le_bytes)
    }),
    ("UTF-16, larger end first", |text| {
        utf16(&format!("\u{feff}{text}"), u16::to_be_bytes)
    }),
    ("UTF-16 without a mark", |text| {
        utf16(text, u16::to_le_bytes)
    }),
    ("UTF-32", |text| {
        let marked = format!("\u{feff}{text}");
        let units = marked.chars().map(|c| u32::from(c).to_le_bytes());
        units.flatten().collect()
    }),
];

/// Rule, place in the text and secret of each match.
fn found(detector: &Detector, path: &str, bytes: &[u8]) -> Vec<(String, Span, Secret)> {
    let blob = Blob {
        path: &path.into(),
        origin: &Origin::File,
        bytes,
    };
    let matches = detector
        .detect(&blob)
        .map(|found: Detection<'_>| found.matches);
    let matches = matches.unwrap_or_default().into_iter();
    matches
        .map(|m| (m.rule.id.clone(), m.span, m.secret))
        .collect()
}

#[test]
fn each_example_of_each_rule_is_found_in_every_form_of_unicode() {
    let detector = Detector::new(RuleSet::builtin().unwrap());
    for rule in detector.rules().iter() {
        for Sample {
            path,
            text,
            written,
        } in &rule.examples
        {
            let narrow = found(&detector, path, text.as_bytes());
            assert_eq!(narrow.len(), 1, "{}: {written}", rule.info.id);
            for (form, encode) in FORMS {
                let wide = found(&detector, path, &encode(text));
                assert_eq!(wide, narrow, "{}, {form}: {written}", rule.info.id);
            }
            is_found_in_parts(&detector, path, text);
        }
        for Sample {
            path,
            text,
            written,
        } in &rule.counterexamples
        {
            let narrow = found(&detector, path, text.as_bytes());
            for (form, encode) in FORMS {
                let wide = found(&detector, path, &encode(text));
                assert_eq!(wide, narrow, "{}, {form}: {written}", rule.info.id);
            }
        }
    }
}

/// What is appended in single bytes to a text of wide units is found as behind the same line in UTF-8, and so is what
/// is appended in wide units to one of single bytes.
fn is_found_in_parts(detector: &Detector, path: &str, text: &str) {
    let before = "some line that was there\n";
    let expected = found(detector, path, format!("{before}{text}").as_bytes());
    for (form, encode) in FORMS {
        let bytes = [&encode(before)[..], text.as_bytes()].concat();
        assert_eq!(
            found(detector, path, &bytes),
            expected,
            "{form}, then bytes: {text}"
        );
    }
    for (form, encode) in &FORMS[..3] {
        let bytes = [before.as_bytes(), &encode(text)].concat();
        assert_eq!(
            found(detector, path, &bytes),
            expected,
            "bytes, then {form}: {text}"
        );
    }
}
