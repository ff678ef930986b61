//! How projects call what is no part of the program that they run, as words: of tests, documentation, examples and
//! code of others. All in small letters.

/// Words of folders and files of tests and of what tests need, whatever stands around them.
pub(super) const TESTS: &str = " test tests testing unittest unittests doctest doctests conftest e2e fixture fixtures mock mocks \
    cassette cassettes ";

/// What a folder of tests is called when that is its whole name.
pub(super) const TEST_FOLDERS: &str =
    " t xt spec specs cypress golden goldens fake fakes fuzz step_definitions ";

/// Words of folders of what a test compares with; a program below one is no snapshot.
pub(super) const SNAPSHOTS: &str = " snapshot snapshots ";

/// What a name of tests begins with when it is written in one: `unittests`.
pub(super) const TESTED: &str = " acceptance all android api app auto basic browser cli client common compat component conformance contract core \
    db doc e2e end func function functional http int integ integration it jvm lib live load manual my native node perf \
    performance property py qa regression sanity security server shared smoke sql stress sys system ui unit web x ";

/// What `test` says something of: `testdata`, `test_helper`, `TestBase`.
pub(super) const TEST_NOUNS: &str = " app apps asset assets base bed case cases certs common config data dir env file files fixture fixtures \
    harness helper helpers input inputs keys kit lib output outputs package packages project projects resource resources \
    runner sample samples script scripts server setup suite suites support util utils vector vectors ";

/// Words in front of `test`, and behind it, with which it is what a product is about.
pub(super) const TESTED_BY_USERS: &str = " ab b back blood lab pen speed split ";
pub(super) const TEST_AND_MORE: &str = " drive flight net prep rail ";

/// Extensions of tests and of what they compare with.
pub(super) const TEST_EXTENSIONS: &str = " ambr bats feature phpt robot snap t test ";

/// Words that end the name of a folder of documentation, and what may stand behind them: `docs-site`.
pub(super) const DOCS: &str =
    " apidoc apidocs doc docs documentation howto howtos javadoc javadocs ";
pub(super) const DOCS_OF: &str = " build content examples site snippets source src website ";

/// Words of folders of examples, and of their files.
pub(super) const EXAMPLES: &str = " example examples quickstart quickstarts tutorial tutorials ";

/// Words of folders of examples that a product may also be about.
pub(super) const DEMOS: &str = " demo demos sample samples ";

/// What a sample is one of: `sample-app`, `sampleConfig`.
pub(super) const SAMPLED: &str =
    " app apps code config configs data file files project projects snippet snippets ";

/// Names of files for people, which often have no extension. In small letters and one word.
pub(super) const DOCUMENTS: &str = " authors bugs building changelog changes codeofconduct contributing contributors copying copyright credits faq \
    governance hacking history ideas install installation installing knownissues licence license maintainers news notice \
    porting readme releasenotes roadmap security support thanks todo upgrade upgrading usage whatsnew wishlist ";

/// Extensions of prose.
pub(super) const PROSE: &str = " adoc asciidoc creole markdown md mdx mediawiki org pod rdoc ronn rst tex texi texinfo textile ";

/// Those of [`DOCUMENTS`] that are also followed by other words: `README-docker`.
pub(super) const GUIDES: &str = " changelog changes readme ";

/// Extensions of documents that may also hold other things.
pub(super) const PAGES: &str = " htm html txt ";

/// Ends of the names of hosts, by which `example` is a name like any other: `com/example`, `example.com`.
pub(super) const HOSTS: &str = " com dev edu io net org ";

/// Folders of code that others wrote, as one word.
pub(super) const THIRD_PARTY: &str = " bowercomponents distpackages godeps jspmpackages nodemodules sitepackages vendor vendored venv virtualenv ";

/// Folders that begin a program's own code: below them, folders are called by what the program is about.
pub(super) const SOURCE_ROOTS: &str = " app apps cmd internal lib main pkg src ";

/// Folders of settings of services that build and test.
pub(super) const CI: &str =
    " .azure-pipelines .buildkite .circleci .github .gitlab .teamcity .woodpecker ";

/// Extensions of programs.
pub(super) const PROGRAMS: &str = " bash bat c cc cjs clj cpp cs css cts cxx dart erl ex exs fs go groovy h hpp hs java jl js jsx kt kts less lua m \
    mjs ml mm mts php pl pm ps1 py r rb rs scala scss sh sql svelte swift tf ts tsx vb vue zsh ";

/// Extensions of data and settings.
pub(super) const DATA: &str = " cfg conf csv env graphql ini json jsonl plist po properties proto strings toml tsv xml yaml yml ";

/// Extensions of languages whose tests are classes, called after what they test.
pub(super) const CLASSES: &str = " groovy java kt scala ";

/// True when `word` is one of `list`, whose words stand between blanks.
pub(super) fn is_in(list: &str, word: &str) -> bool {
    let mut words = list.split(' ');
    !word.is_empty() && words.any(|listed| listed == word)
}
