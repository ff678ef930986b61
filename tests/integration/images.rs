//! Container images: a finding says which layer it is in, what made that layer, and whether a later one hides it.

use crate::archives::{env, gz, tar};
use crate::workspace::{Workspace, key};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A tar with these files; a name that ends in `/` is a folder.
fn layer(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = ::tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        if name.ends_with('/') {
            header.set_entry_type(::tar::EntryType::Directory);
        }
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// Frames of zstd with blocks as they are.
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in bytes.chunks(1 << 16) {
        let size = chunk.len() as u32;
        let block = ((size << 3) | 1).to_le_bytes();
        out.extend_from_slice(b"\x28\xb5\x2f\xfd\xa0");
        out.extend_from_slice(&size.to_le_bytes());
        out.extend_from_slice(&block[..3]);
        out.extend_from_slice(chunk);
    }
    out
}

/// An OCI layout: its files by name.
#[derive(Default)]
struct Layout(Vec<(String, Vec<u8>)>);

impl Layout {
    /// Adds a blob, and gives what a manifest says of it.
    fn blob(&mut self, kind: &str, bytes: Vec<u8>) -> Value {
        let digest: String = Sha256::digest(&bytes)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let descriptor =
            json!({"mediaType": kind, "digest": format!("sha256:{digest}"), "size": bytes.len()});
        let name = format!("blobs/sha256/{digest}");
        if !self.0.iter().any(|(known, _)| *known == name) {
            self.0.push((name, bytes));
        }
        descriptor
    }

    fn document(&mut self, kind: &str, value: &Value) -> Value {
        self.blob(kind, value.to_string().into_bytes())
    }

    /// An image of these layers, each with the command that made it.
    fn image(&mut self, settings: Value, layers: &[(&str, Vec<u8>)]) -> Value {
        let mut history: Vec<Value> = Vec::new();
        let mut listed = Vec::new();
        for (command, layer) in layers {
            history.push(json!({"created_by": command}));
            history.push(json!({"created_by": "ENV A=1", "empty_layer": true}));
            listed.push(self.blob(LAYER, layer.clone()));
        }
        let config = json!({"architecture": "amd64", "os": "linux", "config": settings, "history": history,
            "rootfs": {"type": "layers", "diff_ids": []}});
        let config = self.document("application/vnd.oci.image.config.v1+json", &config);
        let manifest = json!({"schemaVersion": 2, "config": config, "layers": listed});
        self.document(MANIFEST, &manifest)
    }

    /// The files, with the index that lists these.
    fn files(mut self, manifests: &[Value]) -> Vec<(String, Vec<u8>)> {
        let index = json!({"schemaVersion": 2, "manifests": manifests});
        let version = json!({"imageLayoutVersion": "1.0.0"});
        self.0
            .push(("index.json".to_owned(), index.to_string().into_bytes()));
        self.0
            .push(("oci-layout".to_owned(), version.to_string().into_bytes()));
        self.0
    }
}

const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (&**name, &**bytes))
        .collect();
    tar(&files)
}

fn named(mut manifest: Value, name: &str) -> Value {
    manifest["annotations"] = json!({"org.opencontainers.image.ref.name": name});
    manifest
}

/// What a report says of each finding's place in an image, by the file in it.
fn told(report: &Value) -> String {
    let findings = report["findings"].as_array().unwrap();
    let lines = findings.iter().map(|finding| {
        let path = finding["path"].as_str().unwrap();
        let file = path.rsplit("!/").next().unwrap();
        let file = if file.contains("sha256") {
            "(blob)"
        } else {
            file
        };
        format!("{file}: {}", finding["image"])
    });
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines.join("\n")
}

/// A text in which no digest of a blob stands.
fn without_digests(text: &str) -> String {
    let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_hex) {
        shown += &rest[..at];
        let end = rest[at..]
            .find(|c| !is_hex(c))
            .map_or(rest.len(), |end| at + end);
        let word = &rest[at..end];
        shown += if word.len() == 64 { "[DIGEST]" } else { word };
        rest = &rest[end..];
    }
    shown + rest
}

