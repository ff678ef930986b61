//! Paths that the pages for developers name.

use super::code::root;
use std::collections::BTreeSet;
use std::fs;

/// Paths in backquotes on a page that are of no file and no folder: `gate/value` may be anywhere below `src/`.
pub(crate) fn unknown_paths(page: &str, files: &BTreeSet<String>) -> Vec<String> {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let is_code = |(at, part): (usize, &'_ str)| (at % 2 == 1).then(|| part.to_owned());
    let words = text.split('`').enumerate().filter_map(is_code);
    let words = words.filter(|word| is_path(word));
    let paths = words.flat_map(|word| spelled_out(&word));
    paths.filter(|path| !is_known(path, files)).collect()
}

fn is_path(word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-./{},".contains(c);
    word.contains('/')
        && word.chars().all(is_part)
        && !word.contains("//")
        && !word.starts_with('/')
}

/// `a/{b,c}` is `a/b` and `a/c`.
fn spelled_out(word: &str) -> Vec<String> {
    let Some((before, rest)) = word.split_once('{') else {
        return vec![word.to_owned()];
    };
    let (inner, behind) = rest.split_once('}').unwrap_or((rest, ""));
    inner
        .split(',')
        .map(|part| format!("{before}{part}{behind}"))
        .collect()
}

fn is_known(path: &str, files: &BTreeSet<String>) -> bool {
    let path = path.trim_end_matches('/');
    let is_below_src = |file: &String| {
        let stem = file.strip_suffix(".rs").unwrap_or(file);
        let ends = |whole: &str| whole == path || whole.ends_with(&format!("/{path}"));
        ends(file) || ends(stem) || format!("/{file}").contains(&format!("/{path}/"))
    };
    root().join(path).exists() || files.iter().any(is_below_src)
}
