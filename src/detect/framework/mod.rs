//! What to do instead, in the words of the framework at hand.

mod table;

use super::context::Around;
use crate::model::BlobPath;
use crate::syntax::listed;
use memchr::memmem;
use table::{FRAMEWORKS, Framework};

/// How much of a text is looked at to tell the framework.
const HEAD: usize = 64 << 10;

/// The steps for the framework that the file belongs to, one a line.
pub(super) fn advice(path: &BlobPath, text: &[u8], around: &Around<'_>) -> Vec<String> {
    let Some(framework) = find(path, text, around) else {
        return Vec::new();
    };
    let mut steps = vec![format!(
        "instead: call the Journey API from your server{} and let the page call that: {}",
        if framework.name.is_empty() {
            String::new()
        } else {
            format!(" ({})", framework.name)
        },
        framework.route
    )];
    steps.extend(framework.code.lines().map(|line| format!("    {line}")));
    if let Some(prefix) = framework.prefix {
        steps.push(format!(
            "name the variable without {prefix} (JOURVEX_API_KEY), so that no build copies its value"
        ));
    }
    if !framework.caches.is_empty() {
        steps.push(format!(
            "delete what was built and the caches that keep the value: {}",
            framework.caches
        ));
    }
    steps
}

fn find(path: &BlobPath, text: &[u8], around: &Around<'_>) -> Option<&'static Framework> {
    let path = format!("/{path}");
    let head = &text[..text.len().min(HEAD)];
    let is_part = |part: &str| {
        let is_end = part.starts_with('.') && !part.ends_with('.');
        if is_end {
            path.ends_with(part)
        } else {
            path.contains(part)
        }
    };
    let has_path = |f: &&Framework| listed(f.paths).any(is_part);
    let is_there = |word: &str| memmem::find(head, word.as_bytes()).is_some();
    let has_word = |f: &&Framework| listed(f.words).any(is_there);
    let is_used = |f: &&Framework| !f.packages.is_empty() && around.get().uses(f.packages);
    let by_path = FRAMEWORKS.iter().find(has_path);
    by_path
        .or_else(|| FRAMEWORKS.iter().find(is_used))
        .or_else(|| FRAMEWORKS.iter().find(has_word))
        .or(FRAMEWORKS.last())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Alone;

    #[test]
    fn files_are_told_by_path_then_by_words() {
        for (path, text, name) in [
            ("out/_next/static/a.js", "", "Next.js"),
            ("src/App.vue", "process.env.VUE_APP_X", "Vue CLI"),
            ("src/a.ts", "import.meta.env.VITE_X", "Vite"),
            ("src/routes/+page.svelte", "", "SvelteKit"),
            ("src/environments/environment.prod.ts", "", "Angular"),
            ("shop/views.py", "", "Django"),
            ("app.py", "", "Flask and FastAPI"),
            ("app/views/map.html.erb", "", "Rails"),
            ("resources/views/map.blade.php", "", "Laravel"),
            ("Pages/Map.cshtml", "", "ASP.NET"),
            ("public/foo.google.js", "x", ""),
            ("dist/a.js", "x", ""),
        ] {
            let path = BlobPath::from(path);
            let found = find(&path, text.as_bytes(), &Around::new(&path, &path, &Alone)).unwrap();
            assert_eq!(found.name, name, "{path}");
        }
    }

    #[test]
    fn the_route_the_name_and_the_caches_are_told() {
        let path = BlobPath::from("pages/_next/a.js");
        let steps = advice(&path, b"", &Around::new(&path, &path, &Alone)).join("\n");
        for word in [
            "app/api/journey/[id]/route.ts",
            "Bearer",
            "without NEXT_PUBLIC_",
            ".next/cache",
        ] {
            assert!(steps.contains(word), "{word}");
        }
    }
}
