//! Where the bytes of a finding are, in words, when no file of the work tree holds them.

use super::text::keys::{day, refs, short};
use super::text::wrap::shortened;
use crate::model::{Finding, ImagePart, Origin, Refs};

/// `in commit 3f2a9c1 of 2026-01-03 (branch main)`, or nothing for what can simply be opened.
pub(super) fn words(of: &Origin) -> Option<String> {
    let refs = of.refs().map(list).unwrap_or_default();
    origin(of).map(|origin| origin + &refs)
}

/// `in commit 3f2a9c1 of 2026-01-03`, without the refs that reach it.
pub(super) fn origin(origin: &Origin) -> Option<String> {
    match origin {
        Origin::File | Origin::Stdin | Origin::Site { .. } => None,
        Origin::Index => Some("staged for the next commit".to_owned()),
        Origin::Commit {
            commit,
            author_date,
            ..
        } => Some(format!("in {}", dated("commit", commit, author_date))),
        Origin::CommitMessage {
            commit,
            author_date,
            ..
        } => Some(format!(
            "in the message of {}",
            dated("commit", commit, author_date)
        )),
        Origin::TagMessage { tag, date, .. } => Some(format!(
            "in the message of {}",
            dated("tag object", tag, date)
        )),
        Origin::Unreachable { object, refs } => {
            let object = short(object);
            Some(if refs.is_empty() {
                format!("in object {object}, which nothing refers to")
            } else {
                format!("in object {object}, which no commit holds")
            })
        }
    }
}

/// Longest command that is told of a layer, in bytes.
const LONGEST_COMMAND: usize = 120;

/// Where in a container image it is, in one sentence or two: `in layer 3 of 5 of shop:1.2, made by: COPY . /app`.
pub(super) fn image(finding: &Finding) -> Vec<String> {
    let Some(place) = &finding.image else {
        return Vec::new();
    };
    let of = match &*place.image {
        "" => String::new(),
        name => format!(" of {}", shortened(name, LONGEST_COMMAND)),
    };
    let whose = match &*place.image {
        "" => "the image",
        name => &shortened(name, LONGEST_COMMAND),
    };
    match &place.part {
        ImagePart::Layer {
            number,
            of: layers,
            created_by,
            hidden_by,
        } => {
            let command = created_by.as_deref().map(|command| {
                // One line, whatever it is: heredocs have many.
                let words: Vec<&str> = command.split_whitespace().collect();
                let command = words.join(" ");
                format!(", made by: {}", shortened(&command, LONGEST_COMMAND))
            });
            let command = command.unwrap_or_default();
            let layer = format!("in layer {number} of {layers}{of}{command}");
            let hidden = hidden_by.map(|above| {
                format!(
                    "hidden by layer {above}, but still in the image: everyone who pulls it can read it"
                )
            });
            [Some(layer), hidden].into_iter().flatten().collect()
        }
        ImagePart::Setting(name) => vec![format!("in the {name} of {whose}")],
        ImagePart::Step(step) => vec![format!("in the history of {whose}, step {step}")],
        ImagePart::Unlisted => vec!["in a blob that no manifest of the image names".to_owned()],
        ImagePart::Manifest => vec![format!("in the manifest of {whose}")],
        ImagePart::Attestation => vec![format!("in the attestation of {whose}")],
    }
}

/// The same in a few words, for a line that names a place: `(layer 3 of 5, hidden by layer 4)`.
pub(super) fn image_part(finding: &Finding) -> Option<String> {
    Some(match &finding.image.as_ref()?.part {
        ImagePart::Layer {
            number,
            of,
            hidden_by,
            ..
        } => {
            let hidden = hidden_by.map(|above| format!(", hidden by layer {above}"));
            format!("(layer {number} of {of}{})", hidden.unwrap_or_default())
        }
        ImagePart::Step(step) => format!("(history of the image, step {step})"),
        ImagePart::Unlisted => "(no manifest of the image names it)".to_owned(),
        part => format!("({} of the image)", part.kind()),
    })
}

fn dated(kind: &str, id: &str, date: &str) -> String {
    let (id, day) = (short(id), day(date));
    match &*day {
        "" => format!("{kind} {id}"),
        day => format!("{kind} {id} of {day}"),
    }
}

fn list(of: &Refs) -> String {
    if of.is_empty() {
        String::new()
    } else {
        format!(" ({})", refs(of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RefName;

    #[test]
    fn a_file_needs_no_words_and_a_commit_has_its_date_and_refs() {
        assert_eq!(words(&Origin::File), None);
        let message = Origin::CommitMessage {
            commit: "0123456789".to_owned(),
            author_date: "2026-01-03T09:00:00Z".to_owned(),
            refs: ["refs/heads/main", "refs/notes/x"].map(RefName::new).into(),
        };
        insta::assert_snapshot!(words(&message).unwrap(), @"in the message of commit 0123456 of 2026-01-03 (branch main, notes/x)");
        let object = "0123456789".to_owned();
        let refs = Refs::default();
        insta::assert_snapshot!(words(&Origin::Unreachable { object: object.clone(), refs }).unwrap(), @"in object 0123456, which nothing refers to");
        let refs = [RefName::new("refs/tags/v1")].into();
        insta::assert_snapshot!(words(&Origin::Unreachable { object, refs }).unwrap(), @"in object 0123456, which no commit holds (tag v1)");
    }

    #[test]
    fn a_place_in_an_image_is_told_with_what_hides_it() {
        let mut finding = super::super::sample::key_in_image();
        insta::assert_snapshot!(image(&finding).join("\n"), @"
        in layer 3 of 5 of shop:1.2 linux/amd64, made by: COPY . /app # buildkit
        hidden by layer 4, but still in the image: everyone who pulls it can read it
        ");
        assert_eq!(
            image_part(&finding).unwrap(),
            "(layer 3 of 5, hidden by layer 4)"
        );
        let mut told = Vec::new();
        for part in [
            ImagePart::Layer {
                number: 1,
                of: 1,
                created_by: Some(format!("RUN a <<EOF\n  {}", "long ".repeat(99))),
                hidden_by: None,
            },
            ImagePart::Setting("environment"),
            ImagePart::Step(3),
            ImagePart::Unlisted,
            ImagePart::Manifest,
            ImagePart::Attestation,
        ] {
            if let Some(place) = &mut finding.image {
                place.part = part;
                place.image.clear();
            }
            told.extend(image(&finding));
            told.extend(image_part(&finding));
        }
        insta::assert_snapshot!(told.join("\n"), @"
        in layer 1 of 1, made by: RUN a <<EOF long long long long long long long long long l...ong long long long long long long long long long long long
        (layer 1 of 1)
        in the environment of the image
        (environment of the image)
        in the history of the image, step 3
        (history of the image, step 3)
        in a blob that no manifest of the image names
        (no manifest of the image names it)
        in the manifest of the image
        (manifest of the image)
        in the attestation of the image
        (attestation of the image)
        ");
    }
}
