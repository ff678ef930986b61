//! `scan --fix --unsafe-fixes` in files of settings, and edits in reports: files in, files and text out.

use crate::workspace::{Workspace, key};
use std::fs;

/// A file, its text with a key in the place of each `{}`, and what is made of it.
const SETTINGS: &[(&str, &str, &str)] = &[
    (
        ".github/workflows/a.yml",
        "env:\n  JOURVEX_API_KEY: {}\njobs:\n  a:\n    steps:\n      - run: curl -H 'Authorization: Bearer {}' x\n      - run: |\n          curl -H \"Authorization: Bearer {}\" x\n      - with: {token: {}, n: 1}\n",
        "env:\n  JOURVEX_API_KEY: ${{ secrets.JOURVEX_API_KEY }}\njobs:\n  a:\n    steps:\n      - run: curl -H 'Authorization: Bearer ${{ secrets.JOURVEX_API_KEY }}' x\n      - run: |\n          curl -H \"Authorization: Bearer ${{ secrets.JOURVEX_API_KEY }}\" x\n      - with: {token: \"${{ secrets.JOURVEX_API_KEY }}\", n: 1}\n",
    ),
    (
        ".gitlab-ci.yml",
        "a:\n  script:\n    - 'curl -H \"Authorization: Bearer {}\" x'\n",
        "a:\n  script:\n    - 'curl -H \"Authorization: Bearer ${JOURVEX_API_KEY}\" x'\n",
    ),
    (
        ".gitlab-ci.yml",
        ".a: &a\n  - |\n    curl -H 'Authorization: Bearer {}' x\n",
        ".a: &a\n  - |\n    curl -H \"Authorization: Bearer ${JOURVEX_API_KEY}\" x\n",
    ),
    (
        ".gitlab-ci.yml",
        "x:\n  script:\n    - |\n      cat > f <<'E'\n      a\n      E\n      curl -H 'X: {}' x\n      cat > f <<E\n      k={}\n      E\n",
        "x:\n  script:\n    - |\n      cat > f <<'E'\n      a\n      E\n      curl -H \"X: ${JOURVEX_API_KEY}\" x\n      cat > f <<E\n      k=${JOURVEX_API_KEY}\n      E\n",
    ),
    (
        "azure-pipelines.yml",
        "steps:\n  - script: curl -H 'Authorization: Bearer {}' x\n",
        "steps:\n  - script: curl -H 'Authorization: Bearer $(JOURVEX_API_KEY)' x\n",
    ),
    (
        ".circleci/config.yml",
        "jobs:\n  a:\n    steps:\n      - run:\n          command: curl -H \"Authorization: Bearer {}\" x\n",
        "jobs:\n  a:\n    steps:\n      - run:\n          command: curl -H \"Authorization: Bearer ${JOURVEX_API_KEY}\" x\n",
    ),
    (
        "compose.yaml",
        "services:\n  a:\n    environment:\n      JOURVEX_API_KEY: \"{}\"\n  b:\n    environment:\n      - JOURVEX_API_KEY={} # c\n",
        "services:\n  a:\n    environment:\n      JOURVEX_API_KEY: \"${JOURVEX_API_KEY:?}\"\n  b:\n    environment:\n      - JOURVEX_API_KEY=${JOURVEX_API_KEY:?} # c\n",
    ),
    (
        "src/main/resources/application-prod.yml",
        "jourvex:\r\n  key: {}\r\n",
        "jourvex:\r\n  key: ${JOURVEX_API_KEY}\r\n",
    ),
    (
        "application.properties",
        "jourvex.key={}\n",
        "jourvex.key=${JOURVEX_API_KEY}\n",
    ),
    (
        "application.conf",
        "jourvex {\n  key = \"{}\"\n  header = \"Bearer {}\"\n}\n",
        "jourvex {\n  key = ${JOURVEX_API_KEY}\n  header = \"Bearer \"${JOURVEX_API_KEY}\n}\n",
    ),
    (
        "config/services.yaml",
        "parameters:\n  jourvex_key: {}\n  other: '{}'\n",
        "parameters:\n  jourvex_key: '%env(JOURVEX_API_KEY)%'\n  other: '%env(JOURVEX_API_KEY)%'\n",
    ),
    (
        "serverless.yml",
        "provider:\n  environment:\n    JOURVEX_API_KEY: {}\n",
        "provider:\n  environment:\n    JOURVEX_API_KEY: ${env:JOURVEX_API_KEY}\n",
    ),
    (
        "pom.xml",
        "<properties>\n  <jourvex.key>{}</jourvex.key>\n</properties>\n",
        "<properties>\n  <jourvex.key>${env.JOURVEX_API_KEY}</jourvex.key>\n</properties>\n",
    ),
    (
        "main.tf",
        "variable \"key\" {\n  type    = string\n  default = \"{}\"\n}\nlocals {\n  key = \"{}\"\n  header = \"Bearer {}\"\n  script = <<-EOT\n    KEY=\"{}\"\n  EOT\n}\n",
        "variable \"key\" {\n  type    = string\n}\nlocals {\n  key = var.jourvex_api_key\n  header = \"Bearer ${var.jourvex_api_key}\"\n  script = <<-EOT\n    KEY=\"${var.jourvex_api_key}\"\n  EOT\n}\n\nvariable \"jourvex_api_key\" {\n  type      = string\n  sensitive = true\n}\n",
    ),
    (
        "a/main.tf",
        "variable \"jourvex_api_key\" {\n  default   = \"{}\" # c\n  sensitive = true\n}\nlocals {\n  api_key = \"{}\"\n}\n",
        "variable \"jourvex_api_key\" {\n  sensitive = true\n}\nlocals {\n  api_key = var.jourvex_api_key\n}\n",
    ),
    (
        "Dockerfile",
        "FROM a\nENV JOURVEX_API_KEY={}\nRUN echo a && \\\n  curl -H \"Authorization: Bearer {}\" x\nCMD curl -H \"Authorization: Bearer {}\" x\n",
        "FROM a\n# JOURVEX_API_KEY is given to the container (docker run --env JOURVEX_API_KEY), and to a command of the build by RUN --mount=type=secret,id=JOURVEX_API_KEY,env=JOURVEX_API_KEY\nRUN --mount=type=secret,id=JOURVEX_API_KEY,required=true echo a && \\\n  curl -H \"Authorization: Bearer $(cat /run/secrets/JOURVEX_API_KEY)\" x\nCMD curl -H \"Authorization: Bearer ${JOURVEX_API_KEY:?}\" x\n",
    ),
    (
        "prod.env",
        "A=1\nexport JOURVEX_API_KEY=\"{}\" # live\n",
        "A=1\nexport JOURVEX_API_KEY= # live\n",
    ),
    (
        "deploy/a.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  containers:\n    - name: a\n      env:\n        - name: JOURVEX_API_KEY\n          value: \"{}\"\n        - value: {}\n          name: KEY\n",
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  containers:\n    - name: a\n      env:\n        - name: JOURVEX_API_KEY\n          valueFrom:\n            secretKeyRef:\n              name: credentials\n              key: JOURVEX_API_KEY\n        - valueFrom:\n            secretKeyRef:\n              name: credentials\n              key: KEY\n          name: KEY\n",
    ),
    (
        "deploy/b.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    env:\n    - name: KEY\n      value: {}\n",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    env:\n    - name: KEY\n      valueFrom:\n        secretKeyRef:\n          name: credentials\n          key: KEY\n",
    ),
    (
        "deploy/c.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    env:\n    - {name: KEY, value: \"{}\"}\n    - name: B\n      value: >-\n        {}\n    - name: C\n      value: c\n",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    env:\n    - {name: KEY, valueFrom: {secretKeyRef: {name: credentials, key: KEY}}}\n    - name: B\n      valueFrom:\n        secretKeyRef:\n          name: credentials\n          key: B\n    - name: C\n      value: c\n",
    ),
    (
        "c/Dockerfile",
        "FROM a\nENV A=1 \\\n    KEY=\"{}\" \\\n    C=3\nARG A=1 TOKEN={}\nHEALTHCHECK --interval=5m CMD curl -H \"Authorization: Bearer {}\" x\n",
        "FROM a\n# KEY is given to the container (docker run --env KEY), and to a command of the build by RUN --mount=type=secret,id=KEY,env=KEY\nENV A=1 \\\n    KEY= \\\n    C=3\n# TOKEN is given by docker build --build-arg TOKEN; an image keeps it from a command that gets it by RUN --mount=type=secret,id=TOKEN,env=TOKEN\nARG A=1 TOKEN\nHEALTHCHECK --interval=5m CMD curl -H \"Authorization: Bearer ${JOURVEX_API_KEY:?}\" x\n",
    ),
    (
        "d/Dockerfile",
        "FROM a\nRUN <<EOF\nset -e\ncurl -H 'Authorization: Bearer {}' x\nEOF\n",
        "FROM a\nRUN --mount=type=secret,id=JOURVEX_API_KEY,required=true <<EOF\nset -e\ncurl -H \"Authorization: Bearer $(cat /run/secrets/JOURVEX_API_KEY)\" x\nEOF\n",
    ),
    (
        "src/a.conf/application.conf",
        "a = [{ id = 1, token = \"{}\" }]\n",
        "a = [{ id = 1, token = ${JOURVEX_API_KEY} }]\n",
    ),
    (
        "b/Dockerfile",
        "FROM a\nRUN curl -H 'Authorization: Bearer {}' x\n",
        "FROM a\nRUN --mount=type=secret,id=JOURVEX_API_KEY,required=true curl -H \"Authorization: Bearer $(cat /run/secrets/JOURVEX_API_KEY)\" x\n",
    ),
    (
        "bin/a",
        "#!/usr/bin/env bash\nK={}\n",
        "#!/usr/bin/env bash\nK=\"${JOURVEX_API_KEY:?}\"\n",
    ),
    (
        "b.rb",
        "KEY = \"{}\".freeze\n",
        "KEY = ENV.fetch(\"JOURVEX_API_KEY\").freeze\n",
    ),
];

