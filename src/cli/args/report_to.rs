//! `--report FORMAT=FILE`: one more report, beside the one that `--format` asks for.

use clap::builder::{StringValueParser, TypedValueParser};
use jvxleaks::report::Format;
use std::path::PathBuf;

/// A format, and the file that it is written to.
#[derive(Clone, Debug)]
pub(crate) struct ReportTo {
    pub(in crate::cli) format: Format,
    pub(in crate::cli) file: PathBuf,
}

/// Reads `sarif=leaks.sarif`.
pub(super) fn parse_report() -> impl TypedValueParser<Value = ReportTo> {
    StringValueParser::new().try_map(|text| match text.split_once('=') {
        Some((format, file)) if !file.is_empty() => Ok(ReportTo {
            format: format.parse()?,
            file: file.into(),
        }),
        _ => Err("a format and a file belong here, as in `sarif=leaks.sarif`".to_owned()),
    })
}