/// A key in each way in which an image may hold one.
fn shop() -> Vec<(String, Vec<u8>)> {
    let mut layout = Layout::default();
    let gone = env(900);
    let layers = [
        (
            "ADD rootfs.tar.gz /",
            gz(&layer(&[("app/", b""), ("etc/os-release", b"ID=x")])),
        ),
        (
            "COPY . /app # buildkit",
            gz(&layer(&[
                ("app/.env", &gone),
                ("app/kept.env", &env(901)),
                ("app/over.env", &env(902)),
                ("opt/a/b.env", &env(903)),
                ("srv/x/y.env", &env(904)),
            ])),
        ),
        (
            "RUN /bin/sh -c rm /app/.env",
            zstd(&layer(&[("app/.wh..env", b""), ("app/", b"")])),
        ),
        (
            "COPY over.env /app/",
            layer(&[("app/over.env", b"x=1"), ("opt/.wh.a", b"")]),
        ),
        (
            "RUN x",
            layer(&[("srv/x/.wh..wh..opq", b""), ("srv/x/new", b"1")]),
        ),
    ];
    let settings = json!({"Env": ["PATH=/bin", format!("JOURVEX_API_KEY={}", key(905))], "Labels": {"a": key(906)}, "Cmd": ["run", key(907)]});
    let manifest = layout.image(settings, &layers);
    layout.files(&[named(manifest, "shop:1.2")])
}

