//! Code, mail and configuration as people write it, changed as people and tools change it: lines and tokens
//! go, come twice, trade places or are cut, quotes become other ones. Noise seldom gets past the first look
//! of a scanner; what is nearly right does.

/// `(path, text)`. `KEY` gives way to a key, `B64` to it in base64, `QP` to it as mail has it.
const TEXTS: &[(&str, &str)] = &[
    (
        "src/map.client.tsx",
        "'use client';\nimport { useState } from 'react';\n\nexport default function Map({ id }: { id: string }) {\n  \
         const [trip, setTrip] = useState<Trip | null>(null);\n  const key = process.env[`JOURVEX_API_KEY`] ?? 'KEY';\n  \
         return <Board trip={trip} label={`${id}: ${process.env.JOURVEX_API_KEY}`} onLoad={() => load(key)} />;\n}\n",
    ),
    (
        "dist/assets/index-4f2a.js",
        "(()=>{var e={},t=\"jvx_\"+\"live_\";e.k=t.concat(\"abc\");fetch(`${e.u}/api/journey`,{headers:{Authorization:\
         \"Bearer \"+'KEY',\"x-api-key\":e[\"JOURVEX_API_KEY\"]}}).then(r=>r.json())})();\n\
         //# sourceMappingURL=data:application/json;base64,B64\n",
    ),
    (
        "vite.config.ts",
        "import { defineConfig } from 'vite';\nexport default defineConfig(({ mode }) => ({\n  define: {\n    \
         'process.env.JOURVEX_API_KEY': JSON.stringify(process.env.JOURVEX_API_KEY),\n    \"import.meta.env.K\": '\"KEY\"',\n  \
         },\n  server: { proxy: { '/api': { target: 'https://user:KEY@jourvex-api.onrender.com' } } },\n}));\n",
    ),
    (
        "pages/index.vue",
        "<script setup lang=\"ts\">\nconst { apiKey = 'KEY' } = useRuntimeConfig().public // /['\"`]/\n</script>\n\
         <template>\n  <p :data-k=\"`${apiKey}`\">{{ $config.JOURVEX_API_KEY }} don't</p>\n</template>\n",
    ),
    (
        "app/client.py",
        "import os, requests\n\nPREFIX = \"jvx_\" \"live_\"\nKEY_ = os.getenv('JOURVEX_API_KEY', 'KEY')  # jvxleaks:allow -- old\n\
         s = requests.Session()\ns.headers.update({\"Authorization\": f\"Bearer {KEY_}\", 'X-Api-Key': \"%s%s\" % (PREFIX, 'abc')})\n\
         s.auth = ('svc', \"KEY\")\n",
    ),
    (
        "cmd/main.go",
        "package main\n\nconst prefix = `jvx_live_`\n\nfunc main() {\n\treq, _ := http.NewRequest(\"GET\", url, nil)\n\t\
         req.Header.Set(\"Authorization\", \"Bearer \"+\"KEY\") // \"quoted\"\n\treq.SetBasicAuth(\"svc\", `KEY`)\n\t\
         key := string([]byte{0x6a, 0x76, 0x78, 0x5f})\n}\n",
    ),
    (
        "src/main.rs",
        "const PARTS: &[&str] = &[\"jvx\", \"live\"];\nfn main() {\n    let key = concat!(\"jvx_\", \"live_\", r#\"KEY\"#);\n    \
         let header = format!(\"Authorization: Bearer {}\", \"KEY\");\n}\n",
    ),
    (
        "App.java",
        "class App {\n  private static final String K = \"jvx_live_\" +\n      \"abc\"; /* KEY */\n  HttpRequest r = HttpRequest\
         .newBuilder().header(\"Authorization\", \"Basic B64\").build();\n  char[] c = {'j','v','x','_','l'};\n}\n",
    ),
    (
        "Client.cs",
        "var client = new HttpClient();\nclient.DefaultRequestHeaders.Authorization = new(\"Bearer\", @\"KEY\");\n\
         var k = $\"{Prefix}KEY\"; var s = string.Concat(\"jvx_\", \"live_\", \"abc\");\n",
    ),
    (
        "lib/client.rb",
        "KEY = %w[jvx live abc].join('_')\nRestClient.get(url, { Authorization: \"Bearer #{'KEY'}\", x_api_key: 'KEY' })\n\
         key << 'abc' # the rest\n",
    ),
    (
        "index.php",
        "<?php\n$k = 'jvx_' . \"live_\" . 'abc';\ncurl_setopt($c, CURLOPT_HTTPHEADER, [\"Authorization: Bearer KEY\", 'a: b']);\n\
         echo \"<script>k = '{$k}'</script>\"; ?>\n",
    ),
    (
        "run.sh",
        "#!/bin/sh\nset -eu\nP=jvx_live_\nexport JOURVEX_API_KEY=\"${P}KEY\"\ncurl -sS -u \"svc:KEY\" \\\n  -H 'Authorization: \
         Bearer KEY' -H \"X-Api-Key: $(echo B64 | base64 -d)\" \\\n  https://jourvex-api.onrender.com/api/journey\n",
    ),
    (
        "run.ps1",
        "$env:JOURVEX_API_KEY = 'KEY'\n$h = @{ Authorization = \"Bearer KEY\"; 'x-api-key' = ('{0}_live_{1}' -f 'jvx', 'abc') }\n\
         Invoke-RestMethod -Uri $u -Headers $h `\n  -Method Get\n",
    ),
    (
        ".env",
        "# jourvex\nJOURVEX_API_KEY=KEY\nexport NEXT_PUBLIC_JOURVEX_API_KEY=\"KEY\" # comment\nDATABASE_URL=postgres://app:KEY@db/x\n\
         EMPTY=\nQUOTED='a\\nb'\n",
    ),
    (
        "deploy/values.yaml",
        "apiVersion: v1\nkind: Secret\ndata:\n  JOURVEX_API_KEY: B64\nstringData: &s\n  key: \"KEY\"\n  list:\n    - jvx_\n    - live_\n\
         env:\n  - {name: JOURVEX_API_KEY, value: 'KEY'}\ntext: |\n  Authorization: Bearer KEY\n",
    ),
    (
        "settings.toml",
        "[jourvex]\nkey = 'KEY'\nheaders = { Authorization = \"Bearer KEY\", x = \"\"\"a\"\"\" }\n[[servers]]\nurl = \"https://a:KEY@h/\"\n",
    ),
    (
        "client.ini",
        "[jourvex]\napi_key = KEY\n; auth = Basic B64\nproxy=http://svc:KEY@proxy.example.org:3128\n",
    ),
    (
        "config.json",
        "{\n  \"auths\": {\"r.example.org\": {\"auth\": \"B64\"}},\n  \"headers\": [{\"key\": \"Authorization\", \"value\": \"Bearer KEY\"}],\n  \
         \"k\": \"jvx\\u005flive\\u005fabc\", \"n\": null\n}\n",
    ),
    (
        "analysis.ipynb",
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\n  \"k = ('jvx_'\\n\",\n  \"     'live_abc')\\n\",\n  \"h = {'Authorization': \
         'Bearer KEY'}\"\n], \"outputs\": [{\"text\": [\"KEY\\n\"]}]}], \"nbformat\": 4}\n",
    ),
    (
        "dist/app.js.map",
        "{\"version\":3,\"sources\":[\"../src/a.ts\",\"webpack:///./b.ts?1\"],\"sourcesContent\":[\"const k = 'KEY';\\n\",\
         \"fetch(u, {headers: {Authorization: \\\"Bearer KEY\\\"}})\"],\"names\":[],\"mappings\":\"AAAA\"}\n",
    ),
    (
        "mail/leak.eml",
        "From: a@example.org\nSubject: =?utf-8?Q?Jourvex_QP?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b1\"\n\n\
         --b1\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nthe key is=20QP, =\nthank you=\n\
         --b1\nContent-Transfer-Encoding: base64\n\nB64\n--b1--\n",
    ),
    (
        "dump.sql",
        "-- jourvex\nINSERT INTO k (id, v) VALUES (1, 'KEY'), (2, CONCAT('jvx_', 'live_', 'abc')), (3, x'6a76785f6c6976655f');\n",
    ),
    (
        "README.md",
        "# Jourvex\n\n```sh\ncurl -H \"Authorization: Bearer KEY\" <https://example.org>\n```\n\n| name | value |\n|---|---|\n| key | **KEY** |\n\n\
         Use `jvx_live_...`, not [this](https://x:KEY@h \"t\").\n",
    ),
    (
        "http/requests.http",
        "### jourvex\nGET https://jourvex-api.onrender.com/api/journey?key=KEY HTTP/1.1\nAuthorization: Basic B64\nX-Api-Key:\n  KEY\n\n\
         {\"k\": \"%6a%76%78_live_abc\"}\n",
    ),
    (
        ".jvxleaks.toml",
        "[scan]\nexclude = [\"vendor/**\", '*.min.js']\n\n[[allow]]\nrule = \"jourvex-key\"\npaths = [\"tests/**\"]\nreason = 'made up'\n",
    ),
    (
        "rules/own.toml",
        "[[rules]]\nid = \"acme\"\ndescription = 'Acme token'\nseverity = \"high\"\nkeywords = [\"acme_\"]\nregex = '''acme_([a-z0-9]{8,})'''\n\
         secretGroup = 1\n[[rules.examples]]\ntext = 'acme_{lower:20}'\n",
    ),
];

