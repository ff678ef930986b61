//! What the names in a path say about how a file stands to the program: that it is a test, a document, an
//! example, a lock file or code of others.
//!
//! Names are compared by their words (`words`), since every project has its own: `unit-tests`, `UnitTests` and
//! `unittests` say the same, and `contest` and `latest` have no such word.

use super::words::{self, is_in};
use crate::model::BlobPath;
use crate::syntax::Name;

/// A folder or file, as it is written and in words.
#[derive(Debug)]
struct PathPart {
    written: String,
    words: Vec<String>,
}

impl PathPart {
    fn new(written: &str) -> Self {
        let name = Name::new(written.as_bytes());
        let words = name
            .words()
            .split(|b| !b.is_ascii_alphanumeric() && *b < 0x80);
        let words = words.map(|word| String::from_utf8_lossy(word).into_owned());
        let words = words.map(|word| {
            word.trim_end_matches(|c: char| c.is_ascii_digit())
                .to_owned()
        });
        Self {
            written: written.to_owned(),
            words: words.filter(|word| !word.is_empty()).collect(),
        }
    }

    /// The name of an archive, whose members are in it as in a folder.
    fn archive(name: &str) -> Self {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        Self::new(stem.strip_suffix(".tar").unwrap_or(stem))
    }

    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }

    fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |before| self.word(before))
    }

    fn first(&self) -> &str {
        self.word(0)
    }

    fn last(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    fn has(&self, list: &str) -> bool {
        self.words.iter().any(|word| is_in(list, word))
    }

    fn is_only(&self, list: &str) -> bool {
        self.words.len() == 1 && is_in(list, self.first())
    }

    /// All its words as one.
    fn joined(&self) -> String {
        self.words.concat()
    }

    /// True when the word at a place is one of tests, and not what the product is about.
    fn is_test_word(&self, at: usize) -> bool {
        let word = self.word(at);
        let by_users = is_in(words::TESTED_BY_USERS, self.before(at))
            || is_in(words::TEST_AND_MORE, self.word(at + 1));
        (is_in(words::TESTS, word) || is_glued(word)) && !by_users
    }

    /// `TestResults`: the name of a type, which may as well be about tests.
    fn is_type_of_tests(&self) -> bool {
        let rest = self.written.strip_prefix("Test").unwrap_or_default();
        rest.starts_with(|c: char| c.is_ascii_uppercase())
    }

    /// True at the word of tests before what tests use: `TestUtils`, `my-test-server`.
    fn is_test_noun(&self, at: usize) -> bool {
        self.is_test_word(at) && is_in(words::TEST_NOUNS, self.word(at + 1))
    }

    /// True for `example`, but not for the `example.com` of a configuration or the `com/example` of a package.
    fn is_example_word(&self, at: usize, above: &str) -> bool {
        let before = if at == 0 { above } else { self.before(at) };
        let is_host = is_in(words::HOSTS, before) || is_in(words::HOSTS, self.word(at + 1));
        is_in(words::EXAMPLES, self.word(at)) && !is_host
    }

    fn is_sample(&self) -> bool {
        let is_of = |at: usize| {
            let is_sample = is_in(words::DEMOS, self.word(at));
            is_sample && is_in(words::SAMPLED, self.word(at + 1))
        };
        self.is_only(words::DEMOS) || (0..self.words.len()).any(is_of)
    }
}

/// True for words of tests that are written in one with what is tested or used: `unittests`, `testdata`.
fn is_glued(word: &str) -> bool {
    let tested = ["tests", "test", "testing"]
        .iter()
        .filter_map(|end| word.strip_suffix(end));
    let used = ["tests", "test", "mock"]
        .iter()
        .filter_map(|start| word.strip_prefix(start));
    let mut tested = tested.filter(|what| is_in(words::TESTED, what));
    let mut used = used.filter(|what| is_in(words::TEST_NOUNS, what));
    tested.next().is_some() || used.next().is_some()
}

/// The names in a path, outermost first. A member of an archive also lies where the archive does.
#[derive(Debug)]
pub(super) struct Standing {
    folders: Vec<PathPart>,
    name: PathPart,
    /// What follows the last dot of the name, in small letters.
    extension: String,
}

