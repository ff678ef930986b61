//! What to type to rewrite a history, in order.

use super::args::RewritingTool;
use jvxleaks::model::{ExposedKey, KeyAction, Outcome, Step, shell_word};
use jvxleaks::policy;
use jvxleaks::purge::StoredForms;
use std::path::{Path, PathBuf};

/// Most places that are listed one by one.
const LISTED: usize = 20;

/// What the steps are about.
pub(super) struct Plan<'p> {
    pub(super) outcome: &'p Outcome,
    pub(super) forms: &'p StoredForms,
    pub(super) tool: RewritingTool,
    /// Where git finds the repository, if it is not around the current folder: ` -C FOLDER`.
    pub(super) at: String,
    /// A copy to be rewritten for each remote, or one where none is set up.
    pub(super) copies: Vec<RewrittenCopy>,
    /// What was written, each file where it is.
    pub(super) files: PlanFiles,
}

/// A copy of what a remote has.
pub(super) struct RewrittenCopy {
    /// None: of what is here.
    pub(super) remote: Option<String>,
    /// Where it is made. Nothing is there.
    pub(super) folder: PathBuf,
}

/// Where the files for the tool are; none that would be empty.
#[derive(Default)]
pub(super) struct PlanFiles {
    pub(super) texts: Option<PathBuf>,
    pub(super) blobs: Option<PathBuf>,
    pub(super) names: Option<PathBuf>,
    pub(super) people: Option<PathBuf>,
    /// Names of refs, for `grep`.
    pub(super) refs: Option<PathBuf>,
}

