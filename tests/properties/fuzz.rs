//! The fuzz targets on stable Rust: the same functions, on inputs that proptest makes out of the seed
//! corpus, of words that the stages start from, and of noise.

mod bodies;

use crate::adversarial;
use crate::draw::Draw;
use bodies::BODIES;
use proptest::prelude::*;
use std::path::Path;

/// A piece of an input.
fn piece(draw: &mut Draw, seeds: &[Vec<u8>]) -> Vec<u8> {
    match draw.below(5) {
        0 => (0..draw.below(40)).map(|_| draw.number() as u8).collect(),
        1 => {
            let inputs = adversarial::inputs();
            let size = draw.between(1, 200);
            draw.pick(&inputs).bytes(size)
        }
        2 => draw.key().into_bytes(),
        3 => b"[[rules]]\nid = \"x\"\n\"{}[](),\n\\\0'`"
            .iter()
            .copied()
            .cycle()
            .skip(draw.below(30))
            .take(draw.below(30))
            .collect(),
        _ => {
            let seed = draw.pick(seeds).clone();
            let (from, to) = (draw.below(seed.len()), draw.below(seed.len()));
            seed[from.min(to)..=from.max(to)].to_vec()
        }
    }
}

/// A seed with some bytes changed, or pieces of many things.
fn input(draw: &mut Draw, seeds: &[Vec<u8>]) -> Vec<u8> {
    if draw.one_in(3) {
        let mut seed = draw.pick(seeds).clone();
        for _ in 0..draw.between(0, 6) {
            let at = draw.below(seed.len());
            seed[at] = draw.number() as u8;
        }
        return seed;
    }
    (0..draw.between(1, 6))
        .flat_map(|_| piece(draw, seeds))
        .collect()
}

/// The seed corpus of a target.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/properties/fuzz/corpus")
        .join(name);
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect()
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn fuzz_targets_hold_on_stable_rust(seed: u64) {
        let draw = &mut Draw::new(seed);
        for (name, body) in BODIES {
            body(&input(draw, &seeds(name)));
        }
    }
}

#[test]
fn every_target_is_one_of_libfuzzer_too() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    // A package within a package is not published with it.
    let Ok(manifest) = std::fs::read_to_string(fuzz.join("Cargo.toml")) else {
        return;
    };
    let listed = manifest.split("[[bin]]\nname = \"").skip(1);
    let listed: Vec<&str> = listed.filter_map(|bin| bin.split('"').next()).collect();
    let names: Vec<&str> = BODIES.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed, names);
    for name in names {
        let target = std::fs::read_to_string(fuzz.join(format!("targets/{name}.rs")));
        assert!(target.unwrap().contains(&format!("bodies::{name}(input)")));
    }
}
