//! From the syntax of one rule file to checked rules, and from errors to lines.

use super::gate::Gate;
use super::names::{Names, Record, Role, waking_word};
use super::rule::{Allowlist, Pattern, Rule, Target};
use super::syntax::{AllowlistSyntax, FileSyntax, RecordSyntax, RuleSyntax, SampleSyntax};
use super::{LazyRegex, NameSet, Sample, example, expand, literal};
use crate::model::{RuleInfo, Severity};
use crate::syntax::NamePattern;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use toml::Spanned;

/// How a regex is made: at once for a user's file, on first use for a built-in one.
pub(super) type Compile = fn(&str) -> Result<LazyRegex, String>;

/// One file being read.
pub(super) struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    compile: Compile,
}

impl<'a> Reader<'a> {
    /// A reader of `text`, which errors call `file`.
    pub(super) fn new(file: &'a str, text: &'a str, compile: Compile) -> Self {
        Self {
            file,
            text,
            compile,
        }
    }

    /// The rules of the file, in its order.
    pub(super) fn rules(&self) -> Result<Vec<Rule>, RulesError> {
        let mut rules: Vec<Rule> = Vec::new();
        let entries = self.file()?.rules;
        let starts: Vec<usize> = entries.iter().map(|entry| entry.span().start).collect();
        let ends = starts.iter().skip(1).copied().chain([self.text.len()]);
        let ends: Vec<usize> = ends.collect();
        for (syntax, end) in entries.into_iter().zip(ends) {
            let span = syntax.span();
            let rule = Rule {
                written: self.written(span.clone(), end),
                ..self.rule(syntax.into_inner())?
            };
            if rules.iter().any(|r| r.info.id == rule.info.id) {
                let what = format!("the rule `{}` is there twice", rule.info.id);
                return Err(self.invalid(span, what));
            }
            rules.push(rule);
        }
        Ok(rules)
    }

    /// What the file says of one rule, as a file of its own. `end` is where the next one begins, or the file ends: of a
    /// table, `span` is the header alone. What only comments on the next rule is left out.
    fn written(&self, span: Range<usize>, end: usize) -> String {
        let entry = self.text.get(span.clone()).unwrap_or_default();
        if !entry.starts_with("[[") {
            // `rules = [{ id = "a" }, { id = "b" }]`
            return format!("rules = [{entry}]\n");
        }
        let entry = self.text.get(span.start..end).unwrap_or_default();
        let is_left_out = |line: &&str| line.trim().is_empty() || line.starts_with('#');
        let lines: Vec<&str> = entry.lines().collect();
        let behind = lines.iter().rev().take_while(|line| is_left_out(line));
        let kept = &lines[..lines.len() - behind.count()];
        kept.iter().map(|line| format!("{line}\n")).collect()
    }

    fn file(&self) -> Result<FileSyntax, RulesError> {
        toml::from_str(self.text).map_err(|error| {
            let what = error.message().lines().collect::<Vec<_>>().join(", ");
            self.invalid(error.span().unwrap_or(0..0), what)
        })
    }

    fn invalid(&self, at: Range<usize>, what: String) -> RulesError {
        let before = self.text.as_bytes().iter().take(at.start);
        RulesError::Invalid {
            file: self.file.to_owned(),
            line: 1 + before.filter(|b| **b == b'\n').count(),
            what,
        }
    }

    fn rule(&self, syntax: RuleSyntax) -> Result<Rule, RulesError> {
        self.check_id(&syntax.id)?;
        let names = self.names(&syntax)?;
        let patterns = self.patterns(&syntax, &names)?;
        let (keywords, keywords_derived) = self.keywords(&syntax, &patterns, &names)?;
        let contexts = syntax.contexts.iter().map(|c| self.value(c));
        let allowlists = syntax.allowlists.into_iter();
        let severity = syntax.severity.as_ref().map(|s| self.value(s));
        let at = syntax.id.span();
        let samples = |written: Vec<SampleSyntax>| {
            let samples = written.into_iter().map(|of| self.sample(of, &at));
            samples.collect::<Result<Vec<_>, _>>()
        };
        let id = syntax.id.into_inner();
        Ok(Rule {
            written: String::new(),
            info: Arc::new(RuleInfo {
                family: syntax.family.unwrap_or_else(|| id.clone()),
                id,
                description: syntax.description,
                severity: severity.transpose()?.unwrap_or(Severity::High),
                advice: syntax.advice.trim().to_owned(),
                references: syntax.references,
                public_prefix: syntax.prefix.unwrap_or_default(),
            }),
            keywords,
            exact_keywords: syntax.exact_keywords,
            keywords_derived,
            patterns,
            names,
            gate: syntax
                .gate
                .as_ref()
                .map_or(Ok(Gate::None), |g| self.value(g))?,
            entropy: syntax.entropy,
            path: syntax.path.map(|p| self.regex(&p)).transpose()?,
            contexts: contexts.collect::<Result<_, _>>()?,
            allowlists: allowlists
                .map(|a| self.allowlist(a))
                .collect::<Result<_, _>>()?,
            examples: samples(syntax.examples)?,
            counterexamples: samples(syntax.counterexamples)?,
        })
    }

