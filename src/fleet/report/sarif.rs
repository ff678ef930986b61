//! SARIF 2.1.0: a result a key, at each place where a repository has it first. Paths begin with the name of the
//! repository.

use super::super::merged::{LeakHolder, LeakedKey, Since};
use super::super::record::SightingRecord;
use super::view::MergeView;
use super::words::{counted, headword, whereabouts};
use crate::model::{Base, BlobPath, Severity};
use crate::report::{Uri, json_escaped, visible};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, Message, Notification, PhysicalLocation, PropertyBag,
    Region, ReportingDescriptor, Result as SarifResult, ResultLevel, Run, Sarif, Tool,
    ToolComponent,
};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Places of one result; the message has the number of repositories.
const PLACES: usize = 100;

/// Writes the log, without indentation.
pub(super) fn write(told: &MergeView<'_>, out: &mut dyn Write) -> io::Result<()> {
    let log = Sarif::builder()
        .schema("https://json.schemastore.org/sarif-2.1.0.json")
        .version(serde_json::json!("2.1.0"))
        .runs(vec![run(told)])
        .build();
    let log = serde_json::to_string(&log)?;
    writeln!(out, "{}", json_escaped(&log))
}

fn run(told: &MergeView<'_>) -> Run {
    let rules: BTreeSet<&str> = told.keys.iter().map(|key| key.rule).collect();
    let rules = rules
        .into_iter()
        .map(|id| ReportingDescriptor::builder().id(visible(id)).build());
    let mut driver = ToolComponent::builder()
        .name("jvxleaks")
        .version(env!("CARGO_PKG_VERSION"))
        .rules(rules.collect::<Vec<_>>())
        .build();
    driver.information_uri = Some(env!("CARGO_PKG_HOMEPAGE").to_owned());
    let unread = told.unread().map(|trouble| {
        let text = format!("Not read: {}: {}", trouble.at, trouble.what);
        Notification::builder()
            .level(serde_json::json!("error"))
            .message(message(&text))
            .build()
    });
    let invocation = Invocation::builder()
        .execution_successful(told.merged.is_complete())
        .tool_execution_notifications(unread.collect::<Vec<_>>())
        .build();
    Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .invocations(vec![invocation])
        .results(told.keys.iter().map(result).collect::<Vec<_>>())
        .build()
}

fn result(key: &LeakedKey<'_>) -> SarifResult {
    let repositories = counted(key.holders.len(), "repository", "repositories");
    let first = key.holders.first().map(whereabouts).unwrap_or_default();
    let text = format!(
        "{}: {} in {repositories}. {first}. {}",
        headword(key),
        key.prefix,
        key.first_step()
    );
    let level = match key.severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        Severity::Low => ResultLevel::Note,
    };
    let locations = key.holders.iter().take(PLACES).filter_map(location);
    let facts = [
        ("action", serde_json::json!(key.action())),
        ("fingerprint", serde_json::json!(key.fingerprint)),
        ("repositories", serde_json::json!(key.holders.len())),
        (
            "since",
            serde_json::json!(key.since.map(|since| since.name())),
        ),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.is_null());
    let facts: BTreeMap<String, serde_json::Value> = facts
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let mut result = SarifResult::builder()
        .rule_id(visible(key.rule))
        .level(level)
        .message(message(&text))
        .locations(locations.collect::<Vec<_>>())
        .build();
    let state = key.since.map(|since| match since {
        Since::New => "new",
        Since::Changed => "updated",
        Since::Unchanged => "unchanged",
        Since::Gone | Since::Hidden | Since::Unread => "absent",
    });
    result.baseline_state = state.map(|state| serde_json::json!(state));
    result.partial_fingerprints = Some(BTreeMap::from([(
        "jvxleaksFingerprint/v1".to_owned(),
        key.fingerprint.to_owned(),
    )]));
    result.properties = Some(PropertyBag::builder().additional_properties(facts).build());
    result
}

/// The first place in a repository; what is in no commit has none.
fn location(holder: &LeakHolder<'_>) -> Option<Location> {
    let at: &SightingRecord = holder.key.first_seen.as_ref()?;
    let path = format!("{}/{}", holder.repository.name, at.path);
    let uri = Uri::of(
        &BlobPath::from(path.trim_start_matches('/')),
        &Base::default(),
    );
    let region = Region::builder()
        .start_line(i64::try_from(at.line.max(1)).unwrap_or(i64::MAX))
        .build();
    let mut physical = PhysicalLocation::builder()
        .artifact_location(ArtifactLocation::builder().uri(uri.text).build())
        .build();
    physical.region = Some(region);
    Some(Location::builder().physical_location(physical).build())
}

fn message(text: &str) -> Message {
    Message::builder().text(visible(text)).build()
}
