//! From options to the parts of a scan.

use super::args::{RuleArgs, VerdictArgs};
use jvxleaks::detect::Detector;
use jvxleaks::policy::Policy;
use jvxleaks::rules::RuleSet;

/// The built-in rules, the user's, and the choice among them.
pub(super) fn rules(args: &RuleArgs) -> anyhow::Result<RuleSet> {
    let mut rules = RuleSet::builtin()?;
    for file in &args.rules {
        rules.add_file(file)?;
    }
    rules.select(&args.enable, &args.disable)?;
    Ok(rules)
}

/// A detector for those rules.
pub(super) fn detector(args: &RuleArgs) -> anyhow::Result<Detector> {
    Ok(Detector::new(rules(args)?))
}

/// What counts.
pub(super) fn policy(args: &VerdictArgs) -> Policy {
    Policy {
        least_severity: args.severity,
    }
}
