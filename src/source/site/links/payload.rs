//! Data of a page that its framework keeps in a file of its own, and asks for when somebody comes from another page.

use super::literal::literal_at;
use super::place::Standpoint;
use super::{Found, Link, Sure};
use crate::source::site::served::Media;
use memchr::memmem;
use url::Url;

/// Adds where the framework of a page would have its data. Whether it has is not sure.
pub(super) fn add(text: &[u8], at: &Standpoint, found: &mut Found) {
    let has = |mark: &str| memmem::find(text, mark.as_bytes()).is_some();
    let path = at.own.path();
    let stem = path.strip_suffix(".html").unwrap_or(path);
    let mut data = Vec::new();
    // <https://nextjs.org/docs/app/guides/static-exports>: `board.txt` beside `board.html`.
    if has("self.__next_f") {
        data.push(match stem.strip_suffix('/') {
            Some(folder) => format!("{folder}/index.txt"),
            None => format!("{stem}.txt"),
        });
    }
    if let Some(build) = next_build(text).filter(|_| has("__NEXT_DATA__")) {
        let named = stem.trim_end_matches("/index").trim_end_matches('/');
        let named = if named.is_empty() { "/index" } else { named };
        data.push(format!("/_next/data/{build}{named}.json"));
    }
    // <https://svelte.dev/docs/kit/load>: what the load functions of a server give.
    if has("__sveltekit_") {
        data.push(format!(
            "{}/__data.json",
            stem.trim_end_matches("/index").trim_end_matches('/')
        ));
    }
    let data = data.iter().filter_map(|path| at.own.join(path).ok());
    data.for_each(|url: Url| found.push(Link::to(url, Sure::Guessed, Media::Data)));
}

/// `{"props": {}, "buildId": "x1y2"}`
fn next_build(text: &[u8]) -> Option<String> {
    const NAME: &[u8] = b"\"buildId\":";
    let at = memmem::find(text, NAME)?;
    literal_at(text, at + NAME.len()).map(|(build, _)| build)
}
