//! The kind of a script: certain signs first, then what only weighs.

use super::mark::{self, MarkSide};
use super::path::PathWords;
use super::project::{Around, Neighbours};
use super::reason::{CONFIGURES, Kind, PAGE_DATA, Reason};
use crate::model::FileContext;

/// The kind of a script at `path`.
pub(super) fn kind(path: &PathWords, text: &[u8], around: &Around<'_>) -> Kind {
    use FileContext::{BrowserBundle, BuildConfig, ClientSource, Server, Source};
    if path.name().ends_with(".d.ts") {
        return Kind::by(Source, "it only declares types");
    }
    if path.is_page_data() {
        return Kind::by(BrowserBundle, PAGE_DATA);
    }
    if let Some(folder) = path.server_output() {
        return Kind::new(Server, Reason::Folder(folder));
    }
    if let Some(folder) = path.browser_output() {
        return Kind::new(BrowserBundle, Reason::Folder(folder));
    }
    if let Some(side) = mark::directive(text) {
        let what = match side {
            MarkSide::Page => "it begins with the directive 'use client'",
            _ => "it begins with the directive 'use server', or with the import of server-only",
        };
        return Kind::by(source(side), what);
    }
    if path.is_build_config() {
        return Kind::by(BuildConfig, CONFIGURES);
    }
    if mark::is_build_script(text) {
        return Kind::by(BuildConfig, "it runs a bundler");
    }
    if mark::is_command(text) {
        return Kind::by(Server, "of its first line, by which the system runs it");
    }
    if path.is_server_source() {
        return Kind::by(
            Server,
            "frameworks run a file of this name or place on the server",
        );
    }
    if path.is_client_source() {
        let what = "frameworks send a file of this name or place to browsers";
        return Kind::by(ClientSource, what);
    }
    neighbours(path, around.get()).unwrap_or_else(|| weighed(path, text, around.get()))
}

/// Scripts that a page or a manifest names.
fn neighbours(path: &PathWords, around: &Neighbours) -> Option<Kind> {
    if let Some(page) = &around.page {
        // A page of a bundler loads sources; the browser gets what is made of them.
        let is_source = around.package.is_some() || path.is_typed();
        let context = if is_source && !path.is_served() && !path.is_built() {
            FileContext::ClientSource
        } else {
            FileContext::BrowserBundle
        };
        return Some(Kind::new(
            context,
            Reason::Neighbour(page.clone(), "loads it as a script"),
        ));
    }
    let extension = around.extension.as_ref().filter(|found| found.names_it)?;
    let what = "is that of a browser extension and names it";
    let reason = Reason::Neighbour(extension.manifest.clone(), what);
    Some(Kind::new(FileContext::ClientSource, reason))
}

/// Scripts that no name, directive or page decides.
fn weighed(path: &PathWords, text: &[u8], around: &Neighbours) -> Kind {
    let side = mark::side(text);
    if path.is_served() || path.is_built() {
        return placed(path, text, side);
    }
    if side != MarkSide::Unknown {
        return Kind::new(source(side), Reason::Marks(side, ""));
    }
    if let Some(bundle) = around.bundle.as_ref().filter(|bundle| bundle.names_it) {
        let what = "names it as the beginning of a bundle for browsers";
        let reason = Reason::Neighbour(bundle.settings.clone(), what);
        return Kind::new(FileContext::ClientSource, reason);
    }
    if path.is_in_server_folder() || path.is_app_router_page() {
        return Kind::by(
            FileContext::Server,
            "of its folder, which server code has, and its text does not object",
        );
    }
    let by_project = told_by_project(path, around);
    let is_server = |kind: &Kind| kind.context == FileContext::Server;
    if path.is_in_client_folder() && !by_project.as_ref().is_some_and(is_server) {
        return Kind::by(
            FileContext::ClientSource,
            "of its folder or language, which code for pages has, and its text does not object",
        );
    }
    by_project.unwrap_or(Kind::new(FileContext::Source, Reason::Nothing))
}

/// Scripts in a folder of built or served files.
fn placed(path: &PathWords, text: &[u8], side: MarkSide) -> Kind {
    const PLACE: &str = "it lies among built or served files, and ";
    let looks_built = path.is_served() || path.is_hashed() || mark::is_minified(text);
    let by = |context| Kind::new(context, Reason::Marks(side, PLACE));
    match side {
        MarkSide::Server => by(FileContext::Server),
        MarkSide::Page => by(FileContext::BrowserBundle),
        MarkSide::Unknown if path.extension() == "cjs" => Kind::by(
            FileContext::Server,
            "it is a CommonJS module, which browsers do not load",
        ),
        MarkSide::Unknown if looks_built => Kind::by(
            FileContext::BrowserBundle,
            "it lies among built or served files, and its name or lines are those of a bundle",
        ),
        MarkSide::Unknown => Kind::new(FileContext::Source, Reason::Nothing),
    }
}

/// Scripts about which only the project says something: all of it is for browsers, or for a server.
fn told_by_project(path: &PathWords, around: &Neighbours) -> Option<Kind> {
    if let Some(extension) = &around.extension {
        let what = "is that of a browser extension, which ships its whole folder";
        let reason = Reason::Neighbour(extension.manifest.clone(), what);
        return Some(Kind::new(FileContext::ClientSource, reason));
    }
    if let Some(bundle) = &around.bundle {
        let what = "makes a bundle for browsers of its folder";
        let reason = Reason::Neighbour(bundle.settings.clone(), what);
        return Some(Kind::new(FileContext::ClientSource, reason));
    }
    let package = around.package.as_ref()?;
    let (side, what) = match package.side() {
        MarkSide::Page if path.is_project_source() => (
            MarkSide::Page,
            "needs packages that draw pages or screens, and none of a server",
        ),
        // A server beside it renders the same pages.
        MarkSide::Unknown if package.uses("@angular/core") && path.is_in_angular_app() => (
            MarkSide::Page,
            "needs Angular, whose `src/app` is for browsers",
        ),
        MarkSide::Server => (
            MarkSide::Server,
            "needs packages of a server, and none that draws pages",
        ),
        _ => return None,
    };
    let reason = Reason::Neighbour(package.path.clone(), what);
    Some(Kind::new(source(side), reason))
}

fn source(side: MarkSide) -> FileContext {
    match side {
        MarkSide::Page => FileContext::ClientSource,
        MarkSide::Server => FileContext::Server,
        MarkSide::Unknown => FileContext::Source,
    }
}
