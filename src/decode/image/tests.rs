//! Images of files in memory.

use super::*;
use std::borrow::Cow;

#[derive(Default)]
struct InMemory(BTreeMap<&'static str, &'static str>);

impl ImageFiles for InMemory {
    fn document(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        let name = std::str::from_utf8(name).ok()?;
        self.0.get(name).map(|text| Cow::Borrowed(text.as_bytes()))
    }

    fn holds(&self, name: &[u8]) -> bool {
        self.document(name).is_some()
    }

    fn layers(&self, names: &BTreeSet<Vec<u8>>, see: &mut dyn FnMut(&[u8], &[u8])) {
        for name in names {
            if let Some(layer) = self.document(name) {
                see(name, &layer);
            }
        }
    }
}

fn told(files: &InMemory, path: &str) -> String {
    let spot = ImageSpot {
        path: path.as_bytes(),
        line: 1,
        column: 1,
    };
    let located = located(files, &[spot]);
    let place = located.places.first().and_then(Option::as_ref);
    place.map_or("nowhere".to_owned(), |place| {
        format!("{} {:?}", place.image, place.part)
    })
}

#[test]
fn an_index_in_an_index_names_what_is_below_it() {
    let files = InMemory(BTreeMap::from([
        (
            "index.json",
            r#"{"manifests": [{"digest": "sha256:a1", "annotations": {"org.opencontainers.image.ref.name": "shop:1"}}]}"#,
        ),
        (
            "blobs/sha256/a1",
            r#"{"manifests": [
                {"digest": "sha256:b1", "platform": {"os": "linux", "architecture": "arm", "variant": "v7"}},
                {"digest": "sha256:c1", "annotations": {"vnd.docker.reference.type": "attestation-manifest"},
                 "platform": {"os": "unknown", "architecture": "unknown"}},
                {"digest": "sha256:a1"}, {"digest": "../../etc/passwd"}]}"#,
        ),
        (
            "blobs/sha256/b1",
            r#"{"config": {"digest": "sha256:b2"}, "layers": [{"digest": "sha256:b3"}, {"digest": "sha256:b4"}]}"#,
        ),
        (
            "blobs/sha256/b2",
            r#"{"history": [{"created_by": "ADD rootfs /"}, {"created_by": "ENV A=1", "empty_layer": true}, {"created_by": " RUN x "}]}"#,
        ),
        ("blobs/sha256/b3", "layer"),
        ("blobs/sha256/b4", "layer"),
        (
            "blobs/sha256/c1",
            r#"{"config": {"digest": "sha256:c2"}, "layers": [{"digest": "sha256:c3", "mediaType": "application/vnd.in-toto+json"}]}"#,
        ),
    ]));
    let paths = ["b1", "b2", "b3", "b4!/app/a.env", "c3", "d4"];
    let told = paths.map(|name| told(&files, &format!("blobs/sha256/{name}")));
    insta::assert_snapshot!(told.join("\n"), @r#"
    shop:1 linux/arm/v7 Manifest
    shop:1 linux/arm/v7 Setting("configuration")
    shop:1 linux/arm/v7 Layer { number: 1, of: 2, created_by: Some("ADD rootfs /"), hidden_by: None }
    shop:1 linux/arm/v7 Layer { number: 2, of: 2, created_by: Some("RUN x"), hidden_by: None }
    shop:1 unknown/unknown Attestation
     Unlisted
    "#);
    let unread = located(&files, &[]).unread;
    let absent = [("c2", ABSENT_CONFIG), ("c3", ABSENT_LAYER)];
    let absent = absent.map(|(name, what)| (format!("blobs/sha256/{name}").into_bytes(), what));
    assert_eq!(unread, absent);
}

/// Each is an archive like any other: nothing is told of it, and nothing goes round in a circle.
#[test]
fn documents_that_make_no_sense_tell_nothing() {
    let round = r#"{"manifests": [{"digest": "sha256:a1"}, {"digest": "sha256:a1"}]}"#;
    for (index, blob) in [
        ("{", "{}"),
        ("[]", "[]"),
        (r#"{"manifests": 3}"#, "{}"),
        (round, round),
        (round, r#"{"layers": "x"}"#),
        (round, r#"{"layers": [{"digest": 7}]}"#),
    ] {
        let files = InMemory(BTreeMap::from([
            ("index.json", index),
            ("blobs/sha256/a1", blob),
        ]));
        assert_eq!(told(&files, "blobs/sha256/a1!/app/a.env"), "nowhere");
        assert_eq!(located(&files, &[]).unread, []);
    }
}

#[test]
fn a_history_that_does_not_fit_the_layers_tells_no_command() {
    let files = InMemory(BTreeMap::from([
        (
            "manifest.json",
            r#"[{"Config": "c.json", "RepoTags": null, "Layers": ["./a/layer.tar", "b/layer.tar"]}]"#,
        ),
        ("c.json", r#"{"history": [{"created_by": "RUN x"}]}"#),
        ("a/layer.tar", "layer"),
        ("b/layer.tar", "layer"),
    ]));
    insta::assert_snapshot!(told(&files, "a/layer.tar!/x"), @" Layer { number: 1, of: 2, created_by: None, hidden_by: None }");
    insta::assert_snapshot!(told(&files, "manifest.json"), @" Manifest");
}

#[test]
fn layers_of_the_first_docker_name_the_one_below() {
    let files = InMemory(BTreeMap::from([
        ("repositories", r#"{"shop": {"1": "two"}}"#),
        (
            "one/json",
            r#"{"container_config": {"Cmd": ["/bin/sh", "-c", "x"]}}"#,
        ),
        ("two/json", r#"{"parent": "one", "config": {}}"#),
        ("one/layer.tar", "layer"),
        ("two/layer.tar", "layer"),
    ]));
    let paths = ["one/layer.tar!/x", "two/layer.tar!/x", "two/json"];
    insta::assert_snapshot!(paths.map(|path| told(&files, path)).join("\n"), @r#"
    shop:1 Layer { number: 1, of: 2, created_by: Some("/bin/sh -c x"), hidden_by: None }
    shop:1 Layer { number: 2, of: 2, created_by: None, hidden_by: None }
    shop:1 Setting("configuration")
    "#);
}