    /// A text to try the rule with the id `at` on.
    fn sample(&self, syntax: SampleSyntax, at: &Range<usize>) -> Result<Sample, RulesError> {
        let (path, written) = match syntax {
            SampleSyntax::Text(text) => ("sample.txt".to_owned(), text),
            SampleSyntax::File { path, text } => (path, text),
        };
        if let Some(name) = example::unknown_placeholder(&written) {
            let known = example::placeholders().collect::<Vec<_>>().join(", ");
            let what = format!(
                "`{name}` in an example is no placeholder, which are {known}; if it stands for itself, \
                 write a blank behind the colon"
            );
            return Err(self.invalid(at.clone(), what));
        }
        let text = expand(&written);
        Ok(Sample {
            path,
            written,
            text,
        })
    }

    fn check_id(&self, id: &Spanned<String>) -> Result<(), RulesError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        let text = id.get_ref();
        if text.is_empty() || text.len() > 64 || !text.chars().all(fits) {
            let what = "id: use 1 to 64 of a-z, 0-9, `-`, `_` and `.`".to_owned();
            return Err(self.invalid(id.span(), what));
        }
        Ok(())
    }

    fn names(&self, syntax: &RuleSyntax) -> Result<Names, RulesError> {
        let names = Names {
            headers: self.patterns_of_names(&syntax.headers)?,
            calls: self.values(&syntax.calls)?,
            fields: self.values(&syntax.fields)?,
            flags: self.values(&syntax.flags)?,
            records: syntax
                .records
                .iter()
                .map(|record| self.record(record).map(Arc::new))
                .collect::<Result<_, _>>()?,
            schemes: self.patterns_of_names(&syntax.schemes)?,
            constants: syntax.constants,
        };
        for name in names.all() {
            waking_word(name).map_err(|what| self.invalid(syntax.id.span(), what))?;
        }
        Ok(names)
    }

    fn record(&self, syntax: &RecordSyntax) -> Result<Record, RulesError> {
        let (secret, role) = if syntax.token.is_empty() {
            (&syntax.password, Role::Password)
        } else {
            (&syntax.token, Role::Token)
        };
        Ok(Record {
            user: NameSet::new(self.patterns_of_names(&syntax.user)?.iter()),
            secret: self.patterns_of_names(secret)?,
            role,
            near: NameSet::new(self.patterns_of_names(&syntax.near)?.iter()),
        })
    }

    fn patterns(&self, syntax: &RuleSyntax, names: &Names) -> Result<Vec<Pattern>, RulesError> {
        let mut patterns = Vec::new();
        if let Some(regex) = &syntax.regex {
            let group = syntax.secret_group.as_ref();
            patterns.push(self.pattern(regex, &syntax.start, group)?);
        }
        for spanned in &syntax.patterns {
            let more = spanned.get_ref();
            let after = more
                .after
                .as_ref()
                .map(|a| a.get_ref().to_ascii_lowercase());
            patterns.push(Pattern {
                after,
                value_follows: more.value_follows,
                ..self.pattern(&more.regex, &more.start, more.secret_group.as_ref())?
            });
        }
        if patterns.is_empty() && names.is_empty() {
            let what = "the rule has neither `regex` nor `[[rules.patterns]]` nor names".to_owned();
            return Err(self.invalid(syntax.id.span(), what));
        }
        Ok(patterns)
    }

    fn pattern(
        &self,
        regex: &Spanned<String>,
        start: &[Spanned<String>],
        group: Option<&Spanned<usize>>,
    ) -> Result<Pattern, RulesError> {
        let start = self.words(start)?;
        let compiled = if start.is_empty() {
            self.regex(regex)?
        } else {
            self.anchored(regex)?
        };
        self.check_group(&compiled, group)?;
        Ok(Pattern {
            regex: Arc::new(compiled),
            start,
            after: None,
            value_follows: false,
            secret_group: group.map(|g| *g.get_ref()),
        })
    }

    /// A regex that is tried at one place only.
    fn anchored(&self, regex: &Spanned<String>) -> Result<LazyRegex, RulesError> {
        let anchored = format!(r"\A(?:{})", regex.get_ref());
        (self.compile)(&anchored).map_err(|e| self.invalid(regex.span(), format!("regex: {e}")))
    }

    fn check_group(
        &self,
        regex: &LazyRegex,
        group: Option<&Spanned<usize>>,
    ) -> Result<(), RulesError> {
        let Some(group) = group else { return Ok(()) };
        let hir = regex_syntax::ParserBuilder::new()
            .utf8(false)
            .build()
            .parse(regex.as_str());
        let groups = hir.map_or(0, |hir| hir.properties().explicit_captures_len());
        if *group.get_ref() > groups {
            let what = format!("secretGroup: the regex has only {groups} groups");
            return Err(self.invalid(group.span(), what));
        }
        Ok(())
    }

    fn keywords(
        &self,
        syntax: &RuleSyntax,
        patterns: &[Pattern],
        names: &Names,
    ) -> Result<(Vec<String>, bool), RulesError> {
        let written = syntax.keywords.iter().chain(&syntax.quiet_keywords);
        let written = written.map(|word| self.word(word));
        let written: Vec<_> = written.collect::<Result<_, _>>()?;
        let waking = names.all().filter_map(|name| waking_word(name).ok());
        let mut derived: Vec<String> = waking.map(str::to_owned).collect();
        derived.sort();
        derived.dedup();
        if !written.is_empty() {
            return Ok(([written, derived].concat(), false));
        }
        for pattern in patterns {
            if pattern.start.is_empty() {
                let found = literal::of_regex(pattern.regex.as_str());
                if found.is_empty() {
                    return Ok((Vec::new(), true));
                }
                derived.extend(found);
            } else {
                derived.extend(pattern.start.iter().cloned());
            }
        }
        derived.sort();
        derived.dedup();
        Ok((derived, true))
    }

    /// Words that are looked for in any case, in lower case.
    fn words(&self, words: &[Spanned<String>]) -> Result<Vec<String>, RulesError> {
        let lower = |word| self.word(word).map(|word| word.to_ascii_lowercase());
        words.iter().map(lower).collect()
    }

    fn word(&self, word: &Spanned<String>) -> Result<String, RulesError> {
        let text = word.get_ref();
        if text.is_empty() || !text.is_ascii() {
            let what = "a keyword must be ASCII and not empty".to_owned();
            return Err(self.invalid(word.span(), what));
        }
        Ok(text.clone())
    }

    fn allowlist(&self, spanned: Spanned<AllowlistSyntax>) -> Result<Allowlist, RulesError> {
        let span = spanned.span();
        let syntax = spanned.into_inner();
        let condition = syntax.condition.as_ref();
        let all = match condition
            .map(|c| c.get_ref().to_ascii_lowercase())
            .as_deref()
        {
            None | Some("or" | "||") => false,
            Some("and" | "&&") => true,
            Some(_) => {
                let at = condition.map_or(span, Spanned::span);
                return Err(self.invalid(at, "condition: expected AND or OR".to_owned()));
            }
        };
        let target = syntax.regex_target.as_ref();
        let stopwords = syntax.stopwords.iter();
        Ok(Allowlist {
            regexes: self.regexes(&syntax.regexes)?,
            paths: self.regexes(&syntax.paths)?,
            stopwords: stopwords.map(|word| word.to_ascii_lowercase()).collect(),
            target: target.map_or(Ok(Target::default()), |t| self.value(t))?,
            all,
        })
    }

    fn regexes(&self, list: &[Spanned<String>]) -> Result<Vec<LazyRegex>, RulesError> {
        list.iter().map(|regex| self.regex(regex)).collect()
    }

    fn regex(&self, regex: &Spanned<String>) -> Result<LazyRegex, RulesError> {
        (self.compile)(regex.get_ref())
            .map_err(|e| self.invalid(regex.span(), format!("regex: {e}")))
    }

    fn patterns_of_names(&self, names: &[Spanned<String>]) -> Result<Vec<NamePattern>, RulesError> {
        let pattern = |name: &Spanned<String>| {
            let pattern = NamePattern::new(name.get_ref());
            pattern
                .map_err(|what| self.invalid(name.span(), format!("`{}`: {what}", name.get_ref())))
        };
        names.iter().map(pattern).collect()
    }

    fn values<T: FromStr<Err = String>>(
        &self,
        written: &[Spanned<String>],
    ) -> Result<Vec<T>, RulesError> {
        written.iter().map(|value| self.value(value)).collect()
    }

    fn value<T: FromStr<Err = String>>(&self, name: &Spanned<String>) -> Result<T, RulesError> {
        let parsed = name.get_ref().parse();
        parsed.map_err(|expected: String| {
            let what = format!("`{}`: {expected}", name.get_ref());
            self.invalid(name.span(), what)
        })
    }
}

/// Why rules could not be loaded. The text names the file and, where there is one, the line.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// The file cannot be read.
    #[error("{}: cannot read the rule file: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file says something that a rule file must not say.
    #[error("{file}:{line}: {what}")]
    Invalid {
        /// The file.
        file: String,
        /// 1-based line.
        line: usize,
        /// What is wrong and what is expected.
        what: String,
    },
    /// `--enable` or `--disable` names a rule that is not there.
    #[error("no rule is called `{id}`; {instead} (see `jvxleaks rules list`)")]
    Unknown {
        /// The name given.
        id: String,
        /// The name that is meant, or all there are.
        instead: String,
    },
}
