//! Which part of an image's configuration a place is in.

use crate::model::{ImagePart, LineIndex, Span};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The parts of a configuration, by where they stand in it.
#[derive(Debug)]
pub(super) struct ConfigParts {
    lines: LineIndex,
    /// In their order; none lies in another.
    parts: Vec<(Span, ImagePart)>,
}

impl ConfigParts {
    /// Those of a document; none of what is no JSON.
    pub(super) fn of(document: &[u8]) -> Self {
        let text = std::str::from_utf8(document).unwrap_or_default();
        let mut parts = Vec::new();
        for (name, value) in fields(text) {
            match &*name {
                "config" | "container_config" => {
                    let settings = fields(value.get()).into_iter();
                    parts.extend(settings.map(|(name, value)| {
                        (span(text, value), ImagePart::Setting(called(&name)))
                    }));
                }
                "history" => {
                    let steps: Vec<&RawValue> =
                        serde_json::from_str(value.get()).unwrap_or_default();
                    let steps = steps.into_iter().zip(1..);
                    parts.extend(
                        steps.map(|(step, number)| (span(text, step), ImagePart::Step(number))),
                    );
                }
                _ => {}
            }
        }
        parts.sort_by_key(|(span, _)| span.start);
        Self {
            lines: LineIndex::new(document),
            parts,
        }
    }

    /// The part at a place, of which line and column are 1-based.
    pub(super) fn at(&self, line: usize, column: usize) -> ImagePart {
        let offset = self.lines.line(line).start + column.saturating_sub(1);
        let next = self.parts.partition_point(|(span, _)| span.start <= offset);
        let part = next.checked_sub(1).map(|last| &self.parts[last]);
        let part = part.filter(|(span, _)| offset < span.end);
        part.map_or(ImagePart::Setting("configuration"), |(_, part)| {
            part.clone()
        })
    }
}

/// What reports call a setting.
fn called(name: &str) -> &'static str {
    match name {
        "Env" => "environment",
        "Labels" => "labels",
        "Cmd" | "Entrypoint" | "Shell" => "command",
        "Healthcheck" => "health check",
        "OnBuild" => "steps of ONBUILD",
        _ => "configuration",
    }
}

/// The fields of an object; none of anything else.
fn fields(object: &str) -> BTreeMap<String, &RawValue> {
    serde_json::from_str(object).unwrap_or_default()
}

/// Where in a text a part of it stands.
fn span(text: &str, part: &RawValue) -> Span {
    let start = part.get().as_ptr() as usize - text.as_ptr() as usize;
    Span::new(start, start + part.get().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_by_the_way_to_it() {
        let document = br#"{"config": {"Env": ["A=1", "HERE"], "Labels": {"a": "HERE"}, "User": "HERE"},
            "history": [{"created_by": "x"}, {"created_by": "RUN HERE"}], "author": "HERE", "HERE": 1}"#;
        let lines = LineIndex::new(document);
        let text = std::str::from_utf8(document).unwrap();
        let parts: Vec<String> = text
            .match_indices("HERE")
            .map(|(at, _)| {
                let place = lines.position(at);
                format!(
                    "{:?}",
                    ConfigParts::of(document).at(place.line, place.column)
                )
            })
            .collect();
        insta::assert_snapshot!(parts.join("\n"), @r#"
        Setting("environment")
        Setting("labels")
        Setting("configuration")
        Step(2)
        Setting("configuration")
        Setting("configuration")
        "#);
    }

    #[test]
    fn what_is_no_document_is_still_the_configuration() {
        let of = |text: &[u8]| ConfigParts::of(text).at(1, 9);
        let plain = ImagePart::Setting("configuration");
        assert_eq!(of(b"{\"config\": "), plain);
        assert_eq!(of(b"\xff\xfe\0\0"), plain);
        assert_eq!(ConfigParts::of(b"").at(7, 99), plain);
    }
}