impl Plan<'_> {
    /// All steps.
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut parts = vec![self.rotate()];
        parts.extend(self.copies.iter().map(|copy| self.rewrite(copy)));
        parts.extend([
            self.unreached(),
            self.publish(),
            self.elsewhere(),
            self.clean_up(),
        ]);
        let mut number = 0;
        let numbered = parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .flat_map(|mut part| {
                number += 1;
                if let Some(Step::Say(words)) = part.first_mut() {
                    *words = format!("{number}. {words}");
                }
                part
            });
        numbered.collect()
    }

    fn rotate(&self) -> Vec<Step> {
        let keys = self
            .outcome
            .keys
            .iter()
            .filter(|key| key.severity.is_error());
        let keys: Vec<Step> = keys.map(told).collect();
        let first =
            "Make these useless first. A rewrite reaches no copy that somebody has already.";
        std::iter::once(Step::say(first)).chain(keys).collect()
    }

    fn rewrite(&self, copy: &RewrittenCopy) -> Vec<Step> {
        let folder = quoted(&copy.folder);
        let (what, from) = match &copy.remote {
            Some(remote) => {
                let name = shell_word(remote.as_bytes());
                let from = format!("\"$(git{} remote get-url {name})\"", self.at);
                (format!("Rewrite a fresh copy of {remote}."), from)
            }
            None => (
                "Rewrite a fresh copy.".to_owned(),
                "--no-local .".to_owned(),
            ),
        };
        let mut steps = vec![
            Step::say(what),
            Step::run(format!(
                "git{} clone --mirror -o origin {from} {folder}",
                self.at
            )),
        ];
        // The names themselves are secrets, and stand in no command.
        if let Some(refs) = &self.files.refs {
            let listed = format!("git -C {folder} for-each-ref --format='delete %(refname)'");
            let chosen = format!("grep -F -f {}", quoted(refs));
            steps.push(Step::run(format!(
                "{listed} | {chosen} | git -C {folder} update-ref --stdin"
            )));
        }
        match self.tool {
            RewritingTool::FilterRepo => steps.push(Step::run(self.filter_repo(&folder))),
            RewritingTool::Bfg => {
                steps.push(Step::run(self.bfg(&folder)));
                steps.push(Step::run(format!(
                    "git -C {folder} reflog expire --expire=now --all"
                )));
                steps.push(Step::run(format!("git -C {folder} gc --prune=now")));
            }
        }
        steps.push(Step::say(
            "   This must say \"No findings\". If it does not, plan again for the copy.",
        ));
        steps.push(Step::run(format!("jvxleaks history --no-cache {folder}")));
        steps
    }

    fn filter_repo(&self, folder: &str) -> String {
        let PlanFiles {
            texts,
            blobs,
            names,
            people,
            ..
        } = &self.files;
        let both = texts.as_ref().map(|file| {
            let file = quoted(file);
            format!(" --replace-text {file} --replace-message {file}")
        });
        format!(
            "git -C {folder} filter-repo --force{}{}{}{} --sensitive-data-removal --no-fetch",
            both.unwrap_or_default(),
            option("strip-blobs-with-ids", blobs),
            option("paths-from-file", names),
            option("mailmap", people),
        )
    }

    fn bfg(&self, folder: &str) -> String {
        let PlanFiles { texts, blobs, .. } = &self.files;
        let (texts, blobs) = (
            option("replace-text", texts),
            option("strip-blobs-with-ids", blobs),
        );
        format!("java -jar bfg.jar{texts}{blobs} --no-blob-protection {folder}")
    }

    /// What no text replacement reaches.
    fn unreached(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let forms = self.forms;
        if !forms.blobs.is_empty() {
            steps.push(Step::say(
                "These are packed or no text, and are left out as a whole. Put them back without the key.",
            ));
            let paths = forms.blobs.iter().take(LISTED);
            steps.extend(paths.map(|(id, path)| Step::say(format!("   {path} ({})", id.short()))));
            let more = forms.blobs.len().saturating_sub(LISTED);
            if more > 0 {
                steps.push(Step::say(format!(
                    "   and {more} more, whose ids the file of blobs has"
                )));
            }
        }
        for name in &forms.refs {
            steps.push(Step::say(format!(
                "   {} has a key in its name and goes, with what is on it alone. To keep that, give it another name there first.",
                name.as_str()
            )));
        }
        for path in &forms.short {
            steps.push(Step::say(format!(
                "   {path} has one that is too short to be replaced wherever it stands: add it with the text around it to the file."
            )));
        }
        let is_partial = self.tool == RewritingTool::Bfg
            && (!forms.names.is_empty() || !forms.people.is_empty() || forms.is_in_messages);
        if is_partial {
            steps.push(Step::say(
                "   The BFG reaches no messages, names of files and people: plan with `--tool filter-repo` for these.",
            ));
        }
        if let Some(Step::Say(first)) = steps.first_mut()
            && first.starts_with(' ')
        {
            *first = first.trim_start().to_owned();
        }
        steps
    }

    fn publish(&self) -> Vec<Step> {
        let mut steps = vec![Step::say(
            "Put each copy in the place of what its server has. Branch protection must let you.",
        )];
        for copy in &self.copies {
            let folder = quoted(&copy.folder);
            if copy.remote.is_none() {
                return vec![Step::say(format!(
                    "No remote is set up here. Clone {folder}, work on there, and delete this repository."
                ))];
            }
            steps.push(Step::run(format!(
                "git -C {folder} -c remote.origin.mirror=false push --force --prune origin 'refs/heads/*' 'refs/tags/*' 'refs/notes/*'"
            )));
        }
        steps
    }

    fn elsewhere(&self) -> Vec<Step> {
        if self.copies.iter().all(|copy| copy.remote.is_none()) {
            return Vec::new();
        }
        [
            "Think of all other copies.",
            "   Each clone, this one too: clone anew. Who pulls or merges instead brings the key back.",
            "   The server keeps old commits, by their ids, until it cleans up. On your own: git gc --prune=now",
            "   Forks: each owner rewrites or deletes his own.",
            "   Refs of other kinds keep their commits. Of pull requests (refs/pull, refs/merge-requests) ask GitHub's support, or run GitLab's housekeeping.",
            "   Caches of CI, images, packages and deployments that were made of old commits: delete them.",
            "   What is only here and was never pushed: `jvxleaks history` has the steps.",
        ]
        .map(Step::say)
        .into()
    }

    fn clean_up(&self) -> Vec<Step> {
        let files: Vec<String> = self.files.all().map(|file| quoted(file)).collect();
        let copies = self.copies.iter().filter(|copy| copy.remote.is_some());
        let copies: Vec<String> = copies.map(|copy| quoted(&copy.folder)).collect();
        let mut steps = vec![
            Step::say("Delete what holds the keys, and the copies once their servers have them."),
            Step::run(format!("rm {}", files.join(" "))),
        ];
        if !copies.is_empty() {
            steps.push(Step::run(format!("rm -rf {}", copies.join(" "))));
        }
        steps
    }
}

impl PlanFiles {
    /// All that there are.
    pub(super) fn all(&self) -> impl Iterator<Item = &PathBuf> {
        let Self {
            texts,
            blobs,
            names,
            people,
            refs,
        } = self;
        [texts, blobs, names, people, refs].into_iter().flatten()
    }
}

/// What ends a key, and how far it got.
fn told(key: &ExposedKey) -> Step {
    let far = match key.action() {
        KeyAction::Rotate => "published",
        KeyAction::Amend => "in commits here, and not known to be published",
        KeyAction::Expire => "in objects here that nothing refers to",
        KeyAction::Check | KeyAction::Done => "perhaps no credential",
    };
    let ending = policy::ending(&key.rule);
    Step::say(format!("   {}: {far}; {ending}", key.secret))
}

/// An option of the tool, where there is a file for it.
fn option(name: &str, file: &Option<PathBuf>) -> String {
    let file = file.as_ref().map(|file| quoted(file));
    file.map_or(String::new(), |file| format!(" --{name} {file}"))
}

fn quoted(file: &Path) -> String {
    shell_word(file.as_os_str().as_encoded_bytes())
}
