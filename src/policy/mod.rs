//! Which matches count: the last word before a finding is reported.
//!
//! A match becomes a finding, with advice; then, in this order, a comment at it, the
//! configuration, an ignore file or the baseline may set it aside. Each of these silences exactly
//! what it was written for: comments the match beside them, entries the secret whose fingerprint
//! they hold. What silences nothing any more is reported, so that no old exception waits for a
//! new leak.
//!
//! Nothing here reads a file: the texts come from whoever made the [`Policy`].

mod advice;
mod allow;
mod baseline;
mod comment_place;
mod config;
mod fingerprint;
mod fingerprints;
mod found;
mod ignore_file;
mod line_hash;
mod multiline;
mod rule_names;
#[cfg(test)]
mod sample;
mod text;

pub use advice::{
    ReviewedCommits, advise, advise_findings, advise_image, ending, is_jourvex_key, rewriting,
};
pub use baseline::{BASELINE_FILE, Baseline, BaselineError};
pub use config::entry::NewAllow;
pub use config::rule_name::RuleName;
pub use config::said::Said;
pub use config::{CONFIG_FILE, Config, ConfigError};
pub use fingerprint::{fingerprint, is_fingerprint};
pub use fingerprints::Fingerprints;
pub use ignore_file::{IGNORE_FILE, IgnoreFile};
pub use jiff::civil::Date;
pub use rule_names::RuleNames;

use crate::model::{
    Base, Blob, BlobPath, Detection, Finding, Fingerprint, LineIndex, Match, Origin, Severity,
    Suppressed, Suppression,
};
use config::allow::{Allowed, ConfigAllow};
use config::path_set::PathSet;
use found::Surroundings;
use std::collections::BTreeSet;
use std::iter;

/// What the user asked for, and what the project has decided.
#[derive(Debug)]
pub struct Policy {
    /// Findings below this severity are not reported.
    pub least_severity: Severity,
    /// Whether other tools' marks count. Their ignore files do if they are given.
    pub foreign_allows: bool,
    /// The project's configuration.
    pub config: Config,
    /// What the change that is read adds to it: only the `[[allow]]` entries count.
    pub added: Config,
    /// From blob paths to those of the configuration.
    pub config_base: Base,
    /// Places that another tool ignores.
    pub ignore_file: IgnoreFile,
    /// From blob paths to those of the ignore file.
    pub ignore_base: Base,
    /// The accepted findings.
    pub baseline: Option<Baseline>,
    /// The rules there are, and which of them ran.
    pub rules: RuleNames,
    /// Until when an exception counts is asked of this day.
    pub today: Date,
    /// What this run reads all of, if it reads all it was asked to.
    pub reads_all: ReadsAll,
    /// Whether findings in files carry the hash of their line, which only code scanning wants.
    pub line_hashes: bool,
    /// Whether findings in files carry the edit that fixes them.
    pub edits: bool,
    /// Whether findings carry their fingerprint even if no list of accepted ones asks for it: some
    /// formats tell it, and an audit tells keys apart by it.
    pub tells_fingerprints: bool,
    /// Whether what is read has not left this machine yet: a hook asks before it does.
    pub is_unpublished: bool,
    /// Which commits are under review, about which only what is committed counts.
    pub reviewed: ReviewedCommits,
    /// From blob paths to those that notes name.
    pub told: Base,
    /// The options that a command needs to find again what was found: ` --rules FILE`.
    pub options: String,
    /// The fingerprints computed so far.
    pub fingerprints: Fingerprints,
}

/// Which exceptions a run can find stale: those of which it reads all files that they may be for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadsAll {
    /// All that the configuration speaks of.
    pub config: bool,
    /// All that the baseline speaks of.
    pub baseline: bool,
    /// All files that the configuration speaks of, whatever commits hold besides.
    pub files: bool,
    /// Commits besides, of which files are known by name only where something was found.
    pub commits: bool,
}

/// What policy makes of one blob's matches.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Findings that count.
    pub findings: Vec<Finding>,
    /// Findings that do not.
    pub suppressed: Vec<Suppressed>,
    /// What is wrong with the silencing itself.
    pub warnings: Vec<String>,
}

