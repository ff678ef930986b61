//! Archives and notebooks.

use crate::workspace::{Workspace, key};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Cursor, Write};
use zip::write::{SimpleFileOptions, ZipWriter};

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip_with(files: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(files, zip::CompressionMethod::Deflated)
}

fn env(seed: u64) -> Vec<u8> {
    format!("# settings\nKEY={}\n", key(seed)).into_bytes()
}

#[test]
fn a_key_in_an_archive_is_reported_as_its_member() {
    let workspace = Workspace::new();
    workspace.file("outer.zip", zip(&[("inner/config.env", &env(1))]));
    insta::assert_snapshot!(workspace.run(&["scan"]), @"");
    let report = workspace.json(&["scan", "--format", "json"]);
    let from = &report["findings"][0]["derived_from"];
    let expected = r#"{"column":1,"kind":"archive","line":1,"path":"outer.zip"}"#;
    assert_eq!(from.to_string(), expected);
}

#[test]
fn each_kind_of_archive_is_opened() {
    let workspace = Workspace::new();
    let jar = zip(&[("app/application.properties", &env(2))]);
    let three = zip(&[("two.tgz", &gz(&tar(&[("x/one.jar", &jar)])))]);
    workspace
        .file("lib.zip", zip(&[("lib/app.jar", &jar)]))
        .file("three.zip", three)
        .file("b.tar.gz", gz(&tar(&[("b/.env", &env(3))])))
        .file("c.log.gz", gz(&env(4)));
    insta::assert_snapshot!(workspace.places(&["scan"]).join("\n"), @"");
}

/// A tar and a stored member hold the bytes as they are; they are still one finding.
#[test]
fn what_is_stored_as_it_is_is_found_once() {
    let workspace = Workspace::new();
    let stored = zip::CompressionMethod::Stored;
    let files: &[(&str, &[u8])] = &[("a/.env", &env(5)), ("README", b"text")];
    workspace
        .file("a.tar", tar(files))
        .file("b.zip", zip_with(files, stored));
    insta::assert_snapshot!(workspace.places(&["scan"]).join("\n"), @"");
}

#[test]
fn a_key_beside_the_members_is_found() {
    let workspace = Workspace::new();
    let mut writer = ZipWriter::new(Cursor::new(zip(&[("a", b"x")])));
    writer.set_comment(format!("key {}", key(6))).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    workspace.file("a.zip", bytes);
    let places = workspace.places(&["scan"]);
    assert_eq!(places.len(), 1);
    assert!(places[0].starts_with("jourvex-key a.zip:1:"), "{places:?}");
}

#[test]
fn excluded_paths_hold_inside_too() {
    let workspace = Workspace::new();
    let files: &[(&str, &[u8])] = &[
        ("vendor/.env", &env(7)),
        ("src/.env", &env(8)),
        ("gen/x.env", &env(9)),
    ];
    workspace
        .file("a.tar", tar(files))
        .file("old/b.zip", zip(files))
        .file(
            ".jvxleaks.toml",
            "[paths]\nexclude = [\"vendor/\", \"old/\", \"/gen/\"]\n",
        );
    insta::assert_snapshot!(workspace.places(&["scan"]).join("\n"), @"");
}

#[test]
fn an_allow_comment_in_a_member_counts() {
    let workspace = Workspace::new();
    let line = format!("KEY={} # jvxleaks:allow jourvex-key -- a sample\n", key(10));
    workspace.file("a.tar", tar(&[(".env", line.as_bytes())]));
    insta::assert_snapshot!(workspace.run(&["scan"]), @"");
}

#[test]
fn standard_input_can_be_an_archive() {
    let workspace = Workspace::new();
    let output = workspace.run_with_input(&["scan", "-", "-f", "jsonl"], gz(&env(11)));
    assert!(output.contains(r#""path":"<stdin>!/<stdin>""#), "{output}");
}

#[test]
fn a_bomb_is_a_fault() {
    let workspace = Workspace::new();
    let zeros = vec![0; 70 << 20];
    workspace.file("bomb.gz", gz(&zeros));
    insta::assert_snapshot!(workspace.run(&["scan"]), @"");
}

#[test]
fn an_archive_too_deep_is_a_fault() {
    let workspace = Workspace::new();
    let deep = (0..4).fold(env(12), |bytes, n| {
        zip(&[(format!("{n}.zip").as_str(), &bytes)])
    });
    workspace.file("deep.zip", deep);
    insta::assert_snapshot!(workspace.run(&["scan"]), @"");
}

#[test]
fn broken_and_encrypted_archives_are_counted() {
    let workspace = Workspace::new();
    let mut encrypted = zip(&[("secret.env", &env(13))]);
    let entry = memchr::memmem::find(&encrypted, b"PK\x01\x02").unwrap();
    encrypted[6] |= 1;
    encrypted[entry + 8] |= 1;
    let whole = gz(&[env(14), vec![b'x'; 5000]].concat());
    workspace
        .file("encrypted.zip", encrypted)
        .file("random.zip", b"PK\x03\x04\xd1\x07 no zip at all")
        .file("cut.gz", &whole[..whole.len() - 4]);
    insta::assert_snapshot!(workspace.run(&["scan", "-f", "github"]), @"");
}

#[test]
fn a_notebook_names_cell_and_output() {
    let workspace = Workspace::new();
    let notebook = format!(
        r##"{{
 "cells": [
  {{"cell_type": "markdown", "metadata": {{}}, "source": ["# Trips\n"]}},
  {{
   "cell_type": "code",
   "outputs": [{{"name": "stdout", "output_type": "stream", "text": ["using {}\n"]}}],
   "source": ["key = \"{}\"\n"]
  }}
 ],
 "nbformat": 4
}}
"##,
        key(15),
        key(16)
    );
    workspace.file("trips.ipynb", notebook);
    let report = workspace.json(&["scan", "-f", "json"]);
    let messages = report["findings"].as_array().unwrap().iter();
    let messages: Vec<_> = messages.map(|f| f["message"].as_str().unwrap()).collect();
    insta::assert_snapshot!(messages.join("\n"), @"");
}