/// Most changes of one text.
const MOST: usize = 48;

/// The text that `input` asks for, with its path: the first byte chooses it, and each three behind it a change.
pub(super) fn text(input: &[u8], key: &str) -> (&'static str, String) {
    let (first, rest) = input.split_first().unwrap_or((&0, &[]));
    let (path, text) = TEXTS[usize::from(*first) % TEXTS.len()];
    let mail = key.replace('_', "=5F");
    let text = text.replace("KEY", key).replace("QP", &mail);
    let mut text = text.replace("B64", &base64(key));
    for change in rest.chunks_exact(3).take(MOST) {
        let at = usize::from(u16::from_be_bytes([change[1], change[2]]));
        text = changed(&text, change[0], at);
    }
    (path, text)
}

/// The text with one change at the nth line, token or quote.
fn changed(text: &str, kind: u8, at: usize) -> String {
    let mut parts = match kind % 4 {
        0 => text.split_inclusive('\n').collect(),
        1 | 2 => tokens(text),
        _ => return requoted(text, kind, at),
    };
    let number = parts.len().max(1);
    let (this, next) = (at % number, (at + 1) % number);
    match (kind / 4) % 6 {
        _ if parts.is_empty() => {}
        0 => drop(parts.remove(this)),
        1 => parts.insert(this, parts[this]),
        2 => parts.swap(this, next),
        3 => parts[this] = halved(parts[this]),
        4 => parts.truncate(this),
        _ => parts[this] = parts[(at / 7) % number],
    }
    parts.concat()
}

