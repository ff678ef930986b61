//! `--fix` and `--diff` of `scan` and `staged`: what takes the place of credentials in files.

mod companions;
mod file_fix;
mod making;

use super::super::args::fixing::FixingArgs;
use super::super::exit::Exit;
use super::super::output;
use super::super::setup::Setup;
use file_fix::FileFix;
use jvxleaks::model::{BlobPath, Fault, Finding, Nearby, Origin, Outcome, Secret};
use jvxleaks::source::GitRepo;
use making::FixMaker;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Most credentials that are not fixed of which each is told.
const LISTED: usize = 50;

/// What becomes of findings before the rest is reported.
pub(super) enum Fixed {
    /// What is left is to be reported.
    Report,
    /// There is nothing more to say.
    Done(Exit),
}

/// Shows or makes the changes that were asked for, and takes what is fixed out of the outcome. `index` is the repository
/// of which what is staged was read.
///
/// # Errors
/// When what goes with the changes cannot be written.
pub(super) fn run(
    args: &FixingArgs,
    outcome: &mut Outcome,
    (setup, nearby): (&Setup, &dyn Nearby),
    index: Option<&GitRepo>,
    lists_all: bool,
) -> anyhow::Result<Fixed> {
    if !args.is_asked() {
        return Ok(Fixed::Report);
    }
    let maker = FixMaker {
        setup,
        nearby,
        index,
        also_unsafe: args.unsafe_fixes,
    };
    let mut fixes = Fixes::of(outcome, &maker);
    fixes.lists_all = lists_all;
    if args.diff {
        return fixes.show(outcome).map(Fixed::Done);
    }
    fixes.make(outcome, index, args.write_env)?;
    if !args.fix_only {
        return Ok(Fixed::Report);
    }
    output::done(
        outcome,
        "what is left is not reported; scan again without --fix-only",
    );
    Ok(Fixed::Done(if outcome.faults.is_empty() {
        Exit::Clean
    } else {
        Exit::Trouble
    }))
}

/// What is to be changed.
struct Fixes {
    files: Vec<FileFix>,
    /// What is left as it is, with the reason.
    left: Vec<(BlobPath, usize, &'static str)>,
    faults: Vec<Fault>,
    lists_all: bool,
}

impl Fixes {
    /// What can be done about the findings of files.
    fn of(outcome: &Outcome, maker: &FixMaker<'_>) -> Self {
        let origin = match maker.index {
            Some(_) => Origin::Index,
            None => Origin::File,
        };
        let mut by_file: BTreeMap<&BlobPath, Vec<&Finding>> = BTreeMap::new();
        for finding in &outcome.findings {
            let path = &finding.place.path;
            let is_file = finding.origin == origin && path.archive().is_none();
            if is_file && !finding.secret.is_public() {
                by_file.entry(path).or_default().push(finding);
            }
        }
        let mut fixes = Self {
            files: Vec::new(),
            left: Vec::new(),
            faults: Vec::new(),
            lists_all: false,
        };
        for (path, findings) in by_file {
            match maker.file(path, &findings, &mut fixes.left) {
                Ok(file) => fixes.files.extend(file),
                Err(why) => fixes.refuse(path, &why),
            }
        }
        fixes
    }

    fn refuse(&mut self, path: &BlobPath, why: &str) {
        let fault = Fault::new(path.clone(), format!("not fixed: {why}"));
        self.faults.push(fault);
    }

    /// Shows the changes, without a secret: 1 if there are any.
    fn show(self, outcome: &Outcome) -> anyhow::Result<Exit> {
        let is_any = !self.files.is_empty();
        output::generated(|out| self.files.iter().try_for_each(|file| file.show(out)))?;
        self.say_left();
        let mut told = outcome.clone();
        told.faults.extend(self.faults);
        let is_whole = told.faults.is_empty();
        let what = if is_any {
            "nothing was changed; --fix makes these changes"
        } else {
            "there is nothing to change"
        };
        output::done(&told, what);
        Ok(match (is_whole, is_any) {
            (false, _) => Exit::Trouble,
            (true, true) => Exit::Findings,
            (true, false) => Exit::Clean,
        })
    }

