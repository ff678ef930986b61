//! An edit in SARIF's terms, for a viewer that offers to make it.

use super::place::count;
use crate::model::{Edit, Finding};
use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Fix, Message, Region,
    Replacement as SarifReplacement,
};

/// The edit of a finding; none where its place cannot be told in UTF-16 columns.
pub(super) fn of(finding: &Finding, artifact: ArtifactLocation) -> Option<Vec<Fix>> {
    let edit = finding.edit.as_ref()?.as_ref().ok()?;
    let replacements: Option<Vec<_>> = replacements(edit).collect();
    let change = ArtifactChange::builder()
        .artifact_location(artifact)
        .replacements(replacements?)
        .build();
    let caution = edit.caution.map(|why| format!(" Look at it: {why}."));
    let about = match &*edit.variable {
        "" => "Take it out.".to_owned(),
        variable => format!("Read it from the variable {variable}."),
    };
    let about = about + &caution.unwrap_or_default();
    let mut fix = Fix::builder().artifact_changes(vec![change]).build();
    fix.description = Some(Message::builder().text(about).build());
    Some(vec![fix])
}

fn replacements(edit: &Edit) -> impl Iterator<Item = Option<SarifReplacement>> + '_ {
    edit.replacements.iter().map(|own| {
        let (start, end) = own.lines;
        let (column, end_column) = own.utf16?;
        let region = Region::builder()
            .start_line(count(start.line))
            .start_column(count(column))
            .end_line(count(end.line))
            .end_column(count(end_column))
            .build();
        let text = own.wording.text(&edit.variable);
        let text = ArtifactContent::builder().text(text).build();
        let mut replacement = SarifReplacement::builder().deleted_region(region).build();
        replacement.inserted_content = Some(text);
        Some(replacement)
    })
}