#[test]
fn a_file_that_a_later_layer_hides_is_told_with_its_layer_and_command() {
    let mut layout = Layout::default();
    let command = format!("RUN |1 TOKEN={} /bin/sh -c make", key(911));
    let layers = [
        (&*command, gz(&layer(&[("app/.env", &env(910))]))),
        ("RUN rm /app/.env", gz(&layer(&[("app/.wh..env", b"")]))),
    ];
    let manifest = layout.image(json!({}), &layers);
    let files = layout.files(&[named(manifest, "shop:1.2")]);
    let workspace = Workspace::new();
    workspace.file("image.tar", packed(&files));
    let report = workspace.run(&["scan", "image.tar"]);
    insta::assert_snapshot!(without_digests(&report), @r#"
    exit 1
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> image.tar!/blobs/sha256/[DIGEST]!/app/.env:2:5
      |
    2 | KEY=jvx_live_u6DR...
      |     ^^^^^^^^^^^^^^^^ everyone who pulls the image can use it
      |
      = in the archive image.tar
      = in layer 1 of 2 of shop:1.2, made by: RUN |1 TOKEN=jvx_live_Dyzr... /bin/sh -c make
      = hidden by layer 2, but still in the image: everyone who pulls it can read it
      = instead: keep this file out of the image (.dockerignore), and give JOURVEX_API_KEY at run time (docker run --env JOURVEX_API_KEY)
      = image: build a new one without it, and delete the old tags wherever they were pushed; a layer on top takes nothing out
      = rotate: Settings -> API Access, the key with prefix jvx_live_u6DR...; the old key dies at once, the new one is shown once
      = silence: jvxleaks allow 008d0ae1462642077826351c8c9c9e07 -- REASON

    error[jourvex-key]: Live Jourvex API key
     --> image.tar!/blobs/sha256/[DIGEST]:1:76
      |
    1 | ...istory":[{"created_by":"RUN |1 TOKEN=jvx_live_Dyzr... /bin/sh -c make"},{"created_by":"ENV A=1","empty_layer":true},{"created_by":"RU
      |                                         ^^^^^^^^^^^^^^^^ everyone who pulls the image can use it
      |
      = in the archive image.tar
      = in the history of shop:1.2, step 1
      = instead: give it at run time (docker run --env JOURVEX_API_KEY), or to one RUN with --mount=type=secret; ENV, ARG, LABEL and commands stay in the image
      = image: build a new one without it, and delete the old tags wherever they were pushed; a layer on top takes nothing out
      = rotate: Settings -> API Access, the key with prefix jvx_live_Dyzr...; the old key dies at once, the new one is shown once
      = silence: jvxleaks allow b7e7f4c27701a06c236aa7eb9f483689 -- REASON

    --- stderr
    2 findings (2 errors). Read 1 file, 7.2 kB, and 7 archive members. Took [N] ms.
    "#);
    for format in [
        "json", "sarif", "markdown", "github", "gitlab", "csv", "concise",
    ] {
        let output = workspace.run(&["scan", "image.tar", "-f", format]);
        assert!(!output.contains(&key(910)[9..]), "{format}");
        assert!(!output.contains(&key(911)[9..]), "{format}");
        if format != "concise" {
            assert!(output.contains("layer"), "{format}: {output}");
        }
    }
}

#[test]
fn every_part_of_an_image_is_named() {
    let files = shop();
    let workspace = Workspace::new();
    workspace
        .file("image.tar", packed(&files))
        .file("image.tar.gz", gz(&packed(&files)));
    let plain = told(&workspace.json(&["scan", "image.tar", "-f", "json"]));
    insta::assert_snapshot!(plain, @r#"
    (blob): {"name":"shop:1.2","part":"command"}
    (blob): {"name":"shop:1.2","part":"environment"}
    (blob): {"name":"shop:1.2","part":"labels"}
    app/.env: {"created_by":"COPY . /app # buildkit","hidden_by":3,"layer":2,"layers":5,"name":"shop:1.2","part":"layer"}
    app/kept.env: {"created_by":"COPY . /app # buildkit","layer":2,"layers":5,"name":"shop:1.2","part":"layer"}
    app/over.env: {"created_by":"COPY . /app # buildkit","hidden_by":4,"layer":2,"layers":5,"name":"shop:1.2","part":"layer"}
    opt/a/b.env: {"created_by":"COPY . /app # buildkit","hidden_by":4,"layer":2,"layers":5,"name":"shop:1.2","part":"layer"}
    srv/x/y.env: {"created_by":"COPY . /app # buildkit","hidden_by":5,"layer":2,"layers":5,"name":"shop:1.2","part":"layer"}
    "#);
    let compressed = workspace.json(&["scan", "image.tar.gz", "-f", "json"]);
    assert_eq!(told(&compressed), plain);
    for (name, bytes) in &files {
        workspace.file(format!("oci/{name}"), bytes);
    }
    for scanned in [
        &["scan", "oci", "-f", "json"][..],
        &["scan", "oci", "image.tar.gz", "-f", "json"],
    ] {
        let folder = told(&workspace.json(scanned));
        assert!(folder.contains(plain.lines().next().unwrap()), "{folder}");
    }
    assert_eq!(told(&workspace.json(&["scan", "oci", "-f", "json"])), plain);
}

/// What `docker save` writes: `manifest.json` with images that share layers, one of them linked.
#[test]
fn images_of_docker_save_are_told_apart() {
    let base = layer(&[("base.env", &env(920))]);
    let config = |steps: &[&str]| {
        let history: Vec<Value> = steps
            .iter()
            .map(|step| json!({"created_by": step}))
            .collect();
        json!({"history": history, "config": {"Env": null}})
            .to_string()
            .into_bytes()
    };
    let manifest = json!([
        {"Config": "a.json", "RepoTags": ["shop:1"], "Layers": ["one/layer.tar", "two/layer.tar"]},
        {"Config": "b.json", "RepoTags": ["shop:2"], "Layers": ["one/layer.tar", "three/layer.tar", "four/layer.tar"]},
    ]);
    let mut builder = ::tar::Builder::new(Vec::new());
    let files = [
        ("one/layer.tar", base),
        ("two/layer.tar", layer(&[("two.env", &env(921))])),
        (
            "three/layer.tar",
            layer(&[(".wh.base.env", b""), ("three.env", &env(922))]),
        ),
        ("a.json", config(&["ADD base /", "COPY two.env /"])),
        (
            "b.json",
            config(&["ADD base /", "COPY three.env /", "RUN again"]),
        ),
        ("manifest.json", manifest.to_string().into_bytes()),
    ];
    for (name, bytes) in &files {
        let mut header = ::tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, &bytes[..]).unwrap();
    }
    let mut header = ::tar::Header::new_ustar();
    header.set_entry_type(::tar::EntryType::Symlink);
    header.set_size(0);
    builder
        .append_link(&mut header, "four/layer.tar", "../three/layer.tar")
        .unwrap();
    let workspace = Workspace::new();
    workspace.file("saved.tar", builder.into_inner().unwrap());
    // In shop:1 nothing hides it, so that one is told.
    insta::assert_snapshot!(told(&workspace.json(&["scan", "saved.tar", "-f", "json"])), @r#"
    base.env: {"created_by":"ADD base /","layer":1,"layers":2,"name":"shop:1","part":"layer"}
    three.env: {"created_by":"RUN again","layer":3,"layers":3,"name":"shop:2","part":"layer"}
    two.env: {"created_by":"COPY two.env /","layer":2,"layers":2,"name":"shop:1","part":"layer"}
    "#);
}

#[test]
fn each_platform_of_an_index_and_what_attests_it_are_told_apart() {
    let mut layout = Layout::default();
    let shared = gz(&layer(&[("shared.env", &env(930))]));
    let one = layout.image(
        json!({}),
        &[
            ("ADD", shared.clone()),
            ("COPY amd", gz(&layer(&[("amd.env", &env(931))]))),
        ],
    );
    let two = layout.image(
        json!({"Env": [format!("K={}", key(932))]}),
        &[
            ("ADD", shared),
            ("RUN arm", gz(&layer(&[(".wh.shared.env", b"")]))),
        ],
    );
    let on = |mut manifest: Value, architecture: &str| {
        manifest["platform"] = json!({"os": "linux", "architecture": architecture});
        manifest
    };
    let statement = json!({"predicate": {"buildConfig": {"args": {"build-arg:K": key(933)}}}});
    let statement = layout.document("application/vnd.in-toto+json", &statement);
    let attested = json!({"schemaVersion": 2, "config": layout.document("application/json", &json!({})), "layers": [statement]});
    let mut attested = layout.document(MANIFEST, &attested);
    attested["annotations"] = json!({"vnd.docker.reference.type": "attestation-manifest"});
    let index =
        json!({"schemaVersion": 2, "manifests": [on(one, "amd64"), on(two, "arm64"), attested]});
    let index = layout.document("application/vnd.oci.image.index.v1+json", &index);
    let files = layout.files(&[named(index, "shop:3")]);
    let workspace = Workspace::new();
    workspace.file("multi.tar", packed(&files));
    insta::assert_snapshot!(told(&workspace.json(&["scan", "multi.tar", "-f", "json"])), @r#"
    (blob): {"name":"shop:3 linux/arm64","part":"environment"}
    (blob): {"name":"shop:3","part":"attestation"}
    amd.env: {"created_by":"COPY amd","layer":2,"layers":2,"name":"shop:3 linux/amd64","part":"layer"}
    shared.env: {"created_by":"ADD","layer":1,"layers":2,"name":"shop:3 linux/amd64","part":"layer"}
    "#);
}

/// An image whose documents make no sense is an archive like any other.
#[test]
fn a_broken_manifest_takes_no_finding_with_it() {
    let files: Vec<_> = shop()
        .into_iter()
        .map(|(name, bytes)| match &*name {
            "index.json" => (name, b"{\"manifests\": [{\"digest\": 7}]}".to_vec()),
            _ => (name, bytes),
        })
        .collect();
    let workspace = Workspace::new();
    workspace.file("image.tar", packed(&files));
    let report = workspace.json(&["scan", "image.tar", "-f", "json"]);
    assert_eq!(report["findings"].as_array().unwrap().len(), 8);
    assert!(
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .all(|f| f.get("image").is_none())
    );
    let faults = report["faults"].as_array().unwrap();
    let faults: Vec<&str> = faults.iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert_eq!(faults, ["image.tar!/index.json"]);
}

/// A layer that the image names is asked for with it.
#[test]
fn layers_that_cannot_be_read_are_named() {
    let mut layout = Layout::default();
    let manifest = layout.image(json!({}), &[("ADD", gz(&layer(&[("a.env", &env(940))])))]);
    let mut files = layout.files(&[named(manifest, "shop:1")]);
    let gone = files.remove(0);
    let kept = files.clone();
    files
        .iter_mut()
        .filter(|(_, bytes)| bytes.starts_with(b"{\"config\""))
        .for_each(|(_, bytes)| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(text.contains(LAYER), "{text}");
            *bytes = text
                .replace(LAYER, &format!("{LAYER}+encrypted"))
                .into_bytes();
        });
    files.push((gone.0, b"\x01 this is no tar".to_vec()));
    let workspace = Workspace::new();
    workspace
        .file("a/encrypted.tar", packed(&files))
        .file("a/absent.tar", packed(&kept));
    for (name, bytes) in &kept {
        workspace.file(format!("a/oci/{name}"), bytes);
    }
    let told = |args: &[&str]| without_digests(&workspace.run(args));
    insta::assert_snapshot!(told(&["scan", "a/encrypted.tar"]), @"
    exit 2
    --- stdout
    not read: a/encrypted.tar!/blobs/sha256/[DIGEST]: encrypted image layer, which cannot be read; decrypt it (skopeo copy --decryption-key) and scan that
    --- stderr
    No findings in what was read; 1 input was not read (a/encrypted.tar!/blobs/sha256/[DIGEST]: encrypted image layer, which cannot be read; decrypt it (skopeo copy --decryption-key) and scan that). Read 1 file, 6.1 kB, and 5 archive members. Took [N] ms.
    ");
    insta::assert_snapshot!(told(&["scan", "a/absent.tar"]), @"
    exit 2
    --- stdout
    not read: a/absent.tar!/blobs/sha256/[DIGEST]: image layer that is not there, which cannot be read; save the whole image, without links, and scan that
    --- stderr
    No findings in what was read; 1 input was not read (a/absent.tar!/blobs/sha256/[DIGEST]: image layer that is not there, which cannot be read; save the whole image, without links, and scan that). Read 1 file, 5.1 kB, and 4 archive members. Took [N] ms.
    ");
    insta::assert_snapshot!(told(&["scan", "a", "-v"]), @"
    exit 0
    --- stdout
    skipped: a/absent.tar!/blobs/sha256/[DIGEST]: image layer that is not there
    skipped: a/encrypted.tar!/blobs/sha256/[DIGEST]: encrypted image layer
    skipped: a/oci/blobs/sha256/[DIGEST]: image layer that is not there
    --- stderr
    No findings. Read 6 files, 12 kB, and 9 archive members. Skipped: encrypted image layer (1), image layer that is not there (2). Took [N] ms.
    ");
}

/// Nothing that an image names is passed over without a word, in a tar as in a folder.
#[test]
fn what_an_image_names_and_nobody_can_read_is_an_error() {
    let image = |layers: &[(&str, Vec<u8>)]| {
        let mut layout = Layout::default();
        let manifest = layout.image(json!({}), layers);
        layout.files(&[named(manifest, "shop:1")])
    };
    let plain = image(&[("ADD", gz(&layer(&[("a", b"1")])))]);
    let without = |start: &[u8]| {
        let files = plain.iter();
        let files = files.filter(|(_, bytes)| !bytes.starts_with(start));
        files.cloned().collect::<Vec<_>>()
    };
    let with_index = |index: Value| {
        let mut files = without(b"{\"manifests\"");
        files.push(("index.json".to_owned(), index.to_string().into_bytes()));
        files
    };
    let saved = |manifest: &str| {
        vec![
            ("l/layer.tar".to_owned(), layer(&[("a", b"1")])),
            ("manifest.json".to_owned(), manifest.as_bytes().to_vec()),
        ]
    };
    let images = [
        ("1-layer", without(b"\x1f\x8b")),
        ("2-manifest", without(b"{\"config\":{\"digest")),
        ("3-config", without(b"{\"architecture")),
        ("4-types", with_index(json!({"manifests": "x"}))),
        (
            "5-digest",
            with_index(json!({"manifests": [{"digest": "sha256:../../a"}]})),
        ),
        ("6-no-tar", image(&[("ADD", b"\x03 no tar".to_vec())])),
        ("7-empty", image(&[("ADD", vec![0; 1024])])),
        ("8-saved", saved("[[[{")),
        (
            "9-saved",
            saved(r#"[{"Config": "gone.json", "Layers": ["l/layer.tar"]}]"#),
        ),
    ];
    let workspace = Workspace::new();
    let mut tars = String::new();
    let mut folders = String::new();
    for (name, files) in &images {
        workspace.file(format!("tars/{name}.tar"), packed(files));
        tars += &workspace.run(&["scan", &format!("tars/{name}.tar"), "-f", "concise"]);
        if !name.ends_with("saved") {
            for (file, bytes) in files {
                workspace.file(format!("folders/{name}/{file}"), bytes);
            }
            folders += &workspace.run(&["scan", &format!("folders/{name}"), "-f", "concise"]);
        }
    }
    let told = |output: &str| {
        let lines = output.lines();
        let lines = lines.filter(|line| line.starts_with("exit") || line.starts_with("not read"));
        without_digests(&lines.collect::<Vec<_>>().join("\n"))
    };
    insta::assert_snapshot!(told(&tars), @"
    exit 2
    not read: tars/1-layer.tar!/blobs/sha256/[DIGEST]: image layer that is not there, which cannot be read; save the whole image, without links, and scan that
    exit 2
    not read: tars/2-manifest.tar!/blobs/sha256/[DIGEST]: image manifest that is not there, which cannot be read; save the whole image, without links, and scan that
    exit 2
    not read: tars/3-config.tar!/blobs/sha256/[DIGEST]: image configuration that is not there, which cannot be read; save the whole image, without links, and scan that
    exit 2
    not read: tars/4-types.tar!/index.json: broken document of an image, which cannot be read; save the image again and scan that
    exit 2
    not read: tars/5-digest.tar!/index.json: broken document of an image, which cannot be read; save the image again and scan that
    exit 2
    not read: tars/6-no-tar.tar!/blobs/sha256/[DIGEST]: image layer that is no tar, which cannot be read; save the image again and scan that
    exit 0
    exit 2
    not read: tars/8-saved.tar!/manifest.json: broken document of an image, which cannot be read; save the image again and scan that
    exit 2
    not read: tars/9-saved.tar!/gone.json: image configuration that is not there, which cannot be read; save the whole image, without links, and scan that
    ");
    insta::assert_snapshot!(told(&folders), @"
    exit 2
    not read: folders/1-layer/blobs/sha256/[DIGEST]: image layer that is not there, which cannot be read; save the whole image, without links, and scan that
    exit 2
    not read: folders/2-manifest/blobs/sha256/[DIGEST]: image manifest that is not there, which cannot be read; save the whole image, without links, and scan that
    exit 2
    not read: folders/3-config/blobs/sha256/[DIGEST]: image configuration that is not there, which cannot be read; save the whole image, without links, and scan that
    exit 2
    not read: folders/4-types/index.json: broken document of an image, which cannot be read; save the image again and scan that
    exit 2
    not read: folders/5-digest/index.json: broken document of an image, which cannot be read; save the image again and scan that
    exit 2
    not read: folders/6-no-tar/blobs/sha256/[DIGEST]: image layer that is no tar, which cannot be read; save the image again and scan that
    exit 0
    ");
    // In what was not named it is skipped, and two folders are as much named as one.
    let all = workspace.run(&["scan", "folders", "-f", "concise"]);
    assert!(all.starts_with("exit 0"), "{all}");
    let two = workspace.run(&["scan", "folders/1-layer", "tars", "-f", "concise"]);
    assert_eq!(told(&two).matches("not read").count(), 1, "{two}");
    // The manifest.json of something else.
    let other = tar(&[
        ("manifest.json", b"{\"name\": \"extension\"}"),
        ("a.js", b"1"),
    ]);
    workspace.file("other.tar", other);
    let other = workspace.run(&["scan", "other.tar", "-f", "concise"]);
    assert!(other.starts_with("exit 0"), "{other}");
}

/// Tools that store blobs once link them into a folder.
#[cfg(unix)]
#[test]
fn blobs_that_are_links_are_not_there() {
    let mut layout = Layout::default();
    let layers = [("ADD", gz(&layer(&[("a.env", &env(960))])))];
    let manifest = layout.image(json!({}), &layers);
    let workspace = Workspace::new();
    for (name, bytes) in layout.files(&[named(manifest, "shop:1")]) {
        workspace.file(format!("store/{name}"), &bytes);
        if bytes.starts_with(b"\x1f\x8b") {
            let link = workspace.path(format!("oci/{name}"));
            std::fs::create_dir_all(link.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(workspace.path(format!("store/{name}")), link).unwrap();
        } else {
            workspace.file(format!("oci/{name}"), &bytes);
        }
    }
    let report = workspace.run(&["scan", "oci", "-f", "concise"]);
    insta::assert_snapshot!(without_digests(&report), @"
    exit 2
    --- stdout
    not read: oci/blobs/sha256/[DIGEST]: image layer that is not there, which cannot be read; save the whole image, without links, and scan that
    --- stderr
    No findings in what was read; 1 input was not read (oci/blobs/sha256/[DIGEST]: image layer that is not there, which cannot be read; save the whole image, without links, and scan that). Read 5 files, 887 bytes. Took [N] ms.
    ");
}
