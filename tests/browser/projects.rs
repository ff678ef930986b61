//! Where the value of a variable goes that one file of a project reads and another sends.

use jvxleaks::detect::Detector;
use jvxleaks::model::{Blob, BlobPath, Nearby, Origin, ProjectFile};
use jvxleaks::rules::RuleSet;
use std::sync::Arc;

/// Files, the first of which reads the variable.
type Project = &'static [(&'static str, &'static str)];

const LEAKS: &[Project] = &[
    &[
        (
            "src/config.ts",
            "export const config = {\n  apiKey: process.env.JOURVEX_API_KEY,\n};",
        ),
        (
            "src/routes.ts",
            "import { config } from './config';\napp.get('/c', (req, res) => res.json(config));",
        ),
    ],
    &[
        (
            "lib/server/settings.ts",
            "export default { journey: { key: process.env.JOURVEX_API_KEY } };",
        ),
        (
            "src/routes/+layout.server.ts",
            "import settings from '$lib/server/settings';\nexport function load() {\n  return { k: settings.journey };\n}",
        ),
    ],
    &[
        (
            "config.js",
            "module.exports = { key: process.env.JOURVEX_API_KEY };",
        ),
        (
            "server.js",
            "const { key } = require('./config');\napp.get('/k', (req, res) => res.send(key));",
        ),
    ],
    &[
        (
            "main/settings.js",
            "exports.load = () => ({ key: process.env.JOURVEX_API_KEY });",
        ),
        (
            "main/index.js",
            "const settings = require('./settings');\nipcMain.handle('get', () => settings.load());",
        ),
    ],
    &[
        (
            "app/config.py",
            "import os\nJOURNEY_KEY = os.environ['JOURVEX_API_KEY']\n",
        ),
        (
            "app/views.py",
            "from app import config\n@app.get('/k')\ndef k():\n    return {'key': config.JOURNEY_KEY}\n",
        ),
    ],
    &[
        (
            "app/settings.py",
            "class Settings(BaseSettings):\n    jourvex_api_key: str\n",
        ),
        (
            "app/main.py",
            "from app.settings import Settings\n@app.get('/k')\ndef k(s: Annotated[Settings, Depends(get)]):\n    return {'key': s.jourvex_api_key}\n",
        ),
    ],
    &[
        (
            "internal/config/load.go",
            "package config\nfunc Load() (*Config, error) {\n\tkey := os.Getenv(\"JOURVEX_API_KEY\")\n\treturn &Config{Jourvex: Jourvex{APIKey: key}}, nil\n}",
        ),
        (
            "internal/web/web.go",
            "package web\nimport \"a.b/internal/config\"\ntype Handler struct {\n\tcfg *config.Config\n}\nfunc (h *Handler) show(c *gin.Context) {\n\tc.JSON(200, h.cfg.Jourvex)\n}",
        ),
    ],
    &[
        (
            "src/state.rs",
            "impl AppState {\n    fn new() -> Self {\n        let key = env::var(\"JOURVEX_API_KEY\").unwrap();\n        Self { key }\n    }\n}",
        ),
        (
            "src/pages.rs",
            "async fn index(State(state): State<AppState>) -> Html<String> {\n    Html(format!(\"<p>{}</p>\", state.key))\n}",
        ),
    ],
    &[
        (
            "includes/class-settings.php",
            "<?php\nclass Trip_Settings {\n  function __construct() { $this->token = getenv('JOURVEX_API_KEY'); }\n  function all() { return array( 'token' => $this->token ); }\n}",
        ),
        (
            "includes/class-assets.php",
            "<?php\nclass Assets {\n  function __construct( Trip_Settings $settings ) { $this->settings = $settings; }\n  function add() { wp_localize_script( 'a', 'a', $this->settings->all() ); }\n}",
        ),
    ],
    &[
        (
            "app/config.py",
            "class Trips(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix=\"JOURVEX_\")\n    url: str\n    api_key: str\n",
        ),
        (
            "app/main.py",
            "from app.config import Trips\n@app.get('/k')\ndef k(t: Annotated[Trips, Depends(get)]):\n    return t.model_dump()\n",
        ),
    ],
    &[
        (
            "config/config.go",
            "package config\ntype Config struct {\n\tKey string `env:\"JOURVEX_API_KEY,required\"`\n}",
        ),
        (
            "web/web.go",
            "package web\nfunc show(c *gin.Context, cfg config.Config) {\n\tc.JSON(200, cfg.Key)\n}",
        ),
    ],
    &[
        (
            "src/args.rs",
            "#[derive(Parser)]\npub struct Args {\n    #[arg(long, env = \"JOURVEX_API_KEY\")]\n    pub key: String,\n}",
        ),
        (
            "src/main.rs",
            "async fn index(State(args): State<Args>) -> Html<String> {\n    Html(format!(\"<p>{}</p>\", args.key))\n}",
        ),
    ],
];

