//! The page for a browser: what it says, what it links to, and that nothing of strangers becomes a part of it.

use crate::repo::Repo;
use crate::workspace::{Workspace, key};

/// A page without its style, its script and their hashes; the day is another one in every run.
fn without_frame(page: &str) -> String {
    let cut = |text: &str, from: &str, to: &str| {
        let (before, rest) = text.split_once(from).unwrap();
        let (_, after) = rest.split_once(to).unwrap();
        format!("{before}{from}[...]{to}{after}")
    };
    let page = cut(page, "<style>", "</style>");
    let page = cut(&page, "<script>", "</script>");
    let page = cut(&page, "style-src ", ";");
    let page = cut(&page, "script-src ", ";");
    let page = cut(&page, "<footer><p>jvxleaks ", ". Secrets");
    // In this file it would be a comment that silences nothing.
    let page = page.replace("jvxleaks:allow", "[MARK]");
    cut(&page, "read on <time datetime=\"", "</time>")
}

#[test]
fn a_page_of_a_tree() {
    let here = Workspace::new();
    here.file("src/client.ts", format!("const key = \"{}\";\n", key(1)));
    here.file(
        "src/again.ts",
        format!("// again\nconst key = \"{}\";\n", key(1)),
    );
    let output = here
        .command(&["scan", ".", "missing", "--format", "html"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let page = String::from_utf8(output.stdout).unwrap();
    insta::assert_snapshot!(without_frame(&page), @r##"
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src [...]; script-src [...]; base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta name="robots" content="noindex">
    <title>Secrets in what was read</title>
    <style>[...]</style>
    </head>
    <body>
    <a class="skip" href="#main">Skip to the report</a>
    <header><p class="brand">jvxleaks</p><h1>Secrets in what was read</h1><p class="about">read on <time datetime="[...]</time></p></header>
    <main id="main" tabindex="-1">
    <section class="verdict bad" aria-label="Verdict"><p><strong>2 errors. Not complete: 1 input was not read</strong></p><p>2 findings (2 errors). Read 2 files, 123 bytes. Not read: 1 input (missing: no such file or folder; check the path, or give `-` to read standard input).</p></section>
    <section class="rows"><h2>Not read (1)</h2><table><thead><tr><th scope="col">What</th><th scope="col">Why</th></tr></thead><tbody>
    <tr><td><code>missing</code></td><td>no such file or folder; check the path, or give <code>-</code> to read standard input</td></tr></tbody></table></section>
    <section class="cards" aria-labelledby="secrets">
    <h2 id="secrets">Secrets</h2>

    <article class="card" id="secret-1" data-severity="critical" data-rule="jourvex-key" aria-labelledby="secret-1-name">
    <h3 id="secret-1-name"><span class="badge critical">critical</span> <span class="name">Live Jourvex API key</span> <code>jvx_live_zEGC...</code></h3>
    <p class="meta">jourvex-key · 2 places · <code>649bd9f1fa20768fe9ad1fae7a267d94</code> · anyone who can read this file can use it</p>
    <p class="at"><code>src/again.ts:2:14</code></p><pre class="excerpt"><span class="number" aria-hidden="true">2</span><code>const key = &quot;<mark>jvx_live_zEGC...</mark>&quot;;</code></pre>
    <details class="places"><summary>1 more place</summary><ol>
    <li><p class="at"><code>src/client.ts:1:14</code></p><pre class="excerpt"><span class="number" aria-hidden="true">1</span><code>const key = &quot;<mark>jvx_live_zEGC...</mark>&quot;;</code></pre></li></ol></details>
    <ul class="advice">
    <li><strong>instead</strong> read process.env.JOURVEX_API_KEY</li>
    <li><strong>rotate</strong> Settings -&gt; API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once</li></ul>
    <details class="silence"><summary>False alarm?</summary><p>put <code>// [MARK] jourvex-key -- reason</code> above the line, or:</p><div class="command"><pre><code>jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON</code></pre><button class="copy" type="button" aria-label="Copy the command">Copy</button></div></details>
    </article>
    </section>
    </main>
    <footer><p>jvxleaks [...]. Secrets are shown by their first characters alone. The page loads nothing and sends nothing.</p></footer>
    <p class="unseen" id="said" role="status"></p>
    <script>[...]</script>
    </body>
    </html>
    "##);
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"");
}

/// A repository with a published key, whose remote has a user and a password in its address.
fn published() -> Repo {
    let repo = Repo::new();
    repo.git("remote add origin https://anna:hunter2hunter2@github.com/team/app.git");
    repo.write("src/a b.ts", format!("const key = \"{}\";\n", key(1)));
    repo.commit("leak");
    repo.git("update-ref refs/remotes/origin/main HEAD");
    repo
}

#[test]
fn a_page_of_a_history_links_to_the_forge() {
    let repo = published();
    let scan = repo.scan("history --no-cache --format html");
    assert_eq!(scan.exit, Some(1));
    let page = without_frame(&scan.stdout).replace(&repo.head(), "[COMMIT]");
    let keys = page.split_once("<section class=\"cards\"").unwrap().1;
    let keys = keys.split_once("</section>").unwrap().0;
    let (before, days) = keys.split_once("</svg><span>").unwrap();
    let (_, after) = days.split_once(" days in").unwrap();
    let keys = format!("{before}</svg><span>[N] days in{after}");
    insta::assert_snapshot!(keys, @r#"
     aria-labelledby="keys">
    <h2 id="keys">Exposed keys</h2>
    <dl class="legend">
    <div><dt><span class="badge rotate">ROTATE NOW</span></dt><dd>others may hold a copy, so only a new key helps</dd></div></dl>

    <article class="card" id="key-1" data-action="rotate" data-severity="critical" data-rule="jourvex-key" aria-labelledby="key-1-name">
    <h3 id="key-1-name"><span class="badge rotate">ROTATE NOW</span> <code>jvx_live_zEGC...</code> <span class="name">jourvex-key at src/a b.ts:1</span></h3>
    <p class="meta">critical · <code>649bd9f1fa20768fe9ad1fae7a267d94</code></p>
    <div class="span"><svg class="bad" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="axis" x="0" y="3.5" width="1000" height="1"></rect><rect class="history" x="0" y="1" width="1000" height="6"></rect><rect class="files" x="0" y="1" width="1000" height="6"></rect></svg><span>[N] days in the history</span></div>
    <ol class="timeline">
    <li class="on"><strong>First commit</strong> <time datetime="2023-11-15">2023-11-15</time> <span class="detail"><a href="https://github.com/team/app/commit/[COMMIT]" rel="noreferrer"><code>0180d2b</code></a> <a href="https://github.com/team/app/blob/[COMMIT]/src/a%20b.ts#L1" rel="noreferrer"><code>src/a b.ts:1</code></a></span></li>
    <li class="bad"><strong>Published</strong> <span class="detail">origin/main</span></li>
    <li class="open"><strong>Not removed</strong> <span class="detail">still in HEAD, <code>src/a b.ts:1</code></span></li></ol>
    <details class="steps" open><summary>What to do</summary>
    <p>rotate it now at Settings -&gt; API Access: the old key stops at once and the new one is shown only once, so be ready to set JOURVEX_API_KEY on the server and restart right away</p>
    <p>check the dashboard: its prefix tells which key is active, and &quot;last used: never&quot; turns into a time when the new key works</p>
    <p>then remove the literal from 'src/a b.ts':1, read JOURVEX_API_KEY there, and commit</p></details>
    <details class="places"><summary>1 place</summary><ol>
    <li><p class="at"><a href="https://github.com/team/app/blob/[COMMIT]/src/a%20b.ts#L1" rel="noreferrer"><code>src/a b.ts:1:14</code></a><span class="note">in commit 0180d2b of 2023-11-15 (origin/main, branch main)</span></p><pre class="excerpt"><span class="number" aria-hidden="true">1</span><code>const key = &quot;<mark>jvx_live_zEGC...</mark>&quot;;</code></pre></li></ol></details>
    <details class="silence"><summary>False alarm?</summary><div class="command"><pre><code>jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON</code></pre><button class="copy" type="button" aria-label="Copy the command">Copy</button></div></details>
    </article>
    "#);
    assert!(!scan.stdout.contains("hunter2"), "{page}");
    assert!(!scan.stdout.contains("anna"), "{page}");
}

#[test]
fn a_remote_that_tells_no_page_is_not_linked() {
    let repo = published();
    repo.git("remote set-url origin https://git.example.org/team/app.git");
    let scan = repo.scan("history --no-cache --format html");
    assert!(!scan.stdout.contains("<a href=\"http"), "{}", scan.stdout);
    // Nor is a page whose address holds a key.
    repo.git(&format!(
        "remote set-url origin https://github.com/team/{}",
        key(7)
    ));
    let scan = repo.scan("history --no-cache --format html");
    assert!(!scan.stdout.contains("<a href=\"http"), "{}", scan.stdout);
}

#[test]
fn a_key_in_a_name_is_not_in_the_page() {
    let repo = published();
    repo.write(format!("src/{}.ts", key(2)).as_str(), key(3));
    repo.git("config user.name x");
    repo.commit(&format!("with {} in it", key(4)));
    repo.git(&format!("update-ref refs/heads/{} HEAD", key(5)));
    repo.git(&format!("update-ref refs/remotes/origin/{} HEAD", key(6)));
    repo.git(&format!("tag {}", key(8)));
    let author = format!("--author={} <a@example.com>", key(9));
    repo.write("b.txt", "b");
    repo.git("add b.txt");
    repo.run(&repo.path(), &["commit", "-q", "-m", "b", &author]);
    for command in ["history --no-cache", "scan . -v", "range HEAD"] {
        let scan = repo.scan(&format!("{command} --format html"));
        assert!(scan.stdout.contains("</html>"), "{command}: {scan:?}");
        for seed in 1..10 {
            let body = &key(seed)["jvx_live_".len() + 4..];
            let shown = scan.stdout.contains(body);
            assert!(!shown, "{command} shows key {seed}: {}", scan.stdout);
        }
    }
}

#[test]
fn text_of_strangers_stays_text() {
    let repo = published();
    let evil = "\"'><script>alert(1)<\u{29f8}script>&quot;\u{202e}";
    repo.write(
        &format!("{evil}.py"),
        format!(
            "k = \"{}\" # </script><script>alert(2)</script>\u{1b}[31m",
            key(2)
        ),
    );
    repo.commit("</title><img src=x onerror=alert(3)>");
    repo.run(&repo.path(), &["branch", "<b>bold</b>"]);
    let plain = published().scan("history --no-cache --format html");
    for command in ["history --no-cache", "scan . -v", "range HEAD"] {
        let page = repo.scan(&format!("{command} --format html")).stdout;
        let count = |text: &str, what: &str| text.matches(what).count();
        assert_eq!(count(&page, "<script"), count(&plain.stdout, "<script"));
        for tag in ["<img", "<b>", "\u{202e}", "\u{1b}"] {
            assert!(!page.contains(tag), "{command} has {tag}: {page}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)"), "{command}: {page}");
    }
}

#[test]
fn a_page_runs_and_loads_nothing_but_its_own() {
    let page = published().scan("history --no-cache --format html").stdout;
    let policy = page
        .split_once("Content-Security-Policy\" content=\"")
        .unwrap();
    let policy = policy.1.split_once('"').unwrap().0;
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    let within = |from: &str, to: &str| {
        let text = page.split_once(from).unwrap().1.split_once(to).unwrap().0;
        use base64::Engine as _;
        use sha2::Digest as _;
        let digest = sha2::Sha256::digest(text);
        base64::engine::general_purpose::STANDARD.encode(digest)
    };
    // As they are written, behind the net that everything printed goes through.
    assert!(policy.contains(&format!(
        "style-src 'sha256-{}'",
        within("<style>", "</style>")
    )));
    assert!(policy.contains(&format!(
        "script-src 'sha256-{}'",
        within("<script>", "</script>")
    )));
    for refused in [
        " style=\"",
        " onclick",
        " src=",
        "<link",
        "<iframe",
        "<form",
    ] {
        assert!(!page.contains(refused), "{refused}");
    }
}

#[test]
fn a_page_has_all_findings() {
    let here = Workspace::new();
    here.file("a.py", format!("k = \"{}\"\n", key(1)));
    insta::assert_snapshot!(here.run(&["scan", "--format", "html", "--max-findings", "1"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: --max-findings limits text, markdown and concise reports; html has all findings
    ");
}