impl Default for Policy {
    /// Everything counts but what comments in the files say.
    fn default() -> Self {
        Self {
            least_severity: Severity::Low,
            foreign_allows: true,
            config: Config::default(),
            added: Config::default(),
            config_base: Base::default(),
            ignore_file: IgnoreFile::default(),
            ignore_base: Base::default(),
            baseline: None,
            rules: RuleNames::default(),
            today: Date::MIN,
            reads_all: ReadsAll::default(),
            line_hashes: false,
            edits: false,
            tells_fingerprints: true,
            is_unpublished: false,
            reviewed: ReviewedCommits::None,
            told: Base::default(),
            options: String::new(),
            fingerprints: Fingerprints::default(),
        }
    }
}

impl Policy {
    /// True when the configuration excludes a blob, which need not be looked at then.
    pub fn excludes(&self, blob: &Blob<'_>) -> bool {
        if *blob.origin == Origin::Stdin || blob.origin.is_message() {
            covers_inside(&self.config.exclude, blob.path)
        } else {
            self.excludes_path(blob.path)
        }
    }

    /// True when the configuration excludes what is at `path`, which need not be opened then.
    pub fn excludes_path(&self, path: &BlobPath) -> bool {
        let exclude = &self.config.exclude;
        !exclude.is_empty() && self.is_in(exclude, path)
    }

    /// Makes the configuration exclude nothing.
    pub fn exclude_nothing(&mut self) {
        self.config.exclude = PathSet::default();
    }

    /// Learns of a file that is read.
    pub(crate) fn meet(&self, path: &BlobPath) {
        let settings = self.config.settings.values();
        settings.for_each(|of| of.meet(|paths| self.is_in(paths, path)));
    }

    /// Whether the configuration means a path.
    fn is_in(&self, paths: &PathSet, path: &BlobPath) -> bool {
        paths.covers(&self.config_base.seen_from(path)) || covers_inside(paths, path)
    }

    /// True when a text has something to say to [`Policy::apply`] even if it holds no match.
    pub fn is_addressed_by(&self, text: &[u8]) -> bool {
        allow::mark::is_in(text)
    }

    /// Turns the matches of a blob into findings, and sets aside those that do not count.
    pub fn apply(&self, blob: &Blob<'_>, detection: &Detection<'_>, lines: &LineIndex) -> Verdict {
        let allows = allow::read(detection, lines, &self.rules, self.foreign_allows);
        let mut verdict = Verdict {
            warnings: allow::hygiene::of_comments(
                &self.rules,
                &self.told,
                blob,
                detection,
                &allows.own,
            ),
            ..Verdict::default()
        };
        let mut surroundings = Surroundings::new(blob, detection, lines);
        surroundings.is_unpublished |= self.is_unpublished;
        surroundings.reviewed = self.reviewed;
        surroundings.options = &self.options;
        if self.line_hashes {
            surroundings = surroundings.hashing_lines();
        }
        let ids = self.ids(&detection.matches, &surroundings);
        let matches = detection.matches.iter().zip(allows.by_match);
        for ((matched, comment), (id, others)) in matches.zip(ids) {
            let mut finding = surroundings.finding(matched, id);
            let comment = comment.or(self.settle(&mut finding));
            let comment = comment.map(|by| (by, false));
            let by = comment.or_else(|| self.exception(&finding, &others));
            if finding.severity < self.least_severity {
                continue;
            }
            match by {
                Some((by, in_change)) => verdict.suppressed.push(Suppressed {
                    finding,
                    by,
                    in_change,
                }),
                None => verdict.findings.push(finding),
            }
        }
        verdict
    }

    /// Does with a finding what the configuration says of its rule: another severity, or nothing at all
    /// outside of the rule's paths.
    fn settle(&self, finding: &mut Finding) -> Option<Suppression> {
        let settings = self.config.settings.get(&finding.rule.id)?;
        finding.severity = settings.severity.unwrap_or(finding.severity);
        let paths = settings.paths.as_ref()?;
        let is_elsewhere = !self.is_in(paths, &finding.place.path);
        is_elsewhere.then(|| Suppression::Config {
            reason: Some("it keeps this rule to other paths".to_owned()),
        })
    }