const HARMLESS: &[Project] = &[
    // What comes back is sent.
    &[
        (
            "src/config.ts",
            "export const apiKey = process.env.JOURVEX_API_KEY;",
        ),
        (
            "src/routes.ts",
            "import { apiKey } from './config';\napp.get('/c', async (req, res) => res.json(await api.journey(apiKey, req.params.id)));",
        ),
    ],
    // Another module's name.
    &[
        (
            "src/config.ts",
            "export const settings = { key: process.env.JOURVEX_API_KEY };",
        ),
        (
            "src/routes.ts",
            "import { settings } from './theme';\napp.get('/c', (req, res) => res.json(settings));",
        ),
    ],
    // Another field.
    &[
        (
            "src/config.ts",
            "export const config = { key: process.env.JOURVEX_API_KEY, url: 'https://a.b' };",
        ),
        (
            "src/routes.ts",
            "import { config } from './config';\napp.get('/c', (req, res) => res.json({ url: config.url }));",
        ),
    ],
    // A field that is left out.
    &[
        (
            "config/load.go",
            "package config\ntype Config struct {\n\tKey string `json:\"-\"`\n}\nfunc Load() Config {\n\treturn Config{Key: os.Getenv(\"JOURVEX_API_KEY\")}\n}",
        ),
        (
            "web/web.go",
            "package web\nimport \"a.b/config\"\nfunc show(c *gin.Context, cfg config.Config) {\n\tc.JSON(200, cfg)\n}",
        ),
    ],
    // An argument that is called so.
    &[
        ("app/config.py", "key = os.environ['JOURVEX_API_KEY']\n"),
        (
            "app/views.py",
            "from app.config import key as own\n@app.get('/k')\ndef k(key: str):\n    return {'key': key}\n",
        ),
    ],
];

/// The files of a project in memory.
struct Files(Arc<[ProjectFile]>);

impl Nearby for Files {
    fn read(&self, path: &BlobPath) -> Option<Vec<u8>> {
        let file = self.0.iter().find(|file| file.path == *path)?;
        Some(file.text.clone())
    }

    fn project(&self, _: &BlobPath) -> Arc<[ProjectFile]> {
        Arc::clone(&self.0)
    }
}

/// True when the first file of a project is told to hand the key over.
fn is_told(detector: &Detector, project: Project) -> bool {
    let files = project.iter().map(|(path, text)| ProjectFile {
        path: BlobPath::from(*path),
        text: text.as_bytes().to_vec(),
    });
    let files = Files(files.collect());
    let blob = Blob {
        path: &files.0[0].path,
        origin: &Origin::File,
        bytes: &files.0[0].text,
    };
    let found = detector.detect_among(&blob, &files);
    let mut matches = found.iter().flat_map(|detection| &detection.matches);
    matches.any(|m| m.rule.id == "key-handed-to-browser")
}

#[test]
fn what_another_file_sends_is_found_where_it_is_read() {
    let detector = Detector::new(RuleSet::builtin().unwrap());
    for project in LEAKS {
        assert!(is_told(&detector, project), "{project:?}");
        let alone = &project[..1];
        assert!(!is_told(&detector, alone), "{alone:?}");
    }
}

#[test]
fn what_another_file_only_uses_is_no_finding() {
    let detector = Detector::new(RuleSet::builtin().unwrap());
    for project in HARMLESS {
        assert!(!is_told(&detector, project), "{project:?}");
    }
}
