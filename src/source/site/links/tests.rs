//! Texts to lists of what they name.

use super::*;

/// What a text at `own` names, a line each: how sure, the kind, and where it may be.
fn told(media: Media, own: &str, text: &str) -> String {
    let at = Standpoint {
        own: own.parse().unwrap(),
        document: "https://a.b/app/".parse().unwrap(),
        others: Vec::new(),
    };
    let found = found(text.as_bytes(), media, &at);
    let lines = found.links.iter().map(line);
    lines.collect::<Vec<_>>().join("\n")
}

fn line(link: &Link) -> String {
    let urls = link
        .urls
        .iter()
        .map(|url| url.as_str().replace("https://a.b/", "/"));
    let urls: Vec<_> = urls.collect();
    format!("{:?} {:?} {}", link.sure, link.expects, urls.join(" or "))
}

fn script(text: &str) -> String {
    told(Media::Script, "https://a.b/app/static/js/main.js", text)
}

#[test]
fn tags_of_a_page() {
    insta::assert_snapshot!(told(Media::Page, "https://a.b/app/", r#"<!doctype html>
        <link rel=stylesheet href=a.css><link rel="icon" href="favicon.ico">
        <link rel="modulepreload" href="/assets/b.js"><link rel=preload as=font href=c.woff2>
        <link rel="preload" as="fetch" href="/_payload.json?_b=1"><link rel=prefetch as=script href=d.js>
        <link rel=manifest href=app.webmanifest><link rel=preconnect href=https://cdn.example/>
        <SCRIPT defer src="e.js?v=1&amp;w=2">import "./not-run.js"</SCRIPT>
        <script src=//cdn.example/f.js></script><script type="text/template" src="g.html"></script>
        <noscript><link rel=stylesheet href=h.css></noscript>
        <iframe src="/frame"></iframe><img src=i.png><a href="/other">other</a>
        <!-- <script src="j.js"></script> -->
        <iframe srcdoc="<script src='k.js'></script>"></iframe>
        <meta http-equiv=refresh content="5; url=/next">"#), @"
    Loads Style /app/a.css
    Loads Script /assets/b.js
    Loads Data /_payload.json?_b=1
    Named Script /app/d.js
    Loads Data /app/app.webmanifest
    Loads Script /app/e.js?v=1&w=2
    Loads Script https://cdn.example/f.js
    Loads Page /frame
    Loads Script /app/k.js
    Loads Page /next
    ");
}

#[test]
fn a_base_moves_all_that_a_page_names() {
    insta::assert_snapshot!(told(Media::Page, "https://a.b/", r#"<base href="/sub/"><base href="/no/">
        <script src="a.js"></script><script type=module>import "./b.js"</script>"#), @"
    Loads Script /sub/a.js
    Loads Script /sub/b.js
    Guessed Script /sub/b.js
    ");
}

#[test]
fn texts_in_a_page() {
    insta::assert_snapshot!(told(Media::Page, "https://a.b/app/", r#"
        <script src="/_next/static/chunks/main.js"></script>
        <script>self.__next_f.push([1,"4:I[1,[\"9\",\"static/chunks/9-1a.js\"]]"])</script>
        <script type="importmap">{"imports": {"a": "./lib/a.js"}}</script>
        <script type="application/json" data-src="/_payload.json">["\u002Fdata\u002Fb.json"]</script>
        <style>@import "c.css"; p { background: url(d.png) }</style>
        <script>document.write("<script src='e.js'>")</script>"#), @"
    Loads Script /_next/static/chunks/main.js
    Named Data /_payload.json
    Guessed Script /_next/static/chunks/9-1a.js or /app/static/chunks/9-1a.js
    Guessed Script /app/lib/a.js
    Guessed Data /data/b.json
    Loads Style /app/c.css
    Guessed Script /app/e.js
    Guessed Data /app/index.txt
    ");
}

#[test]
fn data_that_frameworks_keep_beside_their_pages() {
    let next = r#"<script id="__NEXT_DATA__" type="application/json">{"page":"/a","buildId":"x1y2"}</script>"#;
    let pages = [
        ("https://a.b/", "<script>self.__next_f=[]</script>"),
        ("https://a.b/board/", "<script>self.__next_f=[]</script>"),
        (
            "https://a.b/board.html",
            "<script>self.__next_f=[]</script>",
        ),
        ("https://a.b/", next),
        ("https://a.b/trips/7", next),
        ("https://a.b/", "<script>__sveltekit_1a2b={}</script>"),
        (
            "https://a.b/trips/7",
            "<script>__sveltekit_1a2b={}</script>",
        ),
    ];
    let told = pages.map(|(own, text)| told(Media::Page, own, text));
    insta::assert_snapshot!(told.join("\n"), @r"
    Guessed Data /index.txt
    Guessed Data /board/index.txt
    Guessed Data /board.txt
    Guessed Data /_next/data/x1y2/index.json
    Guessed Data /_next/data/x1y2/trips/7.json
    Guessed Data /__data.json
    Guessed Data /trips/7/__data.json
    ");
}

#[test]
fn modules_of_a_script() {
    insta::assert_snapshot!(script(r#"import{a as b}from"./a.js";import"./b.js";export*from'./c.js';
        import d, { e } from "../d.js"
        const f=()=>import("./f.js"),g=()=>import(/* webpackChunkName: "g" */ `./g.js`);
        import react from "react"; import("node:fs"); import("./h/"+x+".js");
        new URL("i.wasm",import.meta.url);new URL("j.png",import.meta.url);new URL("k",location.href)
        throw Error("write import x from './l.js'")"#), @"
    Loads Script /app/static/js/a.js
    Loads Script /app/static/js/c.js
    Loads Script /app/static/d.js
    Loads Script /app/static/js/b.js
    Named Script /app/static/js/f.js
    Named Script /app/static/js/g.js
    Named Data /app/static/js/i.wasm
    Named Data /app/k
    Guessed Script /app/static/js/a.js or /app/a.js
    Guessed Script /app/static/js/b.js or /app/b.js
    Guessed Script /app/static/js/c.js or /app/c.js
    Guessed Script /app/static/d.js or /d.js
    Guessed Script /app/static/js/f.js or /app/f.js
    Guessed Script /app/static/js/g.js or /app/g.js
    Guessed Data /app/static/js/i.wasm or /app/i.wasm
    Guessed Script /app/static/js/l.js or /app/l.js
    ");
}

#[test]
fn workers_of_a_script() {
    insta::assert_snapshot!(script(r#"new Worker("w.js");new SharedWorker("/shared");importScripts("a.js", '/b.js');
        navigator.serviceWorker.register("/sw");customElements.register("x");new Worker(u)"#), @"
    Named Script /app/w.js
    Named Script /shared
    Named Script /sw
    Named Script /app/static/js/a.js
    Named Script /b.js
    Guessed Script /app/static/js/w.js or /app/w.js
    Guessed Script /app/static/js/a.js or /app/a.js
    Guessed Script /b.js
    ");
}

#[test]
fn literals_that_look_like_files() {
    insta::assert_snapshot!(script(r#"fetch("/env.js");f('./config.json?v=2');__vite__mapDeps=(i,m=["assets/a-1b.js","static/css/b.css"])=>0;
        JSON.parse('["x","c.d4e5.js"]');e={"./pages/d.vue":1,"src/main.js":2};
        p="/(.*)\.js";q="node_modules/x/index.js";r=".js";s="a b.js";t="https://cdn.example/u.js";v="./w.png";/"/.test(y);z="/x.yml""#), @"
    Guessed Script /env.js
    Guessed Data /app/static/js/config.json?v=2 or /app/config.json?v=2
    Guessed Script /app/static/js/assets/a-1b.js or /app/assets/a-1b.js
    Guessed Style /app/static/css/b.css or /app/static/js/static/css/b.css
    Guessed Script /app/static/js/c.d4e5.js or /app/c.d4e5.js
    Guessed Script https://cdn.example/u.js
    Guessed Data /x.yml
    ");
}

#[test]
fn a_manifest_names_files() {
    insta::assert_snapshot!(told(Media::Data, "https://a.b/asset-manifest.json", r#"{"files": {"main.js": "/static/js/main.1a.js",
        "logo": "/static/media/logo.png"}, "entrypoints": ["static/css/main.css"]}"#), @"
    Guessed Script /static/js/main.1a.js
    Guessed Style /static/css/main.css or /app/static/css/main.css
    ");
}

#[test]
fn style_sheets_of_a_style_sheet() {
    insta::assert_snapshot!(told(Media::Style, "https://a.b/css/a.css", "@import 'b.css';@import url(c.css) print;@import url(\"/d.css\");\
        p{background:url(e.png)}\n/*# sourceMappingURL=a.css.map */"), @"
    Loads Style /css/b.css
    Loads Style /css/c.css
    Loads Style /d.css
    Map Map /css/a.css.map
    ");
}

#[test]
fn source_maps_by_comment() {
    let map = |end: &str| script(&format!("f()\n{end}"));
    let told = [
        "//# sourceMappingURL=main.js.map",
        "//@ sourceMappingURL=../maps/main.js.map?v=1\n",
        "//# sourceMappingURL=data:application/json;base64,e30=",
        "x='//# sourceMappingURL=no.map'",
        "//# sourceMappingURL=https://other.example/main.js.map",
    ];
    insta::assert_snapshot!(told.map(map).join("\n"), @"
    Map Map /app/static/js/main.js.map
    Map Map /app/static/maps/main.js.map?v=1


    Map Map https://other.example/main.js.map
    ");
}

/// The chunks that scripts name, given the text of each.
fn chunks(texts: &[&str]) -> String {
    let at = Standpoint {
        own: "https://a.b/app/static/js/main.js".parse().unwrap(),
        document: "https://a.b/app/".parse().unwrap(),
        others: Vec::new(),
    };
    let mut chunks = Chunks::default();
    let found = texts.iter().map(|text| script::found(text.as_bytes(), &at));
    let links = found.flat_map(|found| chunks.learn(found.tables, found.ids));
    links.map(|link| line(&link)).collect::<Vec<_>>().join("\n")
}

#[test]
fn chunks_by_the_tables_of_a_runtime() {
    insta::assert_snapshot!(chunks(&[
        r#"r.u=e=>"static/js/"+({7:"list",home:"home"}[e]||e)+"."+{7:"1b2c",9:"3d4e",home:"5f"}[e]+".chunk.js",r.miniCssF=e=>"static/css/"+e+"."+{9:"aa"}[e]+".css""#
    ]), @"
    Named Script /app/static/js/list.1b2c.chunk.js or /app/static/js/static/js/list.1b2c.chunk.js
    Named Script /app/static/js/9.3d4e.chunk.js or /app/static/js/static/js/9.3d4e.chunk.js
    Named Script /app/static/js/home.5f.chunk.js or /app/static/js/static/js/home.5f.chunk.js
    Named Style /app/static/css/9.aa.css or /app/static/js/static/css/9.aa.css
    ");
}

#[test]
fn chunks_by_the_ids_that_other_scripts_ask_for() {
    insta::assert_snapshot!(chunks(&[
        "r.e(5).then(r.bind(r,1)),r.e(1e3),r.e(x)",
        r#"r.u=e=>e+".bundle.js",r.p="/cdn/""#,
        r#"r.e("late")"#,
    ]), @"
    Named Script /cdn/1000.bundle.js or /app/static/js/1000.bundle.js or /app/1000.bundle.js
    Named Script /cdn/5.bundle.js or /app/static/js/5.bundle.js or /app/5.bundle.js
    Named Script /cdn/late.bundle.js or /app/static/js/late.bundle.js or /app/late.bundle.js
    ");
}

#[test]
fn chunks_by_functions_of_all_kinds() {
    for (text, name) in [
        (r#"r.u=function(e){return"a."+({}[e]||e)+".js"}"#, "a.5.js"),
        (
            r#"r.u = (chunkId) => {
            // return url for filenames based on template
            return "" + chunkId + ".js";
        };"#,
            "5.js",
        ),
        (
            r#"r.u=function(e){return 5===e?"x/5-1a.js":"x/"+e+".js"}"#,
            "x/5-1a.js",
        ),
        (
            r#"r.u=e=>{if(e===5)return"y/5.js";return"z/"+e+".js"}"#,
            "y/5.js",
        ),
        (
            r#"r.u=function(e){return"".concat(e,".").concat({5:"1a"}[e],".js")}"#,
            "5.1a.js",
        ),
        ("r.u=e=>`s/${e}.js`", "s/5.js"),
        (
            r#"r.u=e=>(({5:"n"})[e]||e)+"-"+({5:"h"})[e]+".js""#,
            "n-h.js",
        ),
    ] {
        let told = chunks(&[text, "r.e(5)"]);
        assert!(told.contains(&format!("/{name}")), "{text}: {told}");
    }
    for text in [
        "r.u=5",
        "r.u=e=>f(e)+'.js'",
        "r.u=e=>e",
        "this.u=function(){return 1}",
        "r.u=e=>{7:'a'}[e]",
    ] {
        assert_eq!(chunks(&[text, "r.e(5)"]), "", "{text}");
    }
}

#[test]
fn what_is_broken_names_nothing() {
    for media in [Media::Page, Media::Script, Media::Style, Media::Data] {
        for text in [
            "",
            "<",
            "\"",
            "import(",
            "import\"",
            "@import",
            "r.u=",
            "new URL(",
            "\u{fffd}.js\"",
            "<script>",
            "//# sourceMappingURL=",
        ] {
            assert_eq!(told(media, "https://a.b/", text), "", "{media:?} {text}");
        }
    }
}
