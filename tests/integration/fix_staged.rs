//! `staged --fix`, `--write-env` and notebooks: files in, files out.

use crate::repo::{Repo, Scan};
use crate::workspace::{Workspace, key};
use std::fs;

fn with_key(text: &str, number: u64) -> String {
    text.replace("{}", &key(number))
}

fn text(repo: &Repo, name: &str) -> String {
    fs::read_to_string(repo.path().join(name)).unwrap()
}

#[test]
fn what_is_staged_and_the_file_are_fixed_together() {
    let repo = Repo::new();
    repo.write("a.py", with_key("key = \"{}\"\n", 1));
    repo.git("add a.py");
    // More lines, and other ends of lines, than are staged.
    repo.write("a.py", with_key("more = 1\r\nkey = \"{}\"\r\n", 1));
    let run = repo.scan("staged --fix -q");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert_eq!(
        repo.git("show :a.py"),
        "import os\nkey = os.environ[\"JOURVEX_API_KEY\"]"
    );
    assert_eq!(
        text(&repo, "a.py"),
        "import os\r\nmore = 1\r\nkey = os.environ[\"JOURVEX_API_KEY\"]\r\n"
    );
}

#[test]
fn a_file_of_which_one_side_cannot_be_fixed_is_left_on_both() {
    let repo = Repo::new();
    let files = [
        (
            "a.py",
            "key = \"{}\"\n",
            "key = 1\n",
            "does not hold it any more",
        ),
        (
            "b.py",
            "key = \"{}\"\n",
            "key = \"{}\".strip()\n",
            "in the work tree, the literal is a part",
        ),
    ];
    for (number, (name, staged, now, why)) in (1..).zip(files) {
        repo.write(name, with_key(staged, number));
        repo.git(&format!("add {name}"));
        repo.write(name, with_key(now, number));
        let run = repo.scan("staged --fix -q");
        assert!(
            run.exit == Some(2) && run.stdout.contains(why),
            "{}",
            run.stdout
        );
        assert_eq!(text(&repo, name), with_key(now, number));
        assert_eq!(
            repo.git(&format!("show :{name}")) + "\n",
            with_key(staged, number)
        );
    }
}

#[test]
fn an_index_of_its_own_is_not_written() {
    let repo = Repo::new();
    repo.write("a.py", with_key("key = \"{}\"\n", 1));
    repo.git("add a.py");
    fs::copy(repo.path().join(".git/index"), repo.path().join("other")).unwrap();
    let mut command = repo.command(&repo.path(), "staged --fix -q");
    let run = Scan::of(command.env("GIT_INDEX_FILE", "other"));
    assert_eq!(run.exit, Some(2));
    assert!(
        run.stdout.contains("GIT_INDEX_FILE names an index"),
        "{}",
        run.stderr
    );
    assert_eq!(text(&repo, "a.py"), with_key("key = \"{}\"\n", 1));
}

#[test]
fn values_are_written_into_an_env_that_git_ignores_and_into_no_other() {
    let repo = Repo::new();
    repo.write(".env", "A=1\nJOURVEX_API_KEY=\n");
    let source = with_key("key = \"{}\"\n", 1);
    repo.write("a.py", &source);
    let run = repo.scan("scan . --fix --write-env -q");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert_eq!(
        text(&repo, ".env"),
        with_key("A=1\nJOURVEX_API_KEY={}\n", 1)
    );
    assert_eq!(text(&repo, ".gitignore"), ".env\n");
    assert!(!run.stderr.contains(&key(1)[9..]));

    repo.write("a.py", with_key("key = \"{}\"\n", 2));
    let run = repo.scan("scan . --fix --write-env -q");
    assert!(
        run.stderr
            .contains(".env: it gives JOURVEX_API_KEY another value"),
        "{}",
        run.stderr
    );
    assert_eq!(text(&repo, "a.py"), with_key("key = \"{}\"\n", 2));

    repo.write(".gitignore", ".env\n!.env\n");
    repo.write("a.py", &source);
    let run = repo.scan("scan . --fix --write-env -q");
    assert!(
        run.exit == Some(2) && run.stderr.contains("nothing was fixed"),
        "{}",
        run.stderr
    );
    assert_eq!(text(&repo, "a.py"), source);
}

#[test]
fn a_name_that_stands_twice_or_for_two_values_is_no_place_for_one() {
    let repo = Repo::new();
    repo.write(".env", "JOURVEX_API_KEY=\nA=1\nJOURVEX_API_KEY=\n");
    repo.write("a.py", with_key("key = \"{}\"\n", 1));
    let run = repo.scan("scan . --fix --write-env -q");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert_eq!(
        text(&repo, ".env"),
        with_key("JOURVEX_API_KEY={}\nA=1\nJOURVEX_API_KEY={}\n", 1)
    );

    // The last of the two is what many readers take.
    let twice = "JOURVEX_API_KEY=\nJOURVEX_API_KEY=other\n";
    repo.write(".env", twice);
    repo.write("a.py", with_key("key = \"{}\"\n", 1));
    let run = repo.scan("scan . --fix --write-env -q");
    assert!(run.stderr.contains("another value"), "{}", run.stderr);
    assert_eq!(text(&repo, ".env"), twice);

    fs::remove_file(repo.path().join(".env")).unwrap();
    fs::remove_file(repo.path().join("a.py")).unwrap();
    let (one, two) = (with_key("KEY={}\n", 1), with_key("KEY={}\n", 2));
    repo.write("a/prod.env", &one);
    repo.write("b/prod.env", &two);
    let run = repo.scan("scan . --fix --unsafe-fixes --write-env -q");
    assert!(
        run.exit == Some(2) && run.stderr.contains("KEY: two credentials have that name"),
        "{}",
        run.stderr
    );
    assert_eq!(text(&repo, "a/prod.env"), one);
    assert_eq!(text(&repo, "b/prod.env"), two);
}