/// A file of settings that stays as it is, and why.
const LEFT: &[(&str, &str, &str)] = &[
    (
        ".github/workflows/a.yml",
        "env:\n  # KEY: {}\n  A: 1\n",
        "it is in a comment",
    ),
    (
        ".gitlab-ci.yml",
        "variables:\n  JOURVEX_API_KEY: {}\n",
        "it sets the variable itself",
    ),
    (
        ".gitlab-ci.yml",
        "a:\n  script:\n    - \"curl -H 'Authorization: Bearer {}' x\"\n",
        "in single quotes",
    ),
    (
        ".gitlab-ci.yml",
        "variables:\n  A:\n    value: {}\n    expand: false\n",
        "no variable is read there",
    ),
    (
        ".gitlab-ci.yml",
        "x:\n  rules: [{if: '$X == \"{}\"'}]\n",
        "no variable is read there",
    ),
    (
        ".gitlab-ci.yml",
        "x:\n  only: {variables: ['$X == \"{}\"']}\n",
        "no variable is read there",
    ),
    (
        ".gitlab-ci.yml",
        "x:\n  only:\n    variables:\n      - $X == \"{}\"\n",
        "no variable is read there",
    ),
    (
        ".gitlab-ci.yml",
        "x:\n  parallel: {matrix: [{K: \"{}\"}]}\n",
        "no variable is read there",
    ),
    (
        ".gitlab-ci.yml",
        "x:\n  script:\n    - |\n      cat > f <<'E'\n      k={}\n      E\n",
        "in a here-document",
    ),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    strategy: {matrix: {include: [{key: \"{}\"}]}}\n    steps: []\n",
        "no variable is read there",
    ),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    strategy:\n      matrix:\n        include:\n          - key: {}\n",
        "no variable is read there",
    ),
    (
        ".github/workflows/a.yml",
        "on:\n  workflow_dispatch:\n    inputs:\n      key:\n        default: '{}'\n",
        "no variable is read there",
    ),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    steps:\n      - if: ${{ inputs.key == '{}' }}\n",
        "no variable is read there",
    ),
    (
        "azure-pipelines.yml",
        "steps:\n  - script: a\n    condition: ne(variables['k'], '{}')\n",
        "no variable is read there",
    ),
    (
        "azure-pipelines.yml",
        "variables:\n  JOURVEX_API_KEY: {}\n",
        "it sets the variable itself",
    ),
    (
        "config/services.yaml",
        "parameters:\n  env(JOURVEX_API_KEY): '{}'\n",
        "a variable that is not set",
    ),
    (
        "main.tf",
        "output \"key\" {\n  value = \"{}\"\n}\n",
        "an output shows it",
    ),
    (
        "main.tf",
        "module \"m\" {\n  source = \"git::https://a.example/b?token={}\"\n}\n",
        "no variable is read there",
    ),
    (
        "a.py",
        "import os\nkey = os.environ.get(\"A\", \"{}\")\n",
        "a variable that is not set",
    ),
    (
        "a.sh",
        ": \"${JOURVEX_API_KEY:={}}\"\n",
        "a variable that is not set",
    ),
    (
        "a.py",
        "with open(\"x\") as os:\n    key = \"{}\"\n",
        "has another meaning",
    ),
    (
        "a.py",
        "from foo import os\nkey = \"{}\"\n",
        "has another meaning",
    ),
    (
        "a.go",
        "package a\n\nimport os \"example.com/os\"\n\nvar key = \"{}\"\n",
        "has another meaning",
    ),
    (
        "azure-pipelines.yml",
        "parameters:\n  - name: a\n    default: {}\n",
        "no variable is read there",
    ),
    (
        ".circleci/config.yml",
        "jobs:\n  a:\n    environment:\n      KEY: {}\n",
        "no variable is read there",
    ),
    (
        "main.tf",
        "terraform {\n  backend \"http\" {\n    password = \"{}\"\n  }\n}\n",
        "no variable is read there",
    ),
    (
        "Dockerfile",
        "FROM a\nENV KEY={}\nRUN make A=$KEY\n",
        "the Dockerfile reads it elsewhere",
    ),
    (
        "Dockerfile",
        "FROM a\nENV A=1 KEY=x{}\n",
        "one of several settings",
    ),
    (
        "Dockerfile",
        "FROM a\nRUN python3 <<EOF\nkey = \"{}\"\nEOF\n",
        "not the value of a setting",
    ),
    (
        "Dockerfile",
        "FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nkey = \"{}\"\nEOF\n",
        "not the value of a setting",
    ),
    (
        "Dockerfile",
        "FROM a\nHEALTHCHECK CMD [\"curl\", \"-H\", \"Authorization: Bearer {}\"]\n",
        "not the value of a setting",
    ),
    (
        "b.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - env:\n    - name: B\n      value: >-\n        {}\n        and more\n",
        "not the value of a setting",
    ),
    (
        "b.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - env:\n    - {name: B, value: \"x {}\"}\n",
        "not the value of a setting",
    ),
    (
        "Dockerfile",
        "FROM a\nCMD [\"curl\", \"-H\", \"Authorization: Bearer {}\"]\n",
        "not the value of a setting",
    ),
    (
        "secret.yaml",
        "apiVersion: v1\nkind: Secret\nstringData:\n  key: {}\n",
        "not the value of a setting",
    ),
    ("values.yaml", "key: {}\n", "in no language"),
];

#[test]
fn settings_read_variables_as_their_readers_do() {
    for (number, (name, before, after)) in (1..).zip(SETTINGS) {
        let here = Workspace::new();
        here.file(name, before.replace("{}", &key(number)));
        let run = here.run(&["scan", ".", "--fix", "--unsafe-fixes"]);
        assert!(run.starts_with("exit 0\n"), "{name}: {run}");
        let is_program = [".rb", ".py", "bin/a"]
            .iter()
            .any(|end| name.ends_with(end));
        let looks = run.contains(&format!("look at {name}:"));
        assert_eq!(looks, !is_program, "{name}: {run}");
        assert_eq!(
            fs::read_to_string(here.path(name)).unwrap(),
            *after,
            "{name}"
        );
        here.file(name, before.replace("{}", &key(number)));
        let run = here.run(&["scan", ".", "--fix", "-q"]);
        let left = if is_program { "exit 0\n" } else { "exit 1\n" };
        assert!(run.starts_with(left), "{name}: {run}");
    }
}

#[test]
fn a_setting_of_which_nobody_puts_in_variables_is_left_with_the_reason() {
    for (number, (name, text, why)) in (1..).zip(LEFT) {
        let here = Workspace::new();
        let text = text.replace("{}", &key(number));
        here.file(name, &text);
        let run = here.run(&["scan", ".", "--fix", "--unsafe-fixes", "-q"]);
        assert!(run.contains(why), "{name}: {run}");
        assert_eq!(fs::read_to_string(here.path(name)).unwrap(), text, "{name}");
    }
}

#[test]
fn a_variable_of_terraform_has_one_value() {
    let here = Workspace::new();
    let given = |key: &str| format!("variable \"jourvex_api_key\" {{\n  default = \"{key}\"\n}}\n");
    let read = |value: &str| format!("locals {{\n  api_key = {value}\n}}\n");
    let quoted = format!("\"{}\"", key(2));
    let declared =
        "\nvariable \"jourvex_api_key_2\" {\n  type      = string\n  sensitive = true\n}\n";
    // In one file, in a block of one line, and in two files.
    here.file("a/main.tf", given(&key(1)) + &read(&quoted));
    let one = format!(
        "variable \"jourvex_api_key\" {{ default = \"{}\" }}\n",
        key(1)
    );
    here.file("b/main.tf", one.clone() + &read(&quoted));
    here.file("c/variables.tf", given(&key(1)));
    here.file("c/main.tf", read(&quoted));
    here.run(&["scan", ".", "--fix", "--unsafe-fixes", "-q"]);
    let fixed = |name: &str| fs::read_to_string(here.path(name)).unwrap();
    let second = read("var.jourvex_api_key_2") + declared;
    let empty = "variable \"jourvex_api_key\" {\n}\n";
    assert_eq!(fixed("a/main.tf"), empty.to_owned() + &second);
    assert_eq!(fixed("b/main.tf"), one + &second);
    assert_eq!(fixed("c/variables.tf"), empty);
    assert_eq!(fixed("c/main.tf"), second);
}

#[test]
fn a_place_that_sets_the_variable_has_its_name_first() {
    let here = Workspace::new();
    let text = format!(
        "import os\nos.environ[\"JOURVEX_API_KEY\"] = \"{}\"\nkey = \"{}\"\n",
        key(1),
        key(2)
    );
    here.file("a.py", text);
    here.run(&["scan", ".", "--fix", "-q"]);
    let fixed = fs::read_to_string(here.path("a.py")).unwrap();
    assert!(
        fixed.ends_with("key = os.environ[\"JOURVEX_API_KEY_2\"]\n"),
        "{fixed}"
    );
}

#[test]
fn sarif_has_the_edit_in_utf16_columns() {
    let here = Workspace::new();
    here.file(
        "a.js",
        format!("const x = \"é😀\", key = \"{}\";\n", key(1)),
    );
    let run = here.run(&["scan", "-f", "sarif"]);
    let at = run.find("\"fixes\"").unwrap();
    let end = at + run[at..].find("],\"level\"").unwrap();
    insta::assert_snapshot!(&run[at..end], @r#""fixes":[{"artifactChanges":[{"artifactLocation":{"uri":"a.js","uriBaseId":"%SRCROOT%"},"replacements":[{"deletedRegion":{"endColumn":67,"endLine":1,"startColumn":24,"startLine":1},"insertedContent":{"text":"process.env.JOURVEX_API_KEY"}}]}],"description":{"text":"Read it from the variable JOURVEX_API_KEY."}}"#);
}