/// Words, and what stands between them character by character.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
        let end = if end > 0 {
            end
        } else {
            rest.chars().next().map_or(0, char::len_utf8)
        };
        let (token, behind) = rest.split_at(end);
        tokens.push(token);
        rest = behind;
    }
    tokens
}

fn halved(part: &str) -> &str {
    let middle = part.char_indices().nth(part.chars().count() / 2);
    &part[..middle.map_or(0, |(at, _)| at)]
}

/// The text with one quote changed, or all of a sort, or other ends of lines.
fn requoted(text: &str, kind: u8, at: usize) -> String {
    const QUOTES: [char; 3] = ['"', '\'', '`'];
    let other = |quote: char| {
        let number = QUOTES.iter().position(|q| *q == quote).unwrap_or(0);
        QUOTES[(number + 1 + at % 2) % QUOTES.len()]
    };
    match (kind / 4) % 4 {
        0 => {
            let quotes: Vec<(usize, &str)> = text.match_indices(QUOTES).collect();
            let Some((place, quote)) = quotes.get(at % quotes.len().max(1)) else {
                return text.to_owned();
            };
            let new = quote.chars().map(other).collect::<String>();
            [&text[..*place], &new, &text[place + 1..]].concat()
        }
        1 => {
            let from = QUOTES[at % QUOTES.len()];
            text.replace(from, &other(from).to_string())
        }
        2 => text.replace('\n', "\r\n"),
        _ => text.replace("\r\n", "\n").replace('\n', " "),
    }
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |bytes: &[u8]| -> Vec<char> {
        let number = |at: usize| u32::from(bytes.get(at).copied().unwrap_or(0));
        let bits = number(0) << 16 | number(1) << 8 | number(2);
        let digit = |at: usize| char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]);
        (0..=bytes.len()).map(digit).collect()
    };
    text.as_bytes().chunks(3).flat_map(group).collect()
}