#[test]
fn a_name_that_the_example_had_before_is_told() {
    let repo = Repo::new();
    repo.write(".env.example", "JOURVEX_API_KEY=\n");
    repo.write("a.py", with_key("key = \"{}\"\n", 1));
    let run = repo.scan("scan . --fix -q");
    assert!(
        run.stderr
            .contains(".env.example: had JOURVEX_API_KEY before"),
        "{}",
        run.stderr
    );
    repo.write("b.py", with_key("billing_token = \"{}\"\n", 2));
    let run = repo.scan("scan . --fix -q");
    assert!(
        run.stderr.contains("had JOURVEX_API_KEY before"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_value_of_a_variable_of_terraform_is_given_by_its_own_name() {
    let repo = Repo::new();
    let block = "variable \"jourvex_key\" {\n  type    = string\n  default = \"{}\"\n}\n";
    repo.write("main.tf", with_key(block, 1));
    let run = repo.scan("scan . --fix --unsafe-fixes --write-env -q");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert_eq!(text(&repo, ".env"), with_key("TF_VAR_jourvex_key={}\n", 1));
    assert_eq!(text(&repo, ".env.example"), "TF_VAR_jourvex_key=\n");
}

#[test]
fn a_cell_behind_a_command_that_runs_it_is_a_program() {
    let cell = |command: &str, program: &str| {
        format!(
            "{{\"cells\": [{{\"cell_type\": \"code\", \"execution_count\": null, \"outputs\": [], \"source\": [\"{command}\\n\", {program}]}}], \"metadata\": {{\"a\": 1}}, \"nbformat\": 4, \"nbformat_minor\": 5}}\n"
        )
    };
    for command in [
        "%%time",
        "%%timeit -n 1",
        "%%capture out",
        "%%capture out\\n\", \"%%time",
        "%%capture out\\n\", \"\\n\", \"%%time",
    ] {
        let here = Workspace::new();
        here.file("a.ipynb", with_key(&cell(command, "\"key = '{}'\""), 1));
        let run = here.run(&["scan", ".", "--fix", "-q"]);
        assert!(run.starts_with("exit 0\n"), "{command}: {run}");
        assert_eq!(
            fs::read_to_string(here.path("a.ipynb")).unwrap(),
            cell(
                command,
                "\"import os\\n\", \"key = os.environ[\\\"JOURVEX_API_KEY\\\"]\""
            )
        );
    }
    for command in ["%%bash", "%%capture out\\n\", \"%%bash"] {
        let here = Workspace::new();
        here.file("a.ipynb", with_key(&cell(command, "\"KEY='{}'\""), 1));
        let run = here.run(&["scan", ".", "--fix", "-q"]);
        assert!(run.contains("in a command of the notebook"), "{run}");
    }
}

#[test]
fn a_cell_of_a_notebook_is_rewritten_and_its_outputs_go() {
    let here = Workspace::new();
    let notebook = |first: &str, second: &str| {
        format!(
            "{{\n \"cells\": [\n  {{\n   \"cell_type\": \"code\",\n{first}\n  }},\n  {{\n   \"cell_type\": \"code\",\n{second}\n  }}\n ],\n \"metadata\": {{\"a\": 1}},\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}}\n"
        )
    };
    let before = notebook(
        "   \"execution_count\": 3,\n   \"outputs\": [\n    {\"text\": [\"{}\"]}\n   ],\n   \"source\": [\n    \"n = \\\"é\\\"\\n\",\n    \"h = {'Authorization': 'Bearer {}'}\"\n   ]",
        "   \"execution_count\": null,\n   \"outputs\": [],\n   \"source\": \"import re\\nkey = '{}'\"",
    );
    here.file("a.ipynb", with_key(&before, 1));
    let run = here.run(&["scan", ".", "--fix", "--unsafe-fixes", "-q"]);
    assert!(run.starts_with("exit 0\n"), "{run}");
    assert_eq!(
        fs::read_to_string(here.path("a.ipynb")).unwrap(),
        notebook(
            "   \"execution_count\": null,\n   \"outputs\": [],\n   \"source\": [\n    \"import os\\n\",\n    \"n = \\\"é\\\"\\n\",\n    \"h = {'Authorization': f\\\"Bearer {os.environ['JOURVEX_API_KEY']}\\\"}\"\n   ]",
            "   \"execution_count\": null,\n   \"outputs\": [],\n   \"source\": \"import os\\nimport re\\nkey = os.environ[\\\"JOURVEX_API_KEY\\\"]\"",
        )
    );
}
