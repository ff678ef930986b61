//! `jvxleaks site`: what a web site gives to browsers.

pub(in crate::cli) mod args;

use super::super::exit::Exit;
use super::super::setup::project::Project;
use super::super::{output, setup};
use args::SiteArgs;
use jvxleaks::scan::scan;
use jvxleaks::source::{Har, Source};
use std::time::Instant;

/// Runs the command.
pub(in crate::cli) fn run(args: &SiteArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let files = args.silencing.files().chain(&args.rules.rules);
    output::check(&args.output, files.chain(&args.har))?;
    let source = source(args)?;
    // Of the project around the current folder only the files count that speak to the scanner.
    let project = Project::of(&[])?;
    let setup = setup::scan(&project, &args.rules, &args.silencing, Some(&args.verdict))?
        .verbose(args.output.verbose)
        .reporting(args.output.formats());
    if setup.names_baseline(&args.silencing) {
        setup.require_baseline()?;
    }
    let outcome = scan(source.as_ref(), &setup.detector, &setup.policy)?;
    let exit = Exit::of(&outcome, setup.fail_on, args.verdict.exit_zero);
    output::report(outcome, &args.output, &setup, started)?;
    Ok(exit)
}

fn source(args: &SiteArgs) -> anyhow::Result<Box<dyn Source>> {
    let Some(path) = &args.har else {
        return pages(args);
    };
    let bounds = &args.asking;
    let har = Har::read(
        path,
        bounds.max_bytes,
        bounds.max_file_size,
        &args.also_from,
    );
    let har = har.map_err(|why| anyhow::anyhow!("{}: {why}", path.display()))?;
    Ok(Box::new(har))
}

#[cfg(feature = "net")]
fn pages(args: &SiteArgs) -> anyhow::Result<Box<dyn Source>> {
    use jvxleaks::source::{Bounds, SiteOptions, WebSite};
    use std::time::Duration;

    let own = &args.asking;
    let asking = SiteOptions {
        bounds: Bounds {
            requests: own.max_requests,
            file: own.max_file_size,
            bytes: own.max_bytes,
            depth: own.depth,
            rate: own.rate,
        },
        also_from: &args.also_from,
        headers: &own.header,
        longest: Duration::from_secs(own.timeout),
        proxied: own.proxy,
        hidden_maps: args.hidden_maps,
    };
    let site = WebSite::new(&args.urls, &asking).map_err(anyhow::Error::msg)?;
    Ok(Box::new(site))
}

#[cfg(not(feature = "net"))]
fn pages(_: &SiteArgs) -> anyhow::Result<Box<dyn Source>> {
    anyhow::bail!(
        "this program was built without network code, and nothing was asked for; build it with `cargo install --path . --features net`, or save the page as HAR in a browser and give --har FILE"
    )
}