impl Standing {
    pub(super) fn of(path: &BlobPath) -> Self {
        let whole = String::from_utf8_lossy(path.as_bytes());
        let (folders, name) = whole.rsplit_once('/').unwrap_or(("", &whole));
        let is_member = path.archive().is_some();
        let part = |part: &str| match part.strip_suffix('!').filter(|_| is_member) {
            Some(archive) => PathPart::archive(archive),
            None => PathPart::new(part),
        };
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        Self {
            folders: folders.split('/').map(part).collect(),
            name: PathPart::new(name),
            extension: extension.to_ascii_lowercase(),
        }
    }

    /// The name without what follows its last dot.
    fn stem(&self) -> &str {
        let name = &self.name.written;
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    fn is_program(&self) -> bool {
        is_in(words::PROGRAMS, &self.extension)
    }

    /// The first folder for which it holds; it is told where the folder is.
    fn folder(&self, holds: impl Fn(usize, &PathPart) -> bool) -> Option<&str> {
        let mut folders = self.folders.iter().enumerate();
        let found = folders.find(|(at, folder)| holds(*at, folder));
        found.map(|(_, folder)| folder.written.as_str())
    }

    fn above(&self, at: usize) -> &str {
        at.checked_sub(1)
            .map_or("", |above| self.folders[above].last())
    }

    /// True below a folder that begins a program's code, for a program.
    fn is_own_code(&self, at: usize) -> bool {
        let mut above = self.folders[..at].iter();
        let is_below = above.any(|folder| folder.is_only(words::SOURCE_ROOTS));
        self.is_program() && is_below
    }

    /// Below `src/main`, where builds of Java keep what is no test.
    fn is_in_main(&self) -> bool {
        let mut pairs = self.folders.windows(2);
        let is_main = pairs.any(|pair| pair[0].written == "src" && pair[1].written == "main");
        is_main && is_in(words::CLASSES, &self.extension)
    }

    /// What a service runs: `.github/workflows/test.yml` tests with the credentials that it holds.
    fn is_of_ci(&self) -> bool {
        let mut folders = self.folders.iter();
        folders.any(|folder| is_in(words::CI, &folder.written))
    }

    /// The folder by which it is code of others.
    pub(super) fn third_party(&self) -> Option<&str> {
        let is_served = |at: usize| {
            let mut above = self.folders[..at].iter();
            above.any(|folder| folder.is_only(" assets public static "))
        };
        self.folder(|at, folder| {
            let joined = folder.joined();
            let named =
                is_in(words::THIRD_PARTY, &joined) && !(joined == "vendor" && self.is_in_main());
            let is_other = ["thirdpart", "3rdpart"]
                .iter()
                .any(|part| joined.contains(part));
            let of_tool = matches!(
                folder.written.as_str(),
                ".yarn" | ".tox" | ".nox" | "Pods" | "Carthage"
            );
            let of_go = folder.written == "mod" && self.above(at) == "pkg";
            named || is_other || of_tool || of_go || (joined == "vendors" && is_served(at))
        })
    }

    /// The name, if it is one that tools give lock files.
    pub(super) fn lock_file(&self) -> Option<&str> {
        let stem = PathPart::new(self.stem());
        let is_lock = match self.extension.as_str() {
            "lock" | "lockb" | "lockfile" => true,
            "json" | "yaml" | "yml" | "hcl" => {
                stem.words.len() > 1 && matches!(stem.last(), "lock" | "shrinkwrap")
            }
            "sum" => stem.written == "go",
            "resolved" => stem.written == "Package",
            _ => false,
        };
        is_lock.then_some(&self.name.written)
    }

    /// The folder or the name by which it is a test, or what a test needs.
    pub(super) fn test(&self) -> Option<&str> {
        let folder = self.folder(|_, folder| {
            let whole = folder.written.trim_matches('_').to_ascii_lowercase();
            let kept = folder.has(words::SNAPSHOTS)
                && (folder.written.starts_with("__") || !self.is_program());
            let is_named = |at: usize| {
                if at == 0 && folder.is_type_of_tests() {
                    folder.is_test_noun(at)
                } else {
                    folder.is_test_word(at)
                }
            };
            let is_word = (0..folder.words.len()).any(is_named);
            is_in(words::TEST_FOLDERS, &whole) || kept || is_word
        });
        let found = folder.or_else(|| self.is_test_name().then_some(&self.name.written));
        found.filter(|_| !self.is_of_ci())
    }

    fn is_test_name(&self) -> bool {
        let stem = PathPart::new(self.stem());
        let is_data = is_in(words::DATA, &self.extension);
        let is_spec =
            |word: &str| matches!(word, "spec" | "specs") && !is_data && self.extension != "spec";
        let marked = stem.written.split('.').skip(1).any(|part| {
            matches!(
                part,
                "test" | "tests" | "spec" | "specs" | "e2e" | "cy" | "mock" | "mocks"
            )
        });
        let last = stem.words.len().saturating_sub(1);
        let ends = stem.is_test_word(last) || is_spec(stem.last());
        let holds = |at: usize| stem.is_test_noun(at) && at + 1 == last;
        is_in(words::TEST_EXTENSIONS, &self.extension)
            || marked
            || ends
            || self.begins_as_test(&stem)
            || (0..last).any(holds)
            || self.is_class_of_tests(&stem.written)
    }

    /// `test_a.py`, `mock-server.js`; `TestA.java`, where tests are classes and others stand elsewhere.
    fn begins_as_test(&self, stem: &PathPart) -> bool {
        let is_class = is_in(words::CLASSES, &self.extension) && !self.is_in_main();
        let may_be = !stem.is_type_of_tests() || is_class;
        stem.is_test_word(0) && may_be
    }

    /// `OrderIT.java`, `OrderITCase.java`, `order_SUITE.erl`.
    fn is_class_of_tests(&self, stem: &str) -> bool {
        let ends = ["IT", "ITCase"]
            .iter()
            .filter_map(|end| stem.strip_suffix(end));
        let is_name =
            |name: &str| name.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        let is_integration = ends.into_iter().any(is_name);
        self.is_program() && (is_integration || stem.ends_with("_SUITE"))
    }

    /// The name, if it is one of a text for people, or why its extension says so.
    pub(super) fn document(&self) -> Option<&str> {
        let is_text = self.extension == "txt" && self.docs().is_some();
        let is_prose = is_in(words::PROSE, &self.extension) || is_text || self.is_document_name();
        is_prose.then_some(&self.name.written)
    }

    fn is_document_name(&self) -> bool {
        let (begins, rest) = match self.name.written.split_once('.') {
            Some((begins, rest)) => (PathPart::new(begins), Some(rest)),
            None => (PathPart::new(&self.name.written), None),
        };
        let is_capital = begins.written.chars().all(|c| !c.is_ascii_lowercase());
        let is_guide = is_in(words::GUIDES, begins.first());
        let is_known = is_in(words::DOCUMENTS, &begins.joined())
            || is_guide
            || (is_capital && is_in(words::DOCUMENTS, begins.first()));
        let is_other = self.is_program() || is_in(words::DATA, &self.extension);
        let is_shown = match rest {
            Some(_) => {
                is_in(words::PAGES, &self.extension) || ((is_capital || is_guide) && !is_other)
            }
            None => {
                is_guide
                    || begins.written == "todo"
                    || begins.written.starts_with(|c: char| c.is_ascii_uppercase())
            }
        };
        is_known && is_shown
    }

    /// The folder by which it is part of a documentation.
    pub(super) fn docs(&self) -> Option<&str> {
        self.folder(|at, folder| {
            let begins =
                is_in(words::DOCS, folder.first()) && is_in(words::DOCS_OF, folder.word(1));
            let is_own = self.is_own_code(at) && self.above(at) != "src";
            let is_docs = is_in(words::DOCS, folder.last()) || folder.is_only(" man manpages ");
            (is_docs || begins) && !is_own
        })
    }

    /// The folder or the name by which it is an example.
    pub(super) fn example(&self) -> Option<&str> {
        let folder = self.folder(|at, folder| {
            let mut words = 0..folder.words.len();
            let is_named = words.any(|word| folder.is_example_word(word, self.above(at)));
            let is_whole = is_named && folder.is_only(" example examples ");
            is_whole || ((is_named || folder.is_sample()) && !self.is_own_code(at))
        });
        let found = folder.or_else(|| self.is_example_name().then_some(&self.name.written));
        found.filter(|_| !self.is_of_ci())
    }

    fn is_example_name(&self) -> bool {
        let stem = PathPart::new(self.stem());
        let marked = self.name.written.split('.').skip(1).any(|part| {
            matches!(
                part.to_ascii_lowercase().as_str(),
                "example" | "examples" | "sample" | "dist"
            )
        });
        let is_settings = self.name.written.starts_with(".env.");
        let is_template = is_settings && matches!(self.extension.as_str(), "template" | "defaults");
        let last = stem.words.len().saturating_sub(1);
        let named = stem.is_example_word(0, "") || stem.is_example_word(last, "");
        marked || is_template || named || stem.is_sample()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str) -> String {
        let standing = Standing::of(&BlobPath::from(path));
        let kinds = [
            ("third-party", standing.third_party()),
            ("lock", standing.lock_file()),
            ("test", standing.test()),
            ("document", standing.document()),
            ("docs", standing.docs()),
            ("example", standing.example()),
        ];
        let mut kinds = kinds
            .iter()
            .filter_map(|(kind, by)| Some(format!("{kind} {}", (*by)?)));
        kinds.next().unwrap_or_else(|| "-".to_owned())
    }

    #[test]
    fn names_of_tests_are_told_by_their_words() {
        for (path, by) in [
            ("unittests/scans/a.html", "test unittests"),
            ("a/unit-tests/b.py", "test unit-tests"),
            ("buildSrc/integration-test/a.kt", "test integration-test"),
            ("src/__mocks__/api.ts", "test __mocks__"),
            ("cypress/support/commands.ts", "test cypress"),
            ("pkg/testing/a.go", "test testing"),
            ("t/t5564-proxy.sh", "test t"),
            ("app/src/androidTest/java/a/B.java", "test androidTest"),
            ("Acme.Tests/Client.cs", "test Acme.Tests"),
            ("Acme.UnitTests/Client.cs", "test Acme.UnitTests"),
            ("src/test-utils/server.ts", "test test-utils"),
            ("internal/testdata/a.json", "test testdata"),
            ("src/e2eTests/a.ts", "test e2eTests"),
            ("web/__snapshots__/a.js", "test __snapshots__"),
            (
                "ui/login.spec.ts-snapshots/a.txt",
                "test login.spec.ts-snapshots",
            ),
            ("vcr_cassettes/a.yml", "test vcr_cassettes"),
            ("src/OrderTests.java", "test OrderTests.java"),
            ("src/OrderTest.kt", "test OrderTest.kt"),
            ("src/OrderIT.java", "test OrderIT.java"),
            ("src/OrderITCase.scala", "test OrderITCase.scala"),
            ("src/OrderSpec.scala", "test OrderSpec.scala"),
            ("src/TestOrder.java", "test TestOrder.java"),
            ("a/order_SUITE.erl", "test order_SUITE.erl"),
            ("a/conftest.py", "test conftest.py"),
            ("a/test_client.py", "test test_client.py"),
            ("a/tests.py", "test tests.py"),
            ("lib/user_spec.rb", "test user_spec.rb"),
            ("lib/user_unittest.cc", "test user_unittest.cc"),
            ("lib/app.e2e-spec.ts", "test app.e2e-spec.ts"),
            ("lib/a.test.ts", "test a.test.ts"),
            ("lib/a.cy.ts", "test a.cy.ts"),
            ("lib/AbstractTestBase.java", "test AbstractTestBase.java"),
            ("config/application-test.yml", "test application-test.yml"),
            (".env.test", "test .env.test"),
            ("features/login.feature", "test login.feature"),
            ("src/mockServer.js", "test mockServer.js"),
        ] {
            assert_eq!(told(path), by, "{path}");
        }
    }

    #[test]
    fn names_of_documents_examples_and_copies_are_told_by_their_words() {
        for (path, by) in [
            ("README", "document README"),
            ("readme.txt", "document readme.txt"),
            ("README-docker.html", "document README-docker.html"),
            ("a/ReadMe", "document ReadMe"),
            ("Changes", "document Changes"),
            ("NEWS.2", "document NEWS.2"),
            ("TODO", "document TODO"),
            ("docs/TODO", "document TODO"),
            ("RELEASE_NOTES", "document RELEASE_NOTES"),
            ("a/b.rst", "document b.rst"),
            ("docs/notes.txt", "document notes.txt"),
            ("docs/openapi.yaml", "docs docs"),
            ("doc/client.c", "docs doc"),
            ("src/docs/Client.java", "docs docs"),
            ("docs-site/a.ts", "docs docs-site"),
            ("man/man1/a.1", "docs man"),
            ("examples/a.py", "example examples"),
            ("usage-examples/a.py", "example usage-examples"),
            ("docs/examples/a.c", "docs docs"),
            ("samples/a.py", "example samples"),
            ("sample-app/a.py", "example sample-app"),
            ("a/config.example.yml", "example config.example.yml"),
            ("a/.env.sample", "example .env.sample"),
            ("a/upload_example.py", "example upload_example.py"),
            ("vendor/a/b.go", "third-party vendor"),
            ("node_modules/a/test/b.js", "third-party node_modules"),
            ("third_party/a.c", "third-party third_party"),
            ("src/ThirdParty/a.c", "third-party ThirdParty"),
            (
                "lib/python3/site-packages/a.py",
                "third-party site-packages",
            ),
            (".yarn/releases/yarn-4.0.0.cjs", "third-party .yarn"),
            ("ios/Pods/a.m", "third-party Pods"),
            ("public/vendors/a.js", "third-party vendors"),
            ("Cargo.lock", "lock Cargo.lock"),
            ("a/package-lock.json", "lock package-lock.json"),
            ("conda-lock.yml", "lock conda-lock.yml"),
            ("bun.lockb", "lock bun.lockb"),
        ] {
            assert_eq!(told(path), by, "{path}");
        }
    }

    #[test]
    fn names_of_a_products_own_code_say_nothing() {
        for path in [
            "contest/a.py",
            "src/contest.py",
            "latest/a.js",
            "src/latest.ts",
            "attest/a.go",
            "src/attestation.go",
            "protest/fastest.rs",
            "speed-test/a.ts",
            "src/ab-testing/a.ts",
            "backtest/a.py",
            "src/test-drive.ts",
            "src/main/java/com/acme/TestOrder.java",
            "src/TestResult.ts",
            "src/TestResults/index.js",
            ".github/workflows/test.yml",
            "src/components/ResponseExample/index.js",
            "src/tutorial/step.ts",
            "xtask-build-man/src.rs",
            "testimonials/a.js",
            "openapi-spec.yaml",
            "acme.spec",
            "inspector/a.py",
            "src/snapshots/service.py",
            "src/Transit.java",
            "src/AUDIT.java",
            "src/locale_it.py",
            "deploy/install",
            "src/history.py",
            "src/todo.ts",
            "install.sh",
            "security.yml",
            "usage.log",
            ".bash_history",
            "src/services/docs/client.ts",
            "docs-service/a.py",
            "src/documents/a.ts",
            "src/main/java/com/example/demo/Application.java",
            "nginx/example.com.conf",
            "src/sample_rate.py",
            "src/resampler.py",
            "src/demo/a.ts",
            "vendor-portal/a.ts",
            "src/main/java/com/acme/vendor/Vendor.java",
            "src/vendors/a.ts",
            "src/block.json",
            "src/clock.rs",
            "app.py",
            "",
        ] {
            assert_eq!(told(path), "-", "{path}");
        }
    }

    #[test]
    fn a_member_lies_where_its_archive_does() {
        let member = |archive: &str| Standing::of(&BlobPath::from(archive).member(b"a/b.json"));
        let standing = member("src/__tests__/dump.zip");
        assert_eq!(standing.test(), Some("__tests__"));
        assert_eq!(member("acme-1.0-tests.jar").test(), Some("acme-1.0-tests"));
        assert_eq!(member("docs.tar.gz").docs(), Some("docs"));
        assert_eq!(member("dump.zip").test(), None);
    }
}