    /// Writes the values of variables, before a file loses its credential: nobody should have to look for it.
    fn write_values(&mut self, root: &Path) -> anyhow::Result<()> {
        // The file that gets the values does not lose them.
        let env = root.join(".env").canonicalize().ok();
        let is_env = |file: &FileFix| env.is_some() && file.file.canonicalize().ok() == env;
        let kept: Vec<FileFix> = self.files.extract_if(.., |file| is_env(file)).collect();
        for file in kept {
            self.refuse(
                &file.path,
                "--write-env writes the values there; fix it without",
            );
        }
        let values = self.values();
        let mut all = self.named();
        if let Some((name, _)) = all.find(|(name, own)| values.get(name) != Some(own)) {
            anyhow::bail!(
                "{name}: two credentials have that name, of which an .env takes one; nothing was fixed. Rename one, or fix without --write-env"
            );
        }
        companions::write_values(root, &values)
    }

    /// Makes the changes, and takes what is fixed out of the outcome.
    fn make(
        mut self,
        outcome: &mut Outcome,
        index: Option<&GitRepo>,
        write_env: bool,
    ) -> anyhow::Result<()> {
        let first = self.files.first();
        let root: PathBuf = first
            .map(|file| file_fix::root_of(&file.file))
            .unwrap_or_default();
        if write_env && first.is_some() {
            self.write_values(&root)?;
        }
        let mut made = Vec::new();
        for file in std::mem::take(&mut self.files) {
            match file.make(index) {
                Ok(()) => made.push(file),
                Err(why) => self.refuse(&file.path, &why),
            }
        }
        outcome
            .findings
            .retain(|finding| !made.iter().any(|file| file.has_fixed(finding)));
        self.say_left();
        outcome.faults.append(&mut self.faults);
        if made.is_empty() {
            output::say("nothing was fixed");
            return Ok(());
        }
        self.files = made;
        self.say_cautions();
        let names: Vec<String> = self.values().into_keys().collect();
        let count: usize = self.files.iter().map(|file| file.edits.len()).sum();
        let files = self.files.len();
        let set = match &*names.join(", ") {
            "" => String::new(),
            names => format!("set {names} where the program runs, and "),
        };
        output::say(&format!(
            "fixed {count} in {files} {}: {set}rotate what stood there all the same",
            if files == 1 { "file" } else { "files" },
        ));
        if let Err(error) = companions::name(&root, &names) {
            let fault = Fault::new(BlobPath::from(".env.example"), format!("{error:#}"));
            outcome.faults.push(fault);
        }
        Ok(())
    }

    /// Each variable that is read, with the credential that stood there.
    fn values(&self) -> BTreeMap<String, &Secret> {
        self.named().collect()
    }

    /// As [`Fixes::values`], once for each edit.
    fn named(&self) -> impl Iterator<Item = (String, &Secret)> {
        let edits = self.files.iter().flat_map(FileFix::edits);
        let named = edits.filter(|(edit, _)| !edit.variable.is_empty());
        named.map(|(edit, secret)| (edit.environment(), secret))
    }

    /// What a person should look at of what was changed.
    fn say_cautions(&self) {
        for file in &self.files {
            let cautions: BTreeSet<_> = file
                .edits
                .iter()
                .filter_map(|edit| {
                    let line = edit.replacements.first().map_or(1, |own| own.lines.0.line);
                    Some((line, edit.caution?))
                })
                .collect();
            for (line, why) in cautions {
                output::line(&format!("look at {}:{line}: {why}", file.path));
            }
        }
    }

    fn say_left(&self) {
        let most = if self.lists_all {
            self.left.len()
        } else {
            LISTED
        };
        for (path, line, why) in self.left.iter().take(most) {
            output::line(&format!("not fixed: {path}:{line}: {why}"));
        }
        if self.left.len() > most {
            output::line(&format!(
                "and {} more; -v lists all",
                self.left.len() - most
            ));
        }
    }
}
