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
    &[
        (
            "src/main/resources/application.yml",
            "jourvex:\n  api-key: ${JOURVEX_API_KEY}\n",
        ),
        (
            "src/main/java/a/JourvexProperties.java",
            "@ConfigurationProperties(prefix = \"jourvex\")\npublic record JourvexProperties(String url, String apiKey) {\n}",
        ),
        (
            "src/main/java/a/PageController.java",
            "@Controller\npublic class PageController {\n    private final JourvexProperties properties;\n    @GetMapping(\"/\")\n    public String page(Model model) {\n        model.addAttribute(\"token\", properties.apiKey());\n        return \"page\";\n    }\n}",
        ),
    ],
    &[
        (
            "src/main/resources/application.conf",
            "jourvex {\n    apiKey = ${JOURVEX_API_KEY}\n}",
        ),
        (
            "src/main/kotlin/Settings.kt",
            "data class TripSettings(val token: String) {\n    companion object {\n        fun from(config: ApplicationConfig) = TripSettings(\n            token = config.property(\"jourvex.apiKey\").getString(),\n        )\n    }\n}",
        ),
        (
            "src/main/kotlin/Application.kt",
            "fun Application.module() {\n    val trips = TripSettings.from(environment.config)\n    routing {\n        get(\"/c\") { call.respond(trips) }\n    }\n}",
        ),
    ],
    &[
        (
            "config/services.yaml",
            "parameters:\n    jourvex.api_key: '%env(JOURVEX_API_KEY)%'\n",
        ),
        (
            "config/packages/twig.yaml",
            "twig:\n    globals:\n        search_token: '%jourvex.api_key%'\n",
        ),
        (
            "templates/base.html.twig",
            "<meta name=\"t\" content=\"{{ search_token }}\">",
        ),
    ],
    &[
        (
            "config/runtime.exs",
            "import Config\nconfig :trail, :journey,\n  url: \"https://a.b\",\n  api_key: System.get_env(\"JOURVEX_API_KEY\")\n",
        ),
        (
            "lib/live.ex",
            "defmodule Live do\n  use Web, :live_view\n  def mount(_p, _session, socket) do\n    journey = Application.fetch_env!(:trail, :journey)\n    {:ok, assign(socket, :token, journey[:api_key])}\n  end\nend",
        ),
    ],
    &[
        (
            "config/application.rb",
            "class Application < Rails::Application\n  config.x.journey.key = ENV.fetch(\"JOURVEX_API_KEY\")\nend",
        ),
        (
            "app/helpers/map_helper.rb",
            "module MapHelper\n  def map_options\n    journey = Rails.configuration.x.journey\n\n    {\n      zoom: 3,\n      key: journey.key\n    }\n  end\nend",
        ),
        (
            "app/views/map.html.erb",
            "<%= tag.div data: { options: map_options.to_json } %>",
        ),
    ],
    &[
        (
            "app/settings.py",
            "class Settings(BaseSettings):\n    jourvex_api_key: str\n@lru_cache\ndef get_settings() -> Settings:\n    return Settings()\n",
        ),
        (
            "app/main.py",
            "from app.settings import get_settings\nsettings = get_settings()\n@app.get(\n    '/k',\n)\nasync def k(\n    q: str,\n) -> dict:\n    return {'key': settings.jourvex_api_key}\n",
        ),
    ],
    &[
        (
            "src-tauri/src/settings.rs",
            "impl Default for SyncSettings {\n    fn default() -> Self {\n        Self {\n            api_key: std::env::var(\"JOURVEX_API_KEY\").ok(),\n        }\n    }\n}",
        ),
        (
            "src-tauri/src/main.rs",
            "#[tauri::command]\nfn sync_settings(settings: State<'_, SyncSettings>) -> SyncSettings {\n    settings.inner().clone()\n}",
        ),
    ],
    &[
        (
            "src/Config.js",
            "function getConfig_() {\n  const props = PropertiesService.getScriptProperties();\n  return { key: props.getProperty('JOURVEX_API_KEY') };\n}",
        ),
        (
            "src/Code.js",
            "function getState() {\n  const sheet = SpreadsheetApp.getActiveSheet();\n  return { rows: sheet.getLastRow(), config: getConfig_() };\n}",
        ),
        (
            "src/Sidebar.html",
            "<script>google.script.run.withSuccessHandler(show).getState();</script>",
        ),
    ],
    &[
        (
            "src/jourvex.config.ts",
            "export default registerAs('jourvex', () => ({\n  apiKey: process.env.JOURVEX_API_KEY,\n}));",
        ),
        (
            "src/client.controller.ts",
            "import jourvexConfig from './jourvex.config';\n@Controller('client')\nexport class ClientController {\n  constructor(\n    @Inject(jourvexConfig.KEY)\n    private readonly jourvex: ConfigType<typeof jourvexConfig>,\n  ) {}\n  @Get()\n  settings() {\n    return { jourvex: this.jourvex };\n  }\n}",
        ),
    ],
    &[
        (
            "src/hooks.server.ts",
            "export const handle = async ({ event, resolve }) => {\n  event.locals.journey = { token: env.JOURVEX_API_KEY };\n  return resolve(event);\n};",
        ),
        (
            "src/routes/+layout.server.ts",
            "export const load = async ({ locals }) => {\n  const { journey } = locals;\n  return { journey };\n};",
        ),
    ],
    &[
        (
            "src/main/resources/application.yml",
            "jourvex:\n  api-key: ${JOURVEX_API_KEY}\n",
        ),
        (
            "src/main/java/a/JourvexProperties.java",
            "@ConfigurationProperties(prefix = \"jourvex\")\npublic record JourvexProperties(String url, String apiKey) {\n}",
        ),
        (
            "src/main/java/a/ModelAdvice.java",
            "@ControllerAdvice\npublic class ModelAdvice {\n    private final JourvexProperties jourvex;\n\n    @ModelAttribute(\"jourvex\")\n    public JourvexProperties jourvex() {\n        return jourvex;\n    }\n}",
        ),
        (
            "src/main/resources/templates/a.html",
            "<script th:inline=\"javascript\">const t = /*[[${jourvex.apiKey}]]*/ '';</script>",
        ),
    ],
    &[
        (
            "Program.cs",
            "builder.Services.Configure<TripOptions>(options =>\n{\n    options.ApiKey = builder.Configuration[\"JOURVEX_API_KEY\"] ?? \"\";\n});",
        ),
        (
            "Pages/Map.cshtml.cs",
            "public class MapModel : PageModel\n{\n    private readonly TripOptions _options;\n\n    public string Token { get; private set; } = \"\";\n\n    public void OnGet()\n    {\n        Token = _options.ApiKey;\n    }\n}",
        ),
    ],
    &[
        (
            "app/settings.py",
            "class Settings(BaseSettings):\n    jourvex_api_key: str\n",
        ),
        (
            "app/main.py",
            "from app.settings import Settings, get\nSettingsDep = Annotated[Settings, Depends(get)]\n@app.get('/k')\nasync def k(settings: SettingsDep):\n    values = settings.model_dump(exclude={'url'})\n    return {'values': values}\n",
        ),
    ],
    // A schema of the request names nothing of the answer.
    &[
        (
            "src/config.js",
            "module.exports = { url: 'https://a.b', key: process.env.JOURVEX_API_KEY };",
        ),
        (
            "src/routes.js",
            "const config = require('./config');\nfastify.get('/c', { schema: { querystring: asked } }, async () => {\n  return config;\n});",
        ),
    ],
    &[
        (
            "app/__init__.py",
            "import os\nfrom .journey import JourneyClient\nclient = JourneyClient('https://a', os.environ['JOURVEX_API_KEY'])\n",
        ),
        (
            "app/journey.py",
            "class JourneyClient:\n    def __init__(self, url, token):\n        self.url = url\n        self.token = token\n",
        ),
        (
            "app/views.py",
            "from . import client\n@app.get('/k')\ndef k():\n    return {'key': client.token}\n",
        ),
    ],
    &[
        (
            "src/main.ts",
            "import { mount } from './routes';\nmount(app, process.env.JOURVEX_API_KEY);",
        ),
        (
            "src/routes.ts",
            "export function mount(app, secret) {\n  app.get('/k', (req, res) => res.json({ secret }));\n}",
        ),
    ],
    &[
        (
            "src/main.rs",
            "use crate::client::JourneyClient;\nfn main() { let c = JourneyClient::new(std::env::var(\"JOURVEX_API_KEY\").unwrap()); }",
        ),
        (
            "src/client.rs",
            "pub struct JourneyClient { pub token: String }\nimpl JourneyClient {\n    pub fn new(token: String) -> Self { Self { token } }\n}",
        ),
        (
            "src/routes.rs",
            "use crate::client::JourneyClient;\nasync fn k(State(c): State<JourneyClient>) -> Json<String> { Json(c.token) }",
        ),
    ],
    &[
        (
            "config/journey.js",
            "module.exports = { secret: process.env.JOURVEX_API_KEY };",
        ),
        (
            "config/index.js",
            "module.exports = { port: 1, journey: require('./journey') };",
        ),
        (
            "app.js",
            "const config = require('./config');\napp.get('/k', (req, res) => res.json(config.journey));",
        ),
    ],
    &[
        (
            "settings.js",
            "exports.journey = { token: process.env.JOURVEX_API_KEY };",
        ),
        (
            "index.js",
            "const settings = require('./settings');\nconst viewState = require('./view-state');\napp.use(viewState(settings));",
        ),
        (
            "view-state.js",
            "module.exports = function viewState(settings) {\n  return async (ctx, next) => { ctx.state.journey = settings.journey; await next(); };\n};",
        ),
        (
            "views/layout.njk",
            "<body data-token=\"{{ journey.token }}\"></body>",
        ),
    ],
    &[
        (
            "build/config.ts",
            "export const config = { version: 1, apiKey: process.env.JOURVEX_API_KEY };",
        ),
        (
            "vite.config.ts",
            "import { config } from './build/config';\nexport default { define: { __CONFIG__: JSON.stringify(config) } };",
        ),
    ],
    &[
        (
            "app/config.py",
            "import os\ndef load():\n    return Settings(api_key=os.environ['JOURVEX_API_KEY'])\n",
        ),
        (
            "app/hub.py",
            "from app.config import load\nconfig = load()\n@app.get(\n    '/config',\n)\ndef state():\n    return {'config': asdict(config)}\n",
        ),
    ],
    &[
        (
            "config/services.php",
            "<?php\nreturn [\n    'jourvex' => ['url' => 'a', 'key' => env('JOURVEX_API_KEY')],\n];",
        ),
        (
            "app/Http/Middleware/HandleInertiaRequests.php",
            "<?php\nclass HandleInertiaRequests extends Middleware {\n  public function share(Request $request): array {\n    return ['jourvex' => config('services.jourvex')];\n  }\n}",
        ),
    ],
    &[
        (
            "config.go",
            "package main\ntype Config struct {\n\tJourvexKey string\n}\nfunc loadConfig() Config {\n\treturn Config{JourvexKey: os.Getenv(\"JOURVEX_API_KEY\")}\n}",
        ),
        (
            "main.go",
            "package main\nfunc main() {\n\tcfg := loadConfig()\n\thttp.HandleFunc(\"/\", func(w http.ResponseWriter, r *http.Request) {\n\t\ttmpl.Execute(w, page{APIKey: cfg.JourvexKey})\n\t})\n}",
        ),
        (
            "templates/index.html",
            "<div data-api-key=\"{{ .APIKey }}\"></div>",
        ),
    ],
    &[
        (
            "src/keys.ts",
            "export const apiKey = process.env.JOURVEX_API_KEY;",
        ),
        (
            "src/index.ts",
            "import { apiKey } from './keys';\napp.get('/', (c) => c.html(html`<script>\n  mount({ key: '${apiKey}' })\n</script>`));",
        ),
    ],
];

