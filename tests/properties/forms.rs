//! What is found does not hang on formatting: each example of each rule is found in every form that means the same in
//! its language, and each counterexample is silent in it.

mod language;
mod rewrite;
mod token;

use jvxleaks::detect::Detector;
use jvxleaks::model::{Blob, Origin, Secret, Span};
use jvxleaks::rules::{Rule, RuleSet, Sample};
use rewrite::{FORMS, Written};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Forms before this one change whole lines or add to them, and are as long as the lines.
const SHORT: usize = 6;

/// What became of one kind of samples.
#[derive(Default)]
struct Count {
    right: usize,
    all: usize,
}

impl Count {
    fn add(&mut self, is_right: bool) {
        self.right += usize::from(is_right);
        self.all += 1;
    }

    fn is_whole(&self) -> bool {
        self.right == self.all
    }
}

/// Counts of forms and of rules, and the numbers of the samples that failed.
#[derive(Default)]
struct Table {
    forms: BTreeMap<usize, Count>,
    rules: BTreeMap<String, Count>,
    failed: BTreeMap<(usize, String), Vec<usize>>,
}

impl Table {
    /// Only what is not as it should be: a row that is not there is whole.
    fn print(&self) -> String {
        let mut out = String::new();
        let sum = |of: fn(&Count) -> usize| self.forms.values().map(of).sum::<usize>();
        let (right, all) = (sum(|count| count.right), sum(|count| count.all));
        if right < all {
            writeln!(out, "{:42} {right}/{all}", "in all").unwrap();
        }
        for (form, count) in self.forms.iter().filter(|(_, count)| !count.is_whole()) {
            writeln!(out, "{:42} {}/{}", FORMS[*form].0, count.right, count.all).unwrap();
        }
        for (rule, count) in self.rules.iter().filter(|(_, count)| !count.is_whole()) {
            writeln!(out, "{rule:42} {}/{}", count.right, count.all).unwrap();
        }
        for ((form, rule), numbers) in &self.failed {
            let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
            writeln!(out, "{}, {rule}: {}", FORMS[*form].0, numbers.join(" ")).unwrap();
        }
        out
    }
}

/// What is compared of a match: what it found, and what stands where it says.
struct Found {
    rule: String,
    secret: Secret,
    standing: Vec<Vec<u8>>,
}

fn found(detector: &Detector, path: &str, text: &str) -> Vec<Found> {
    let blob = Blob {
        path: &path.into(),
        origin: &Origin::File,
        bytes: text.as_bytes(),
    };
    let Some(detection) = detector.detect(&blob) else {
        return Vec::new();
    };
    let bytes = |span: &Span| detection.text[span.start..span.end].to_vec();
    let matches = detection.matches.iter().map(|m| Found {
        rule: m.rule.id.clone(),
        secret: m.secret.clone(),
        standing: m.pieces.iter().map(bytes).collect(),
    });
    matches.collect()
}

/// Tries samples in all forms; `is_right` judges what was found in a form, beside what is found as it stands.
fn try_all(
    samples: fn(&Rule) -> &[Sample],
    is_right: fn(&Rule, &[Found], &[Found]) -> bool,
) -> Table {
    let detector = Detector::new(RuleSet::builtin().unwrap());
    let mut table = Table::default();
    for rule in detector.rules().iter() {
        let id = &rule.info.id;
        for (number, Sample { path, text, .. }) in (1..).zip(samples(rule)) {
            let plain = found(&detector, path, text);
            let written = Written::new(path, text);
            for (form, (_, write)) in FORMS.iter().enumerate() {
                let Some(text) = write(&written) else {
                    continue;
                };
                let is_right = is_right(rule, &plain, &found(&detector, path, &text));
                table.forms.entry(form).or_default().add(is_right);
                table.rules.entry(id.clone()).or_default().add(is_right);
                if !is_right {
                    let failed = table.failed.entry((form, id.clone())).or_default();
                    failed.push(number);
                }
            }
        }
    }
    table
}