    /// What is wrong with the exceptions, after all blobs were seen. `complete` says that nothing
    /// failed to be read: an exception for an unread file is not stale.
    pub fn finish(&self, complete: bool) -> Vec<String> {
        // A fingerprint does not tell its rule, so all rules must have had their say.
        let all_ran = self.rules.known.len() == self.rules.active.len();
        let judges = complete && self.reads_all.config && all_ran;
        let configs = [&self.config, &self.added].into_iter();
        let warnings = configs.flat_map(|config| config.remarks(self.today, judges));
        let mut warnings: Vec<_> = warnings.collect();
        if complete && self.reads_all.files {
            let is_active = |id: &str| self.rules.is_active(id);
            let what = if self.reads_all.commits {
                "no file of the work tree, and none of a commit in which anything was found"
            } else {
                "no file that was read: the rule looked at nothing"
            };
            warnings.extend(self.config.remarks_on_paths(is_active, what));
        }
        warnings.extend(self.ignore_file.remarks());
        if complete && self.reads_all.baseline {
            let stale = |baseline: &Baseline| baseline.stale(|id| self.rules.is_active(id));
            warnings.extend(self.baseline.as_ref().map(stale).unwrap_or_default());
        }
        warnings
    }

    /// The fingerprint of each match, and others by which it may have been accepted: that of former versions, and
    /// those of rules that do not run. None where nothing asks for them, since each takes time.
    fn ids(
        &self,
        matches: &[Match],
        surroundings: &Surroundings<'_>,
    ) -> Vec<(Fingerprint, Vec<Fingerprint>)> {
        let has_allows = !self.config.allows_nothing() || !self.added.allows_nothing();
        let has_baseline = self.baseline.as_ref().is_some_and(|b| !b.is_empty());
        let advised = || matches.iter().any(|m| surroundings.tell_fingerprint(m));
        let ids = if self.tells_fingerprints || has_allows || has_baseline || advised() {
            self.fingerprints.of(matches)
        } else {
            vec![Fingerprint::default(); matches.len()]
        };
        let has_former = self.baseline.as_ref().is_some_and(Baseline::has_former);
        let former = if has_allows || has_former {
            self.fingerprints.former(matches)
        } else {
            vec![None; matches.len()]
        };
        let others = former
            .into_iter()
            .map(|former| former.into_iter().collect());
        let mut others: Vec<Vec<Fingerprint>> = others.collect();
        for family in self.retired(has_allows) {
            let ids = self.fingerprints.under(family, matches);
            others
                .iter_mut()
                .zip(ids)
                .for_each(|(all, ids)| all.extend(ids));
        }
        ids.into_iter().zip(others).collect()
    }

    /// Families of rules that do not run and under which a secret may have been accepted: another rule that finds it
    /// now finds nothing new. An `[[allow]]` entry does not say its rule.
    fn retired(&self, has_allows: bool) -> BTreeSet<&str> {
        let rules = &self.rules;
        let accepted = |id: &String| self.baseline.as_ref().is_some_and(|b| b.names(id));
        let retired = rules.known.iter().filter(|id| !rules.is_active(id));
        let wanted = retired.filter(|id| has_allows || accepted(id));
        wanted.map(|id| rules.family(id)).collect()
    }

    /// What silences a finding other than a comment at it, and whether the change that is read does.
    pub(crate) fn exception(
        &self,
        finding: &Finding,
        others: &[Fingerprint],
    ) -> Option<(Suppression, bool)> {
        let ids = || iter::once(&finding.fingerprint).chain(others);
        let allow = |config| ids().find_map(|id| self.config_allow(config, finding, id));
        let known = allow(&self.config)
            .or_else(|| self.ignored(finding))
            .or_else(|| ids().find_map(|id| self.accepted(id)));
        let known = known.map(|by| (by, false));
        known.or_else(|| allow(&self.added).map(|by| (by, true)))
    }

    fn config_allow(
        &self,
        config: &Config,
        finding: &Finding,
        id: &Fingerprint,
    ) -> Option<Suppression> {
        if config.allows.is_empty() {
            return None;
        }
        let is_in = |paths: &PathSet| self.is_in(paths, &finding.place.path);
        let mut allows = config.allows.iter();
        let is_meant = |what: &Allowed| match what {
            Allowed::Finding(known) => known == id,
            Allowed::Rule(name) => {
                name.id == finding.rule.id || self.rules.family(&name.id) == finding.rule.family
            }
        };
        let found = allows.find(|a| a.allows(&is_meant, &is_in, self.today))?;
        Some(Suppression::Config {
            reason: Some(found.reason.clone()),
        })
    }

