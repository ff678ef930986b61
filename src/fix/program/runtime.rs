//! What runs a program, where its name does not tell.

use crate::syntax::Tree;

/// True for a program of Deno (`Deno.env`), for a worker, which is handed its variables (`async fetch(request, env)`), for k6,
/// for .NET in a browser and for an app of Android.
pub(super) fn has_environment_of_its_own(tree: &Tree<'_>) -> bool {
    let is_elsewhere = |at: usize| {
        let word = tree.word(at);
        word.starts_with(b"Deno.")
            || word.starts_with(b"android.")
            || word.starts_with(b"androidx.")
            || word.starts_with(b"k6/")
            || word.starts_with(b"WebAssemblyHostBuilder")
    };
    let is_handler = |at: usize| {
        let is_named = tree.word(at) == b"fetch" && tree.is(at + 1, b"(");
        let end = tree.mate(at + 1).filter(|_| is_named).unwrap_or(at);
        let is_function = tree.is(tree.skip_lines(end + 1), b"{");
        is_function && (at..end).any(|own| tree.word(own) == b"env")
    };
    (0..tree.tokens.len()).any(|at| is_elsewhere(at) || is_handler(at))
}

/// True for a program of Go with texts of types of its own, which take a literal and nothing that is read: `type Key string`.
pub(super) fn has_own_texts(text: &[u8]) -> bool {
    text.split(|b| *b == b'\n').any(|line| {
        let words = line
            .trim_ascii()
            .split(|b| *b == b' ')
            .filter(|word| !word.is_empty());
        let words: Vec<&[u8]> = words.collect();
        matches!(
            words[..],
            [b"type", _, b"string"] | [b"type", _, b"=", b"string"]
        )
    })
}

/// True for a script of PowerShell that has another machine run blocks, with an environment of its own.
pub(super) fn runs_elsewhere(text: &[u8]) -> bool {
    let calls = [&b"Invoke-Command"[..], b"icm "];
    calls
        .iter()
        .any(|call| memchr::memmem::find(text, call).is_some())
}

/// The end of the names of files that the program of a script reads.
pub(super) fn interpreter(text: &[u8]) -> Option<&'static [u8]> {
    const PROGRAMS: [(&[u8], &[u8]); 9] = [
        (b"python", b"py"),
        (b"node", b"js"),
        (b"ruby", b"rb"),
        (b"php", b"php"),
        (b"pwsh", b"ps1"),
        (b"bash", b"sh"),
        (b"zsh", b"sh"),
        (b"dash", b"sh"),
        (b"sh", b"sh"),
    ];
    let line = text.split(|b| *b == b'\n').next()?.strip_prefix(b"#!")?;
    let mut words = line.split(|b| b" /\t\r".contains(b));
    let known = |word: &[u8]| {
        let mut programs = PROGRAMS.iter();
        programs.find(|(program, _)| {
            let version = word.strip_prefix(*program);
            version.is_some_and(|own| own.iter().all(|b| b.is_ascii_digit() || *b == b'.'))
        })
    };
    words.find_map(known).map(|(_, extension)| *extension)
}