/// The same secret at its place, whichever rule tells of it; of a name, which may be spaced otherwise, its rule.
fn is_found(rule: &Rule, plain: &[Found], found: &[Found]) -> bool {
    let [plain] = plain else {
        return false;
    };
    found.iter().any(|f| {
        if rule.gate.finds_names() {
            f.rule == rule.info.id
        } else {
            f.secret == plain.secret && f.standing == plain.standing
        }
    })
}

// A snapshot holds what is missed today, of all that was tried; the numbers are those of the examples, as
// `jvxleaks rules show RULE` lists them. A line that goes is a gain, and one that comes is a loss.

#[test]
fn each_example_is_found_in_every_form_that_means_the_same() {
    let table = try_all(|rule| &rule.examples, is_found);
    assert_eq!(
        table.forms.len(),
        FORMS.len(),
        "a form applies to no example"
    );
    insta::assert_snapshot!(table.print(), @"
    in all                                     3732/3787
    tabs                                       134/135
    spaces in brackets                         117/120
    space before brackets                      62/63
    broken lines                               125/132
    broken lines, brackets closed on their own 121/132
    broken lines with comments                 90/108
    broken after operators                     68/75
    broken before dots                         7/8
    continued lines                            15/17
    quoted values                              18/20
    comments behind values                     25/26
    comments between                           46/47
    api-key-header                             660/679
    auth-argument-password                     443/444
    authorization-header                       501/503
    basic-password                             272/275
    bearer-token                               288/289
    browser-api-request                        38/40
    browser-key-reference                      105/113
    build-inlines-environment                  87/91
    header-constant                            308/318
    httpie-password                            35/37
    password-constant                          144/146
    url-password                               130/131
    tabs, header-constant: 12
    spaces in brackets, api-key-header: 42
    spaces in brackets, browser-key-reference: 5 6
    space before brackets, header-constant: 23
    broken lines, api-key-header: 12 42 56
    broken lines, browser-key-reference: 5 6
    broken lines, build-inlines-environment: 3
    broken lines, header-constant: 9
    broken lines, brackets closed on their own, api-key-header: 12 20 42 56
    broken lines, brackets closed on their own, authorization-header: 31
    broken lines, brackets closed on their own, basic-password: 5
    broken lines, brackets closed on their own, browser-key-reference: 5 6
    broken lines, brackets closed on their own, build-inlines-environment: 3
    broken lines, brackets closed on their own, header-constant: 9 10
    broken lines with comments, api-key-header: 5 12 20 21 42 52 56
    broken lines with comments, authorization-header: 31
    broken lines with comments, basic-password: 5 16
    broken lines with comments, browser-api-request: 3
    broken lines with comments, browser-key-reference: 5 6
    broken lines with comments, build-inlines-environment: 2 3
    broken lines with comments, header-constant: 9 10 15
    broken after operators, api-key-header: 56 57
    broken after operators, header-constant: 12 24
    broken after operators, password-constant: 1 2
    broken after operators, url-password: 18
    broken before dots, bearer-token: 3
    continued lines, httpie-password: 1 2
    quoted values, api-key-header: 68
    quoted values, auth-argument-password: 49
    comments behind values, api-key-header: 69
    comments between, browser-api-request: 3
    ");
}

#[test]
fn each_counterexample_is_silent_in_every_form_that_means_the_same() {
    let table = try_all(|rule| &rule.counterexamples, |_, _, found| found.is_empty());
    insta::assert_snapshot!(table.print(), @"");
}

/// A language that `Language::of` does not know leaves a sample in few forms: give it a mark there.
#[test]
fn each_sample_with_a_string_in_brackets_has_a_language() {
    let mut unknown = String::new();
    let rules = RuleSet::builtin().unwrap();
    for rule in rules.iter() {
        for (kind, samples) in [("+", &rule.examples), ("-", &rule.counterexamples)] {
            for (number, Sample { path, text, .. }) in (1..).zip(samples) {
                let signs = ["(\"", "('", "[\"", "['", "{\"", "{'", " = \"", " = '"];
                let is_code = signs.iter().any(|sign| text.contains(sign));
                if is_code && !Written::new(path, text).has_language() {
                    writeln!(unknown, "{}: {kind}{number}", rule.info.id).unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!(unknown, @"
    api-key-header: +35
    api-key-header: +37
    api-key-header: +41
    api-key-header: +50
    api-key-header: +51
    api-key-header: +55
    api-key-header: +61
    api-key-header: +64
    api-key-header: +70
    api-key-header: -22
    environment-key: +9
    client-key: +2
    authorization-header: +25
    authorization-header: +26
    authorization-header: +45
    authorization-header: +48
    authorization-header: +49
    authorization-header: +50
    authorization-header: -36
    basic-password: +25
    auth-argument-password: +14
    auth-argument-password: +22
    auth-argument-password: +23
    auth-argument-password: +28
    auth-argument-password: +29
    auth-argument-password: +30
    auth-argument-password: +33
    auth-argument-password: +48
    bearer-token: +4
    bearer-token: +18
    bearer-token: +24
    bearer-token: +28
    bearer-token: +29
    bearer-token: +30
    browser-api-request: +2
    page-written-with-key: +1
    build-inlines-environment: +6
    key-handed-to-browser: +6
    key-handed-to-browser: +7
    key-handed-to-browser: +8
    key-handed-to-browser: +9
    key-handed-to-browser: +10
    key-handed-to-browser: +11
    key-handed-to-browser: +12
    key-handed-to-browser: -2
    key-handed-to-browser: -3
    header-constant: +16
    header-constant: +19
    header-constant: +22
    header-constant: +26
    url-password: +19
    url-password: +21
    curl-password: +5
    curl-password: +8
    curl-password: +11
    curl-password: -6
    command-password: +4
    pgpass-password: -2
    ");
}

/// A text in all forms but those that are long.
fn forms(path: &str, text: &str) -> String {
    let written = Written::new(path, text);
    let mut out = String::new();
    for (name, write) in &FORMS[SHORT..] {
        if let Some(text) = write(&written).filter(|text| text.len() < 1000) {
            let lines = text.replace('\t', "\\t").replace('\n', "\n    ");
            writeln!(out, "{name}:\n    {lines}").unwrap();
        }
    }
    out
}

#[test]
fn code_is_written_as_people_formatters_and_minifiers_write_it() {
    insta::assert_snapshot!(forms("a.js", "h.set('x-y', { z: \"b\" }).end(t); u = v"), @r#"
    tabs:
        h.set('x-y',\t{\tz:\t"b"\t}).end(t);\tu\t=\tv
    other quotes:
        h.set("x-y", { z: 'b' }).end(t); u = v
    backticks:
        h.set(`x-y`, { z: `b` }).end(t); u = v
    aligned:
        h.set('x-y', { z:    "b" }).end(t); u    = v
    no spaces:
        h.set('x-y',{z:"b"}).end(t);u=v
    spaces in brackets:
        h.set( 'x-y', { z: "b" } ).end( t ); u = v
    space before brackets:
        h.set ('x-y', { z: "b" }).end (t); u = v
    space before colons:
        h.set('x-y', { z : "b" }).end(t); u = v
    broken lines:
        h.set(
            'x-y',
            {
                z: "b" }).end(
            t); u = v
    broken lines, brackets closed on their own:
        h.set(
            'x-y',
            {
                z: "b"
            },
        ).end(
            t
        ); u = v
    broken lines with comments:
        h.set(  // of the batch job
            'x-y',  // of the batch job
            {  // of the batch job
                z: "b"
            },
        ).end(  // of the batch job
            t
        ); u = v
    broken after operators:
        h.set('x-y', { z:
                "b" }).end(t); u =
                v
    broken before dots:
        h.set('x-y', { z: "b" })
            .end(t); u = v
    comments between:
        h.set('x-y', /* of the batch job */ { z: "b" }).end(t); u = v
    a comment behind:
        h.set('x-y', { z: "b" }).end(t); u = v  // of the batch job
    a statement a line:
        h.set('x-y', { z: "b" }).end(t);
        u = v
    among others on its line:
        open(1); h.set('x-y', { z: "b" }).end(t); u = v; close(2);
    "#);
    insta::assert_snapshot!(forms("sample.txt", "req.Header.Set(\"X-Y\", \"a\")"), @r#"
    tabs:
        req.Header.Set("X-Y",\t"a")
    backticks:
        req.Header.Set(`X-Y`, `a`)
    no spaces:
        req.Header.Set("X-Y","a")
    spaces in brackets:
        req.Header.Set( "X-Y", "a" )
    space before brackets:
        req.Header.Set ("X-Y", "a")
    broken lines:
        req.Header.Set(
            "X-Y",
            "a")
    broken lines, brackets closed on their own:
        req.Header.Set(
            "X-Y",
            "a",
        )
    broken lines with comments:
        req.Header.Set(  // of the batch job
            "X-Y",  // of the batch job
            "a",
        )
    comments between:
        req.Header.Set("X-Y", /* of the batch job */ "a")
    a comment behind:
        req.Header.Set("X-Y", "a")  // of the batch job
    among others on its line:
        open(1); req.Header.Set("X-Y", "a"); close(2);
    "#);
    insta::assert_snapshot!(forms("sample.txt", "requests.get(u, timeout = 5)"), @r"
    tabs:
        requests.get(u,\ttimeout\t=\t5)
    aligned:
        requests.get(u, timeout    = 5)
    no spaces:
        requests.get(u,timeout=5)
    spaces in brackets:
        requests.get( u, timeout = 5 )
    space before brackets:
        requests.get (u, timeout = 5)
    broken lines:
        requests.get(
            u,
            timeout = 5)
    broken lines, brackets closed on their own:
        requests.get(
            u,
            timeout = 5,
        )
    broken lines with comments:
        requests.get(  # of the batch job
            u,  # of the batch job
            timeout = 5,
        )
    a comment behind:
        requests.get(u, timeout = 5)  # of the batch job
    among others on its line:
        open(1); requests.get(u, timeout = 5); close(2);
    ");
}

#[test]
fn white_space_that_means_something_is_kept() {
    insta::assert_snapshot!(forms("sample.txt", "X-Y: z"), @"");
    insta::assert_snapshot!(forms("a.yml", "- a: \"b\"\n  c: [d, e]\n  f: gh.ijk"), @r#"
    quoted values:
        - a: "b"
          c: [d, e]
          f: "gh.ijk"
    aligned values:
        - a:     "b"
          c:     [d, e]
          f:     gh.ijk
    comments behind values:
        - a: "b"  # of the batch job
          c: [d, e]  # of the batch job
          f: gh.ijk  # of the batch job
    "#);
    insta::assert_snapshot!(forms("sample.txt", "curl -H \"X-Y: z\" example.org"), @r#"
    other quotes:
        curl -H 'X-Y: z' example.org
    continued lines:
        curl \
            -H "X-Y: z" example.org
    "#);
    insta::assert_snapshot!(forms("sample.txt", "{\"a\": [1, \"b\"]}"), @r#"
    tabs:
        {"a":\t[1,\t"b"]}
    aligned:
        {"a":    [1, "b"]}
    no spaces:
        {"a":[1,"b"]}
    spaces in brackets:
        { "a": [ 1, "b" ] }
    space before colons:
        {"a" : [1, "b"]}
    broken lines:
        {
            "a": [
                1,
                "b"]}
    broken lines, brackets closed on their own:
        {
            "a": [
                1,
                "b"
            ]
        }
    broken after operators:
        {"a":
                [1, "b"]}
    "#);
}
