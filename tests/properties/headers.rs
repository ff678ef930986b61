//! A random credential in an Authorization header is found, whole, on its line.

use crate::draw::{BASE62, Draw, HEX};
use crate::scanner::{found, is_refused};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

/// `(path, text)` of files that send a header; `{}` is its value, scheme included.
const CARRIERS: [(&str, &str); 21] = [
    (
        "a.sh",
        "#!/bin/sh\ncurl -sS -H 'Authorization: {}' https://api.example.org/v1\n",
    ),
    (
        "b.sh",
        "curl https://api.example.org \\\n  -H \"Authorization: {}\" \\\n  -d @x\n",
    ),
    (
        "a.py",
        "import requests\nheaders = {\"Authorization\": \"{}\", \"Accept\": \"*/*\"}\n",
    ),
    (
        "b.py",
        "s = requests.Session()\ns.headers['Authorization'] = '{}'\n",
    ),
    (
        "a.js",
        "fetch(u, {\n  headers: {\n    Authorization: '{}',\n  },\n});\n",
    ),
    (
        "a.ts",
        "const headers = new Headers();\nheaders.set('Authorization', '{}');\n",
    ),
    (
        "a.go",
        "req.Header.Set(\"Authorization\", \"{}\")\nclient.Do(req)\n",
    ),
    (
        "A.cs",
        "var c = new HttpClient();\nc.DefaultRequestHeaders.Add(\"Authorization\", \"{}\");\n",
    ),
    (
        "A.java",
        "HttpGet get = new HttpGet(u);\nget.addHeader(\"Authorization\", \"{}\");\n",
    ),
    (
        "a.rb",
        "req = Net::HTTP::Get.new(uri)\nreq['Authorization'] = '{}'\n",
    ),
    (
        "a.php",
        "<?php\n$h = ['Authorization' => '{}', 'Accept' => 'x'];\n",
    ),
    ("b.php", "<?php\n$h = array('Authorization: {}');\n"),
    (
        "a.http",
        "GET https://api.example.org/v1 HTTP/1.1\nAuthorization: {}\nAccept: */*\n",
    ),
    (
        "a.har",
        "{\"log\": {\"headers\": [\n{\"name\": \"Authorization\", \"value\": \"{}\"}\n]}}\n",
    ),
    (
        "a.postman_collection.json",
        "{\"header\": [{\n\"key\": \"Authorization\",\n\"value\": \"{}\",\n\"type\": \"text\"}]}\n",
    ),
    (
        "a.yaml",
        "http:\n  headers:\n    Authorization: {}\n    X: 1\n",
    ),
    (
        "b.yml",
        "headers:\n  - name: Authorization\n    value: \"{}\"\n",
    ),
    (
        "nginx.conf",
        "location / {\n  proxy_set_header Authorization \"{}\";\n}\n",
    ),
    (".env", "A=1\nAUTHORIZATION=\"{}\"\nB=2\n"),
    (
        "a.log",
        "12:00 DEBUG > GET /v1\n12:00 DEBUG > Authorization: {}\n12:01 x\n",
    ),
    (
        "a.json",
        "{\"body\": \"{\\\"headers\\\": {\\\"Authorization\\\": \\\"{}\\\"}}\"}\n",
    ),
];

/// `(path, text)` of curl commands; `{}` is `user:password`.
const COMMANDS: [(&str, &str); 4] = [
    ("a.sh", "set -e\ncurl -u '{}' https://api.example.org\n"),
    ("b.sh", "curl -sSu \"{}\" https://api.example.org\n"),
    ("c.sh", "curl --user '{}' \\\n  https://api.example.org\n"),
    (
        "README.md",
        "Try:\n\n    curl -X GET --user {} https://api.example.org\n",
    ),
];

fn token(draw: &mut Draw) -> String {
    let alphabet = *draw.pick(&[BASE62, HEX]);
    let length = draw.between(24, 64);
    draw.text(alphabet, length)
}

fn pair(draw: &mut Draw) -> String {
    let user = *draw.pick(&["deploy", "svc-report", "ops@example.org", "admin"]);
    format!("{user}:{}", draw.password())
}

/// The secret, and no other, on the line of `{}`.
fn is_found(path: &str, template: &str, value: &str, secret: &str) -> Result<(), TestCaseError> {
    let at = template.find("{}").unwrap();
    let line = template[..at].matches('\n').count() + 1;
    let text = format!("{}{value}{}", &template[..at], &template[at + 2..]);
    let found = found(path, text.as_bytes());
    prop_assert_eq!(found.len(), 1, "{}: {}: {:?}", path, &text, found);
    prop_assert_eq!(&found[0].secret, secret, "{}: {}", path, &text);
    prop_assert!(
        found[0].line <= line,
        "{path}: line {}: {text}",
        found[0].line
    );
    prop_assert_eq!(found[0].line, line, "{}: {}", path, &text);
    Ok(())
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_random_token_is_found(seed: u64) {
        let draw = &mut Draw::new(seed);
        let token = token(draw);
        if is_refused(&format!("Authorization: Bearer {token}")) { return Ok(()) }
        let scheme = *draw.pick(&["Bearer", "bearer", "Token", "ApiKey"]);
        let (path, template) = *draw.pick(&CARRIERS);
        is_found(path, template, &format!("{scheme} {token}"), &token)?;
    }

    #[test]
    fn a_random_password_in_basic_is_found(seed: u64) {
        let draw = &mut Draw::new(seed);
        let basic = STANDARD.encode(pair(draw));
        if is_refused(&format!("Authorization: Basic {basic}")) { return Ok(()) }
        let (path, template) = *draw.pick(&CARRIERS);
        is_found(path, template, &format!("Basic {basic}"), &basic)?;
    }

    #[test]
    fn a_random_password_of_curl_is_found(seed: u64) {
        let draw = &mut Draw::new(seed);
        let pair = pair(draw);
        if is_refused(&format!("curl -u {pair}")) { return Ok(()) }
        let (path, template) = *draw.pick(&COMMANDS);
        is_found(path, template, &pair, &pair)?;
    }

    #[test]
    fn a_random_token_of_net_is_found(seed: u64) {
        let draw = &mut Draw::new(seed);
        let token = token(draw);
        if is_refused(&format!("Authorization: Bearer {token}")) { return Ok(()) }
        let template = "using System;\nvar h = new AuthenticationHeaderValue(\"Bearer\", \"{}\");\n";
        is_found("A.cs", template, &token, &token)?;
    }
}

#[test]
fn the_gate_loses_few_random_credentials() {
    let share = |line: fn(&mut Draw) -> String| {
        let lost = (0..3000).filter(|seed| is_refused(&line(&mut Draw::new(*seed))));
        lost.count() as f64 / 3000.0
    };
    let tokens = share(|draw| format!("Authorization: Bearer {}", token(draw)));
    let basics = share(|draw| format!("Authorization: Basic {}", STANDARD.encode(pair(draw))));
    let pairs = share(|draw| format!("curl -u '{}'", pair(draw)));
    assert!(tokens <= 0.01, "{tokens}");
    assert!(basics <= 0.01, "{basics}");
    // A password with `**` or `%s` in it looks masked or filled in.
    assert!(pairs <= 0.015, "{pairs}");
}
