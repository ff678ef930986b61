//! Options whose values are one of a list, or of a range.

use jvxleaks::model::Severity;
use jvxleaks::report::Format;

/// The name of a severity.
pub(super) fn parse_severity() -> impl clap::builder::TypedValueParser<Value = Severity> {
    use clap::builder::TypedValueParser as _;
    let names = Severity::ALL.map(Severity::name);
    clap::builder::PossibleValuesParser::new(names).try_map(|name| name.parse::<Severity>())
}

/// The name of a report format.
pub(super) fn parse_format() -> impl clap::builder::TypedValueParser<Value = Format> {
    use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
    let formats = Format::ALL.iter();
    let values = formats.map(|f| PossibleValue::new(f.name()).help(f.help()));
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Format>())
}

/// A number of threads. More than this only wait for one another.
pub(super) fn parse_jobs() -> impl clap::builder::TypedValueParser<Value = usize> {
    clap::builder::RangedU64ValueParser::<usize>::new().range(0..=256)
}

/// How long something may take, in seconds.
pub(in crate::cli) fn parse_seconds() -> impl clap::builder::TypedValueParser<Value = u64> {
    clap::builder::RangedU64ValueParser::<u64>::new().range(1..=600)
}
