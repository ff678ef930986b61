//! Credentials of HTTP authentication where they stand: files of tools, calls, arguments, lines.

use crate::repo::Repo;
use crate::workspace::{Workspace, token};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The places in a file called `name` that holds `text`.
fn found(name: &str, text: String) -> Vec<String> {
    let here = Workspace::new();
    here.file(name, text);
    here.places(&["scan"])
}

#[test]
fn a_netrc_file_is_read_on_one_line_and_over_lines() {
    let text = format!(
        "machine a.example.org login ci password {}\nmachine b.example.org\n  login anna\n  password {}\n\
         machine c.example.org login demo password changeme\n",
        token(1, 24),
        token(2, 24)
    );
    let places = ["netrc-password .netrc:1:41", "netrc-password .netrc:4:12"];
    assert_eq!(found(".netrc", text), places);
}

#[test]
fn an_npmrc_file_holds_tokens_and_not_names_of_variables() {
    let text = format!(
        "//a.example.org/:_authToken=npm_{}\n//b.example.org/:_authToken=${{NPM_TOKEN}}\n",
        token(1, 36)
    );
    assert_eq!(found(".npmrc", text), ["npm-token .npmrc:1:29"]);
}

#[test]
fn a_header_may_be_folded_continued_and_escaped() {
    let text = format!(
        "Authorization: Bearer\n  {}\ncurl -H \"Authorization: Bearer \\\n{}\" \\\n  https://example.org\n\
         curl -HAuthorization:\\ Token\\ {} https://example.org\n",
        token(1, 40),
        token(2, 40),
        token(3, 40)
    );
    let places = [
        "authorization-header notes.txt:2:3",
        "authorization-header notes.txt:4:1",
        "authorization-header notes.txt:6:31",
    ];
    assert_eq!(found("notes.txt", text), places);
}

#[test]
fn a_call_takes_a_user_and_a_password() {
    let text = format!(
        "req.SetBasicAuth(\"orders\", \"{}\")\nreq.SetBasicAuth(user, pass)\nreq.SetBasicAuth(\"demo\", \"demo1234\")\n",
        token(1, 20)
    );
    assert_eq!(found("client.go", text), ["basic-password client.go:1:29"]);
    let text = format!(
        "requests.get(url, auth=(\"orders\", \"{}\"))\nrequests.get(url, auth=(\"user\", \"passw0rd1\"))\n",
        token(1, 20)
    );
    let places = ["auth-argument-password client.py:1:36"];
    assert_eq!(found("client.py", text), places);
}

#[test]
fn signatures_and_placeholders_of_any_language_are_no_credentials() {
    let text = format!(
        "Authorization: SharedKey account:{}=\nAuthorization: Bearer IHR_API_SCHLUESSEL\n\
         X-Api-Key: VOTRE_CLE_ICI\nAuthorization: Token TU_CLAVE\n",
        token(1, 43)
    );
    assert!(found("notes.http", text).is_empty());
}

#[test]
fn a_history_finds_the_same_in_files_that_are_gone() {
    let repo = Repo::new();
    let text = format!("machine a.example.org login ci password {}\n", token(1, 24));
    repo.write("home/.netrc", text);
    repo.write(
        "client.ts",
        format!("c.setBearerAuth('{}');\n", token(2, 40)),
    );
    repo.commit("add");
    let scan = repo.scan("history --format json --no-cache");
    assert_eq!(scan.exit, Some(1));
    assert_eq!(scan.places().len(), 2, "{:?}", scan.places());
}

#[test]
fn a_password_in_a_url_is_found_whatever_is_connected_to() {
    let text = format!(
        "mongodb://orders:{}@db1.example.org/orders\nmongodb+srv://orders:{}%40@db.example.org/\n\
         mongodb://mongo:mongo@mongo:27017/\nredis://:redis@redis:6379\n",
        token(1, 20),
        token(2, 20)
    );
    let places = ["url-password urls.txt:1:11", "url-password urls.txt:2:15"];
    assert_eq!(found("urls.txt", text), places);
}

#[test]
fn the_credentials_of_docker_are_found_in_a_secret_of_kubernetes() {
    let pair = STANDARD.encode(format!("puller:{}", token(1, 20)));
    let auths = STANDARD.encode(format!(
        "{{\"auths\":{{\"r.example.org\":{{\"auth\":\"{pair}\"}}}}}}"
    ));
    let places = found(
        "secret.yaml",
        format!("data:\n  .dockerconfigjson: {auths}\n"),
    );
    assert_eq!(places, ["registry-password secret.yaml:2:22"]);
}

#[test]
fn what_is_encrypted_or_a_fingerprint_is_no_credential() {
    let sealed = STANDARD.encode(token(1, 120));
    let text = format!(
        "x-api-key: ENC({})\napi-key: SHA256:{}\nencryptedData:\n  authorization: {sealed}\n",
        token(2, 44),
        token(3, 43),
    );
    assert!(found("sealed.yaml", text).is_empty());
}
