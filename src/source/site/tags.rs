//! Scripts that the tags of a saved page name, to tell which of them a HAR does not have. Nothing is asked for by it.

use super::served;

/// The URLs of `<script src>` of a page at a URL, without queries.
pub(super) fn scripts(page: &str, url: &str) -> Vec<String> {
    let lower = page.to_ascii_lowercase();
    // From where links start then is not looked at.
    let has_base = lower.contains("<base");
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = lower[at..].find('<').map(|open| at + open) {
        let rest = &lower[open..];
        let behind = |end: &str| rest.find(end).map_or(lower.len(), |end| open + end);
        at = if rest.starts_with("<!--") {
            behind("-->")
        } else if rest.starts_with("<script") {
            let (source, end) = source(&page[open + "<script".len()..]);
            let source = source.filter(|source| !has_base || source.contains("//"));
            found.extend(source.and_then(|source| joined(&source, url)));
            // What stands in a script is no tag.
            let text = open + "<script".len() + end;
            lower[text..]
                .find("</script")
                .map_or(lower.len(), |close| text + close + 1)
        } else {
            open + 1
        };
    }
    found
}

/// The value of `src` in a tag, and where the tag ends.
fn source(tag: &str) -> (Option<String>, usize) {
    let mut source = None;
    let mut at = 0;
    while let Some(rest) = tag.get(at..).filter(|rest| !rest.starts_with('>')) {
        let Some(first) = rest.chars().next() else {
            break;
        };
        if first.is_ascii_whitespace() || first == '/' || first == '=' {
            at += 1;
            continue;
        }
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/');
        let length = rest.find(ends).unwrap_or(rest.len());
        let name = &rest[..length];
        let behind = rest[length..].trim_ascii_start();
        let Some(value) = behind.strip_prefix('=').map(str::trim_ascii_start) else {
            at += length.max(1);
            continue;
        };
        let start = tag.len() - value.len();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, end) = match quote {
            Some(quote) => {
                let end = value[1..].find(quote).unwrap_or(value.len() - 1);
                (&value[1..=end], start + end + 2)
            }
            None => {
                let is_end = |c: char| c.is_ascii_whitespace() || c == '>';
                let end = value.find(is_end).unwrap_or(value.len());
                (&value[..end], start + end)
            }
        };
        if name.eq_ignore_ascii_case("src") {
            source.get_or_insert_with(|| value.trim().replace("&amp;", "&"));
        }
        at = end;
    }
    (source, at.min(tag.len()))
}

/// Where a link of a page leads to: `https://a.b/c/e.js` for `../e.js` of `https://a.b/c/d/`.
fn joined(link: &str, page: &str) -> Option<String> {
    let end = link.find(['?', '#']).unwrap_or(link.len());
    let link = &link[..end];
    let scheme = page.split_once("//").map_or("", |(scheme, _)| scheme);
    let lower = link.to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        return Some(link.to_owned());
    }
    if link.starts_with("//") {
        return Some(format!("{scheme}{link}"));
    }
    // `data:`, `blob:`
    let is_other = link
        .split('/')
        .next()
        .is_some_and(|first| first.contains(':'));
    if link.is_empty() || is_other {
        return None;
    }
    let path = served::path_of(page);
    let folder = path.rfind('/').map_or("/", |at| &path[..=at]);
    let whole = if link.starts_with('/') {
        link.to_owned()
    } else {
        format!("{folder}{link}")
    };
    let mut parts = Vec::new();
    for part in whole.split('/').skip(1) {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(format!("{}/{}", served::origin(page), parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told_by_their_tags() {
        for (page, urls) in [
            ("<script src=/a.js></script>", "https://a.b/a.js"),
            ("<SCRIPT defer SRC='a.js?v=1&amp;w'>", "https://a.b/c/a.js"),
            (
                "<script src=\"../e.js\" async></script>",
                "https://a.b/e.js",
            ),
            ("<script async/src = //d.e/f.js>", "https://d.e/f.js"),
            ("<script src=\"https://d.e/f.js\">", "https://d.e/f.js"),
            ("<!-- <script src=/a.js></script> --><p>é", ""),
            ("<script>x='<script src=/a.js>'</script>", ""),
            ("<script data-src=/a.js></script>", ""),
            ("<script src=data:text/javascript,1>", ""),
            ("<base href=/x/><script src=a.js></script>", ""),
            ("<script src=", ""),
            ("<script src=\"", ""),
            ("<script src='é", "https://a.b/c/é"),
            ("<script", ""),
        ] {
            let found = scripts(page, "https://a.b/c/d");
            assert_eq!(found.join(" "), urls, "{page}");
        }
    }
}