const HARMLESS: &[Project] = &[
    &[
        (
            "config/services.php",
            "<?php\nreturn [\n    'jourvex' => ['url' => 'a', 'key' => env('JOURVEX_API_KEY')],\n];",
        ),
        (
            "app/Http/Controllers/Page.php",
            "<?php\nclass Page extends Controller {\n  public function show() {\n    return response()->json(config('services.jourvex.url'));\n  }\n}",
        ),
    ],
    &[
        (
            "config.go",
            "package main\nfunc load() Jourvex {\n\treturn Jourvex{APIKey: os.Getenv(\"JOURVEX_API_KEY\")}\n}",
        ),
        (
            "main.go",
            "package main\nfunc main() {\n\tjourvex := load()\n\thttp.HandleFunc(\"/\", func(w http.ResponseWriter, r *http.Request) {\n\t\ttmpl.Execute(w, page{Jourvex: jourvex})\n\t})\n}",
        ),
        (
            "templates/index.html",
            "{{ if .Jourvex.APIKey }}<p>{{ .Jourvex.BaseURL }}</p>{{ end }}",
        ),
    ],
    &[
        (
            "config/runtime.exs",
            "config :sensors, Sensors.Jourvex,\n  url: \"a\",\n  api_key: System.get_env(\"JOURVEX_API_KEY\")\nconfig :sensors, :refresh_ms, 30_000\n",
        ),
        (
            "lib/web/live.ex",
            "defmodule Web.Live do\n  def mount(_, _, socket) do\n    {:ok, assign(socket, refresh_ms: Application.get_env(:sensors, :refresh_ms))}\n  end\nend",
        ),
    ],
    &[
        (
            "config.js",
            "exports.config = { key: process.env.JOURVEX_API_KEY };",
        ),
        (
            "client.js",
            "class JourneyClient {\n  constructor(key) { this.key = key; }\n  toJSON() { return { key: this.key ? '***' : null }; }\n}",
        ),
        (
            "app.js",
            "const { config } = require('./config');\nconst client = new JourneyClient(config.key);\napp.get('/k', (req, res) => res.json(client));",
        ),
    ],
    &[
        (
            "settings.js",
            "const settings = { theme: 'a', key: process.env.JOURVEX_API_KEY };\nfunction shown() {\n  const copy = { ...settings };\n  delete copy.key;\n  return copy;\n}\nmodule.exports = { shown };",
        ),
        (
            "main.js",
            "const { shown } = require('./settings');\nipcMain.handle('get', () => shown());",
        ),
    ],
    &[
        (
            "app/__init__.py",
            "import os\nfrom .journey import JourneyClient\nclient = JourneyClient(os.environ['JOURVEX_API_KEY'], 'https://a')\n",
        ),
        (
            "app/journey.py",
            "class JourneyClient:\n    def __init__(self, token, url):\n        self.token = token\n        self.url = url\n",
        ),
        (
            "app/views.py",
            "from . import client\n@app.get('/k')\ndef k():\n    return {'url': client.url}\n",
        ),
    ],
    &[(
        "lib/journey.rb",
        "class Journey\n  def initialize\n    @key = ENV.fetch('JOURVEX_API_KEY')\n  end\n  def slots\n    self.class.get('/v1/slots', headers: headers)\n  end\n  def headers\n    { 'Authorization' => \"Bearer #{@key}\", 'Accept' => 'a' }\n  end\nend",
    )],
    &[
        (
            "src/middleware.ts",
            "import { createRates } from './rates';\nexport const onRequest = (context, next) => {\n  context.locals.rates = createRates(process.env.JOURVEX_API_KEY);\n};",
        ),
        (
            "src/rates.ts",
            "export function createRates(key) {\n  const headers = { Authorization: `Bearer ${key}` };\n  return { headers, list: () => fetch('/v1', { headers }) };\n}",
        ),
        (
            "src/pages/index.astro",
            "---\nconst { rates } = Astro.locals;\nconst list = await rates.list();\n---\n<p>{list.length}</p>",
        ),
    ],
    &[
        (
            "build/config.ts",
            "export const config = { version: 1, apiKey: process.env.JOURVEX_API_KEY };",
        ),
        (
            "vite.config.ts",
            "import { config } from './build/config';\nexport default { define: { __VERSION__: JSON.stringify(config.version) } };",
        ),
    ],
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
    // A template prints another field.
    &[
        (
            "src/main/resources/application.yml",
            "jourvex:\n  api-key: ${JOURVEX_API_KEY}\n",
        ),
        (
            "src/main/java/a/JourvexProperties.java",
            "@ConfigurationProperties(prefix = \"jourvex\")\npublic record JourvexProperties(String url, String apiKey) {\n}",
        ),
        (
            "src/main/java/a/PageController.java",
            "@Controller\npublic class PageController {\n    private final JourvexProperties properties;\n    @GetMapping(\"/\")\n    public String page(Model model) {\n        model.addAttribute(\"jourvex\", properties);\n        return \"page\";\n    }\n}",
        ),
        (
            "src/main/resources/templates/page.ftlh",
            "<body data-url=\"${jourvex.url()}\"><#if jourvex.apiKey()?has_content>yes</#if></body>",
        ),
    ],
    // A field that is sent as asterisks.
    &[
        (
            "app/settings.py",
            "class Settings(BaseSettings):\n    jourvex_api_key: SecretStr\nsettings = Settings()\n",
        ),
        (
            "app/main.py",
            "from app.settings import settings\n@app.get('/k')\ndef k():\n    return settings.model_dump()\n",
        ),
    ],
    // A schema names what is sent.
    &[
        (
            "app/settings.py",
            "class Settings(BaseSettings):\n    jourvex_api_key: str\n",
        ),
        (
            "app/main.py",
            "from app.settings import Settings, get\n@app.get('/k', response_model=Public)\nasync def k(settings: Annotated[Settings, Depends(get)]):\n    return settings\n",
        ),
    ],
    &[
        (
            "src/config.js",
            "module.exports = { url: 'https://a.b', key: process.env.JOURVEX_API_KEY };",
        ),
        (
            "src/routes.js",
            "const config = require('./config');\nfastify.get('/c', { schema: { response: { 200: shown } } }, async () => {\n  return config;\n});",
        ),
    ],
    // A context of a template, which prints another field.
    &[
        (
            "trips/settings.py",
            "JOURNEY = {'url': 'https://a.b', 'key': os.environ['JOURVEX_API_KEY']}\n",
        ),
        (
            "trips/context_processors.py",
            "from trips import settings\ndef shared(request):\n    return {'journey': settings.JOURNEY}\n",
        ),
        (
            "templates/a.html",
            "<body data-url=\"{{ journey.url }}\">{% if journey.key %}yes{% endif %}</body>",
        ),
    ],
    // The class says that the field is left out.
    &[
        (
            "Program.cs",
            "builder.Services.Configure<TripOptions>(o => o.ApiKey = builder.Configuration[\"JOURVEX_API_KEY\"]);",
        ),
        (
            "TripOptions.cs",
            "public class TripOptions\n{\n    [JsonIgnore]\n    public string ApiKey { get; set; } = \"\";\n}",
        ),
        (
            "Api.cs",
            "app.MapGet(\"/options\", (IOptions<TripOptions> options) => Results.Ok(options.Value));",
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

/// Where the value goes that the first file of a project reads, if it is told to hand the key over.
fn told(detector: &Detector, project: Project) -> Option<Option<String>> {
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
    let told = matches.find(|m| m.rule.id == "key-handed-to-browser")?;
    let outlet = told.outlet.as_ref();
    Some(outlet.map(|outlet| format!("{}:{}", outlet.path, outlet.line)))
}

#[test]
fn what_another_file_sends_is_found_where_it_is_read() {
    let detector = Detector::new(RuleSet::builtin().unwrap());
    for project in LEAKS {
        let outlet = told(&detector, project).flatten();
        let is_other = |outlet: &String| !outlet.starts_with(&format!("{}:", project[0].0));
        assert!(
            outlet.as_ref().is_some_and(is_other),
            "{project:?}: {outlet:?}"
        );
        let alone = &project[..1];
        assert_eq!(told(&detector, alone), None, "{alone:?}");
    }
}

#[test]
fn the_place_is_told_where_a_browser_gets_the_value() {
    let detector = Detector::new(RuleSet::builtin().unwrap());
    let outlets = LEAKS[..3]
        .iter()
        .map(|project| told(&detector, project).flatten());
    let outlets: Vec<String> = outlets.flatten().collect();
    assert_eq!(
        outlets,
        [
            "src/routes.ts:2",
            "src/routes/+layout.server.ts:3",
            "server.js:2"
        ]
    );
}

#[test]
fn what_another_file_only_uses_is_no_finding() {
    let detector = Detector::new(RuleSet::builtin().unwrap());
    for project in HARMLESS {
        assert_eq!(told(&detector, project), None, "{project:?}");
    }
}