    fn ignored(&self, finding: &Finding) -> Option<Suppression> {
        let own = &finding.place.path;
        let path = self.ignore_base.seen_from(own);
        let covers = |path: &BlobPath| self.ignore_file.covers(finding, path, &self.rules);
        let is_member = own.in_archive().is_some();
        let ignored = covers(&path) || is_member && covers(&ignore_file::as_gitleaks(&path));
        ignored.then_some(Suppression::IgnoreFile)
    }

    fn accepted(&self, id: &Fingerprint) -> Option<Suppression> {
        let accepted = self.baseline.as_ref().is_some_and(|b| b.accepts(id));
        accepted.then_some(Suppression::Baseline)
    }
}

/// Whether the configuration means a member of an archive, by its path there.
fn covers_inside(paths: &PathSet, path: &BlobPath) -> bool {
    path.in_archive().is_some_and(|own| paths.covers(&own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn verdict(policy: &Policy, path: &str, text: &str) -> Verdict {
        sample::verdict(policy, path, &sample::detection(text))
    }

    fn id(n: usize) -> String {
        fingerprint("test-key", &sample::secret(n)).0
    }

    fn config(text: &str) -> Config {
        Config::parse("c.toml", text).unwrap()
    }

    fn allow(n: usize, more: &str) -> String {
        let id = id(n);
        format!("[[allow]]\nfingerprint = '{id}'\nreason = 'known'\n{more}\n")
    }

    #[test]
    fn findings_in_a_row_share_their_advice() {
        let (mut detection, lines) = sample::detection("KEY\nKEY");
        detection.matches[1].secret = detection.matches[0].secret.clone();
        let sampled = (detection, lines);
        let findings = sample::verdict(&Policy::default(), "a", &sampled).findings;
        assert!(Arc::ptr_eq(&findings[0].advice, &findings[1].advice));
    }

    #[test]
    fn an_entry_silences_its_secret_and_no_other() {
        let policy = Policy {
            config: config(&allow(2, "")),
            ..Policy::default()
        };
        let verdict = verdict(&policy, "a", "KEY KEY KEY");
        assert_eq!(verdict.findings.len(), 2);
        assert_eq!(verdict.suppressed[0].finding.fingerprint.0, id(2));
        let reason = Some("known".to_owned());
        assert_eq!(verdict.suppressed[0].by, Suppression::Config { reason });
    }

    #[test]
    fn an_entry_with_a_path_silences_only_there() {
        let policy = Policy {
            config: config(&allow(1, "path = 'src/gen/*.js'")),
            config_base: Base::new(&"/r/src".into(), &"/r".into()),
            ..Policy::default()
        };
        assert!(verdict(&policy, "gen/a.js", "KEY").findings.is_empty());
        assert_eq!(verdict(&policy, "a.js", "KEY").findings.len(), 1);
    }

    #[test]
    fn an_expired_entry_silences_nothing_and_is_told() {
        let on = |today: &str| Policy {
            config: config(&allow(1, "expires = '2026-05-01'")),
            today: today.parse().unwrap(),
            ..Policy::default()
        };
        let (last, after) = (on("2026-05-01"), on("2026-05-02"));
        assert!(verdict(&last, "a", "KEY").findings.is_empty());
        assert!(last.finish(true).is_empty());
        assert_eq!(verdict(&after, "a", "KEY").findings.len(), 1);
        let told = "c.toml:1: the [[allow]] entry expired on 2026-05-01; renew or remove it";
        assert_eq!(after.finish(false), [told]);
    }

    #[test]
    fn stale_entries_are_told_only_by_a_whole_scan() {
        let policy = |config_reach| Policy {
            config: config(&allow(7, "")),
            reads_all: ReadsAll {
                config: config_reach,
                ..ReadsAll::default()
            },
            ..Policy::default()
        };
        assert!(policy(false).finish(true).is_empty());
        assert!(policy(true).finish(false).is_empty());
        let told = "c.toml:1: the [[allow]] entry silences nothing; remove it";
        assert_eq!(policy(true).finish(true), [told]);
    }

    #[test]
    fn an_entry_of_an_ignore_file_counts_for_the_rule_it_names() {
        let policy = Policy {
            ignore_file: IgnoreFile::parse("a.js:test-key:2\na.js:generic-api-key:1\nb"),
            ..Policy::default()
        };
        let verdict = verdict(&policy, "a.js", "KEY\nKEY");
        assert_eq!(verdict.findings[0].place.line, 1);
        assert_eq!(verdict.suppressed[0].by, Suppression::IgnoreFile);
        assert_eq!(policy.finish(true).len(), 1);
    }

    #[test]
    fn comments_that_do_nothing_are_told() {
        let policy = Policy {
            rules: RuleNames {
                known: vec!["test-key".to_owned(), "off".to_owned()],
                active: vec!["test-key".to_owned()],
                ..RuleNames::default()
            },
            ..Policy::default()
        };
        let text = "# jvxleaks:allow test-key -- why\n\nKEY # jvxleaks:allow test-key\n\
                    # jvxleaks:allow off -- why\n# jvxleaks:allow\n# jvxleaks:allow nope -- why\n";
        assert_eq!(
            verdict(&policy, "a.py", text).warnings,
            [
                "a.py:1: the allow comment silences nothing; remove it",
                "a.py:3: the allow comment gives no reason; write `jvxleaks:allow RULE -- reason`",
                "a.py:5: the allow comment names no rule and does nothing; \
                 write `jvxleaks:allow RULE -- reason`",
                "a.py:6: the allow comment names a rule that is not there; see `jvxleaks rules list`",
            ]
        );
    }

    #[test]
    fn thousands_of_matches_on_a_line_are_fast() {
        let text = "KEY,".repeat(3000);
        let started = std::time::Instant::now();
        assert_eq!(verdict(&Policy::default(), "a", &text).findings.len(), 3000);
        assert!(started.elapsed().as_secs() < 20);
    }

    proptest! {
        #[test]
        fn entries_never_silence_another_secret(
            listed in proptest::collection::btree_set(1_usize..8, 0..4),
            accepted in proptest::collection::btree_set(1_usize..8, 0..4),
        ) {
            let entries: String = listed.iter().map(|n| allow(*n, "")).collect();
            let lines: String = accepted.iter().map(|n| format!("{} r p\n", id(*n))).collect();
            let policy = Policy {
                config: config(&entries),
                baseline: Some(Baseline::parse("b", &lines).unwrap()),
                ..Policy::default()
            };
            let verdict = verdict(&policy, "a", "KEY KEY\nKEY KEY\n\nKEY KEY KEY");
            let silenced: Vec<_> = verdict.suppressed.iter().map(|s| s.finding.fingerprint.0.clone()).collect();
            let mut expected: Vec<_> = (1..8).filter(|n| listed.contains(n) || accepted.contains(n)).map(id).collect();
            let mut silenced = silenced;
            silenced.sort();
            expected.sort();
            prop_assert_eq!(silenced, expected);
        }

        /// Wherever a comment stands, only keys on its line or the next, near it, can be silenced.
        #[test]
        fn a_comment_never_silences_a_far_key(
            lines in proptest::collection::vec("(x{0,500}|KEY|; |# jvxleaks:allow test-key -- r|/\\*jvxleaks:allow test-key\\*/|'|\"){0,8}", 1..6),
        ) {
            let text = lines.join("\n");
            let verdict = verdict(&Policy::default(), "a", &text);
            for suppressed in verdict.suppressed {
                let place = suppressed.finding.place;
                let line = lines[place.line - 1].as_str();
                let above = place.line.checked_sub(2).map_or("", |i| lines[i].as_str());
                let near = |text: &str, at: usize| text.match_indices("jvxleaks:allow").any(|(m, _)| m.abs_diff(at) < 260);
                let beside = near(line, place.column - 1);
                let below = above.trim_start().starts_with(['#', '/', ';']) && above.contains("jvxleaks:allow") && (line.len() <= 400 || place.column <= 201);
                prop_assert!(beside || below, "{text}");
            }
        }

        #[test]
        fn any_text_is_judged_without_a_panic(text in "(?s)([\"'`#/*;%!<>{}()\\\\ \n-]|KEY|jvxleaks:allow|pragma: allowlist nextline secret|é){0,60}") {
            let _ = verdict(&Policy::default(), "a", &text);
        }
    }
}
