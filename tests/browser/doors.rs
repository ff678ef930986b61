//! Where the value of a variable goes, in many languages and frameworks: to a browser, or no farther than the server.

use crate::found;

/// A file, by its path and its text, in which one line brings the value to a browser.
const LEAKS: &[(&str, &str)] = &[
    (
        "app/api/config/route.ts",
        "export async function GET() {\n  return NextResponse.json({ key: process.env.JOURVEX_API_KEY });\n}",
    ),
    (
        "app/api/c/route.ts",
        "export const GET = async () => Response.json({ apiKey: process.env.JOURVEX_API_KEY! });",
    ),
    (
        "pages/api/k.ts",
        "export default function handler(req, res) {\n  const key = process.env.JOURVEX_API_KEY;\n  res.status(200).json({ key });\n}",
    ),
    (
        "app/actions.ts",
        "'use server';\nexport async function getKey() {\n  return process.env.JOURVEX_API_KEY;\n}",
    ),
    (
        "app/page.tsx",
        "export default async function Page() {\n  async function reveal() {\n    'use server';\n    return process.env.JOURVEX_API_KEY;\n  }\n  return <Form action={reveal} />;\n}",
    ),
    (
        "src/routes/api/key/+server.ts",
        "import { JOURVEX_API_KEY } from '$env/static/private';\nimport { json } from '@sveltejs/kit';\nexport function GET() {\n  return json({ key: JOURVEX_API_KEY });\n}",
    ),
    (
        "src/routes/api/key/+server.ts",
        "import { env } from '$env/dynamic/private';\nexport const GET = () => new Response(env.JOURVEX_API_KEY);",
    ),
    (
        "server/api/key.get.ts",
        "export default defineEventHandler(() => ({ key: process.env.JOURVEX_API_KEY }));",
    ),
    (
        "server/api/key.get.ts",
        "export default defineEventHandler(async (event) => {\n  const key = process.env.JOURVEX_API_KEY;\n  return { key };\n});",
    ),
    (
        "src/worker.ts",
        "export default {\n  async fetch(req, env) {\n    return new Response(`const k = '${env.JOURVEX_API_KEY}';`, { headers: { 'content-type': 'text/javascript' } });\n  },\n};",
    ),
    (
        "src/index.ts",
        "const app = new Hono();\napp.get('/cfg', (c) => c.json({ key: c.env.JOURVEX_API_KEY }));",
    ),
    (
        "src/index.ts",
        "app.get('/cfg', (c) => {\n  const { JOURVEX_API_KEY } = env(c);\n  return c.text(JOURVEX_API_KEY);\n});",
    ),
    (
        "server.js",
        "app.get('/', (req, res) => {\n  res.locals.key = process.env.JOURVEX_API_KEY;\n  res.render('index');\n});",
    ),
    (
        "server.js",
        r#"app.get('/', (req, res) => res.send('<script>var k="' + process.env.JOURVEX_API_KEY + '"</script>'));"#,
    ),
    (
        "server.js",
        "const config = { key: process.env.JOURVEX_API_KEY };\napp.get('/c', (req, res) => { res.json(config); });",
    ),
    (
        "server.js",
        "http.createServer((req, res) => {\n  res.writeHead(200);\n  res.end(JSON.stringify({ key: process.env.JOURVEX_API_KEY }));\n}).listen(80);",
    ),
    (
        "fastify.js",
        "fastify.get('/k', async () => ({ key: process.env.JOURVEX_API_KEY }));",
    ),
    (
        "fastify.js",
        "fastify.get('/k', async (request, reply) => {\n  reply.send({ key: process.env.JOURVEX_API_KEY });\n});",
    ),
    (
        "koa.js",
        "router.get('/k', async (ctx) => {\n  ctx.body = { key: process.env.JOURVEX_API_KEY };\n});",
    ),
    (
        "app.py",
        "@app.route('/config')\ndef config():\n    return jsonify(key=os.environ['JOURVEX_API_KEY'])\n",
    ),
    (
        "app.py",
        "@app.route('/')\ndef index():\n    key = os.environ.get(\"JOURVEX_API_KEY\")\n    return render_template('index.html', key=key)\n",
    ),
    (
        "main.py",
        "@app.get('/config')\nasync def config():\n    return {'key': os.getenv('JOURVEX_API_KEY', '')}\n",
    ),
    (
        "views.py",
        "def index(request):\n    return render(request, 'map.html', {'key': settings.JOURVEX_API_KEY})\n",
    ),
    (
        "views.py",
        "from django.conf import settings\n\ndef key(request):\n    return JsonResponse({\"key\": settings.JOURVEX_API_KEY})\n",
    ),
    (
        "context_processors.py",
        "def keys(request):\n    return {\"jourvex_key\": settings.JOURVEX_API_KEY}\n",
    ),
    (
        "views.py",
        "class MapView(TemplateView):\n    def get_context_data(self, **kwargs):\n        context = super().get_context_data(**kwargs)\n        context['key'] = settings.JOURVEX_API_KEY\n        return context\n",
    ),
    (
        "app.py",
        "JOURVEX_API_KEY = os.environ['JOURVEX_API_KEY']\n\n@app.get('/k')\ndef k():\n    return f\"<script>const k = '{JOURVEX_API_KEY}'</script>\"\n",
    ),
    (
        "streamlit_app.py",
        "import streamlit.components.v1 as components\ncomponents.html(f\"<script>k='{os.environ['JOURVEX_API_KEY']}'</script>\")\n",
    ),
    (
        "app/controllers/c_controller.rb",
        "class CController < ApplicationController\n  def show\n    render json: { key: ENV['JOURVEX_API_KEY'] }\n  end\nend\n",
    ),
    (
        "app/controllers/c_controller.rb",
        "  def show\n    gon.key = ENV.fetch('JOURVEX_API_KEY')\n  end\n",
    ),
    (
        "app.rb",
        "get '/k' do\n  json key: ENV['JOURVEX_API_KEY']\nend\n",
    ),
    (
        "app.rb",
        "get '/k' do\n  content_type :json\n  { key: ENV['JOURVEX_API_KEY'] }.to_json\nend\n",
    ),
    (
        "routes/web.php",
        "<?php\nRoute::get('/k', function () {\n    return response()->json(['key' => env('JOURVEX_API_KEY')]);\n});",
    ),
    (
        "routes/web.php",
        "<?php\nRoute::get('/k', fn () => ['key' => env('JOURVEX_API_KEY')]);",
    ),
    (
        "app/Http/Controllers/M.php",
        "<?php\nclass M {\n  public function show() {\n    return view('map', ['key' => env('JOURVEX_API_KEY')]);\n  }\n}",
    ),
    (
        "functions.php",
        "<?php\nwp_localize_script('app', 'cfg', array('key' => getenv('JOURVEX_API_KEY')));",
    ),
    (
        "index.php",
        "<html><script>var k = '<?= getenv('JOURVEX_API_KEY') ?>';</script></html>",
    ),
    (
        "index.php",
        "<?php $key = $_ENV['JOURVEX_API_KEY']; ?>\n<div data-key=\"<?php echo htmlspecialchars($key); ?>\"></div>",
    ),
    (
        "key.php",
        "<?php\nheader('Content-Type: application/json');\necho json_encode(['key' => getenv('JOURVEX_API_KEY')]);",
    ),
    (
        "main.go",
        "func cfg(w http.ResponseWriter, r *http.Request) {\n\tfmt.Fprintf(w, \"window.k=%q\", os.Getenv(\"JOURVEX_API_KEY\"))\n}",
    ),
    (
        "main.go",
        "func cfg(w http.ResponseWriter, r *http.Request) {\n\tkey := os.Getenv(\"JOURVEX_API_KEY\")\n\tjson.NewEncoder(w).Encode(map[string]string{\"key\": key})\n}",
    ),
    (
        "main.go",
        "r.GET(\"/k\", func(c *gin.Context) {\n\tc.JSON(200, gin.H{\"key\": os.Getenv(\"JOURVEX_API_KEY\")})\n})",
    ),
    (
        "main.go",
        "func page(w http.ResponseWriter, r *http.Request) {\n\ttmpl.Execute(w, Page{Key: os.Getenv(\"JOURVEX_API_KEY\")})\n}",
    ),
    (
        "src/main.rs",
        "async fn config() -> Json<Value> {\n    Json(json!({ \"key\": std::env::var(\"JOURVEX_API_KEY\").unwrap() }))\n}",
    ),
    (
        "src/main.rs",
        "#[get(\"/k\")]\nasync fn k() -> String {\n    std::env::var(\"JOURVEX_API_KEY\").unwrap_or_default()\n}",
    ),
    (
        "src-tauri/src/main.rs",
        "#[tauri::command]\nfn api_key() -> String {\n    std::env::var(\"JOURVEX_API_KEY\").expect(\"key\")\n}",
    ),
    (
        "src/C.java",
        "@RestController\nclass C {\n  @GetMapping(\"/k\")\n  String key() { return System.getenv(\"JOURVEX_API_KEY\"); }\n}",
    ),
    (
        "src/C.java",
        "  @GetMapping(\"/\")\n  String page(Model model) {\n    model.addAttribute(\"key\", System.getenv(\"JOURVEX_API_KEY\"));\n    return \"map\";\n  }",
    ),
    (
        "src/C.kt",
        "  @GetMapping(\"/k\")\n  fun key() = mapOf(\"key\" to System.getenv(\"JOURVEX_API_KEY\"))",
    ),
    (
        "src/App.kt",
        "routing {\n  get(\"/k\") {\n    call.respondText(System.getenv(\"JOURVEX_API_KEY\"))\n  }\n}",
    ),
    (
        "Program.cs",
        r#"app.MapGet("/k", () => Results.Ok(new { key = Environment.GetEnvironmentVariable("JOURVEX_API_KEY") }));"#,
    ),
    (
        "C.cs",
        "[HttpGet]\npublic IActionResult Get() {\n  return Ok(new { Key = _config[\"JOURVEX_API_KEY\"] });\n}",
    ),
    (
        "C.cs",
        "public IActionResult Index() {\n  ViewBag.Key = Environment.GetEnvironmentVariable(\"JOURVEX_API_KEY\");\n  return View();\n}",
    ),
    (
        "lib/c.ex",
        "  def show(conn, _params) do\n    json(conn, %{key: System.get_env(\"JOURVEX_API_KEY\")})\n  end\n",
    ),
    (
        "lib/c.ex",
        "  def mount(_p, _s, socket) do\n    {:ok, assign(socket, :key, System.get_env(\"JOURVEX_API_KEY\"))}\n  end\n",
    ),
    (
        "Code.gs",
        "function doGet() {\n  const key = PropertiesService.getScriptProperties().getProperty('JOURVEX_API_KEY');\n  return HtmlService.createHtmlOutput('<script>var k=\"' + key + '\"</script>');\n}",
    ),
    (
        "electron/preload.ts",
        "contextBridge.exposeInMainWorld('jvx', { key: process.env.JOURVEX_API_KEY });",
    ),
    (
        "electron/main.ts",
        "ipcMain.handle('key', () => process.env.JOURVEX_API_KEY);",
    ),
    (
        "app/routes/m.tsx",
        "export async function loader() {\n  return { key: process.env.JOURVEX_API_KEY };\n}",
    ),
    (
        "app/routes/m.tsx",
        "export const loader = async () => {\n  const key = process.env.JOURVEX_API_KEY;\n  return json({ config: { key } });\n};",
    ),
    (
        "src/routes/index.tsx",
        "export const useKey = routeLoader$(() => process.env.JOURVEX_API_KEY);",
    ),
    (
        "src/routes/index.tsx",
        "export const useKey = routeLoader$(({ env }) => {\n  return env.get('JOURVEX_API_KEY');\n});",
    ),
    (
        "src/fn.ts",
        "export const getKey = createServerFn({ method: 'GET' }).handler(async () => process.env.JOURVEX_API_KEY);",
    ),
    (
        "src/pages/v.astro",
        "---\nconst key = import.meta.env.JOURVEX_API_KEY;\n---\n<div data-key={key}></div>",
    ),
    (
        "src/pages/v.astro",
        "---\nimport { JOURVEX_API_KEY } from 'astro:env/server';\n---\n<script define:vars={{ key: JOURVEX_API_KEY }}>x(key)</script>",
    ),
    (
        "routes/index.tsx",
        "export const handler = {\n  GET(_req, ctx) {\n    return ctx.render({ key: Deno.env.get('JOURVEX_API_KEY') });\n  },\n};",
    ),
    (
        "netlify/edge-functions/k.ts",
        r#"export default async () => new Response(`window.k="${Netlify.env.get('JOURVEX_API_KEY')}"`);"#,
    ),
    (
        "pages/i.tsx",
        "export async function getServerSideProps() {\n  return { props: { key: process.env.JOURVEX_API_KEY } };\n}",
    ),
    (
        "app/layout.tsx",
        "export default function L() {\n  return <body><script dangerouslySetInnerHTML={{ __html: `window.k=${JSON.stringify(process.env.JOURVEX_API_KEY)}` }} /></body>;\n}",
    ),
    (
        "app/p.tsx",
        "export default async function P() {\n  const key = process.env.JOURVEX_API_KEY;\n  return <Map apiKey={key} />;\n}",
    ),
    (
        "server.js",
        "function settings() {\n  return { key: process.env.JOURVEX_API_KEY };\n}\napp.get('/s', (req, res) => res.json(settings()));",
    ),
    (
        "server.js",
        "const token = process.env.JOURVEX_API_KEY;\nconst html = `<script>t='${token}'</script>`;\napp.get('/', (req, res) => res.send(html));",
    ),
    (
        "app/views/m.html.erb",
        r#"<%= javascript_tag "window.k = '#{ENV['JOURVEX_API_KEY']}'" %>"#,
    ),
    (
        "app/views/m.html.erb",
        r#"<div data-key="<%= ENV['JOURVEX_API_KEY'] %>"></div>"#,
    ),
    (
        "app/views/m.html.erb",
        "<%= content_tag :div, '', data: { key: ENV.fetch('JOURVEX_API_KEY') } %>",
    ),
    (
        "lib/web/m.html.heex",
        r#"<div data-key={System.get_env("JOURVEX_API_KEY")}></div>"#,
    ),
    (
        "Pages/M.cshtml",
        r#"<script>var k = '@Configuration["JOURVEX_API_KEY"]';</script>"#,
    ),
    (
        "Pages/M.cshtml",
        r#"<div data-k="@Environment.GetEnvironmentVariable("JOURVEX_API_KEY")"></div>"#,
    ),
    (
        "templates/m.html",
        r#"<script th:inline="javascript">var k = [[${@environment.getProperty('JOURVEX_API_KEY')}]];</script>"#,
    ),
    (
        "m.jsp",
        r#"<script>var k = '<%= System.getenv("JOURVEX_API_KEY") %>';</script>"#,
    ),
    (
        "layouts/index.html",
        r#"<script>var k = '{{ getenv "JOURVEX_API_KEY" }}';</script>"#,
    ),
    (
        "templates/m.html.twig",
        "<script>var k = '{{ app.request.server.get('JOURVEX_API_KEY') }}';</script>",
    ),
    (
        "resources/views/m.blade.php",
        "<script>var k = @json(env('JOURVEX_API_KEY'));</script>",
    ),
    (
        "resources/views/m.blade.php",
        r#"<meta name="k" content="{{ env('JOURVEX_API_KEY') }}">"#,
    ),
    (
        "templates/m.html",
        "<script>var k = '{{ JOURVEX_API_KEY }}';</script>",
    ),
    (
        "templates/m.html",
        "<script>var k = {{ settings.JOURVEX_API_KEY|tojson }};</script>",
    ),
    (
        "views/m.hbs",
        "<script>var k = '{{env.JOURVEX_API_KEY}}';</script>",
    ),
    (
        "views/m.ejs",
        "<script>var k = '<%- process.env.JOURVEX_API_KEY %>';</script>",
    ),
    (
        "views/m.pug",
        "script.\n  window.k = '#{process.env.JOURVEX_API_KEY}'\n",
    ),
    (
        "views/m.pug",
        "meta(name='k' content=process.env.JOURVEX_API_KEY)\n",
    ),
    (
        "_layouts/m.html",
        "<script>var k = '{{ site.env.JOURVEX_API_KEY }}';</script>",
    ),
    (
        "views/m.njk",
        "<script>var k = '{{ env.JOURVEX_API_KEY | dump | safe }}';</script>",
    ),
    (
        "instrumentation-client.ts",
        "import * as S from 's';\nS.init({ key: process.env.JOURVEX_API_KEY });",
    ),
    (
        "src/routes/trip.tsx",
        "export const Route = createFileRoute('/trip')({\n  loader: () => fetch(u, { headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` } }),\n});",
    ),
    (
        "nuxt.config.ts",
        "export default defineNuxtConfig({\n  app: { head: { meta: [{ name: 'jvx', content: process.env.JOURVEX_API_KEY }] } },\n});",
    ),
    (
        "rsbuild.config.ts",
        "export default defineConfig({ html: { templateParameters: { k: process.env.JOURVEX_API_KEY } } });",
    ),
    (
        "webpack.config.js",
        "module.exports = { plugins: [new HtmlWebpackPlugin({ templateParameters: { key: process.env.JOURVEX_API_KEY } })] };",
    ),
    (
        "vite.config.ts",
        "export default { plugins: [{ name: 'k', transformIndexHtml(html) { return html.replace('%K%', process.env.JOURVEX_API_KEY); } }] };",
    ),
    ("bunfig.toml", "[serve.static]\nenv = \"inline\"\n"),
    (
        "build.ts",
        "await Bun.build({ entrypoints: ['./a.ts'], outdir: 'dist', env: 'inline' });",
    ),
    (
        "package.json",
        r#"{"scripts":{"build":"bun build src/a.ts --outdir dist --env=inline"}}"#,
    ),
    (
        "src/_data/env.js",
        "module.exports = { jvx: process.env.JOURVEX_API_KEY };",
    ),
    (
        "static/env.template.js",
        "window.env = { JOURVEX_API_KEY: '${JOURVEX_API_KEY}' };",
    ),
    (
        "vite.config.ts",
        "export default defineConfig(({ mode }) => ({ define: { 'process.env': loadEnv(mode, process.cwd(), '') } }));",
    ),
    (
        "build.mjs",
        "import * as esbuild from 'esbuild';\nconst define = Object.fromEntries(Object.entries(process.env).map(([k, v]) => [`process.env.${k}`, JSON.stringify(v)]));\nawait esbuild.build({ define });",
    ),
    (
        "vite.config.ts",
        "import EnvironmentPlugin from 'vite-plugin-environment';\nexport default { plugins: [EnvironmentPlugin('all')] };",
    ),
    (
        "redwood.toml",
        "[web]\n  includeEnvironmentVariables = ['JOURVEX_API_KEY']\n",
    ),
    (
        "docker-entrypoint.sh",
        "#!/bin/sh\ncat > /usr/share/nginx/html/env.js <<EOF\nwindow.KEY = \"$JOURVEX_API_KEY\";\nEOF\nexec nginx\n",
    ),
    (
        "start.sh",
        "echo \"window.KEY='${JOURVEX_API_KEY}'\" > /usr/share/nginx/html/config.js\n",
    ),
    (
        "entrypoint.sh",
        "sed -i \"s|__KEY__|$JOURVEX_API_KEY|g\" /usr/share/nginx/html/index.html\n",
    ),
    (
        "default.conf.template",
        "location = /key { return 200 \"${JOURVEX_API_KEY}\"; }\n",
    ),
    (
        "src/lib.rs",
        "use wasm_bindgen::prelude::*;\n#[wasm_bindgen]\npub fn key() -> String { env!(\"JOURVEX_API_KEY\").to_string() }",
    ),
    (
        "src/app.rs",
        "use leptos::prelude::*;\n#[component]\nfn App() -> impl IntoView { let key = option_env!(\"JOURVEX_API_KEY\").unwrap_or(\"\"); view! { <Map key=key/> } }",
    ),
    (
        "lib/main.dart",
        "const key = String.fromEnvironment('JOURVEX_API_KEY');\n",
    ),
    (
        "public/a.js",
        "const x = new XMLHttpRequest();\nx.open(`GET`, `https://jourvex-api.onrender.com/api/journey/1`);\nx.setRequestHeader(`Authorization`, `Bearer ` + t);",
    ),
    (
        "islands/Map.tsx",
        "export default function Map() {\n  return <div data-k={Deno.env.get('JOURVEX_API_KEY')} />;\n}",
    ),
    (
        "next.config.ts",
        "export default { compiler: { define: { 'process.env.K': JSON.stringify(process.env.JOURVEX_API_KEY) } } };",
    ),
    (
        "webpack.config.js",
        "module.exports = [\n { name: 'client', plugins: [new DefinePlugin({ K: JSON.stringify(process.env.JOURVEX_API_KEY) })] },\n { name: 'server', target: 'node' },\n];",
    ),
    (
        "resources/views/m.blade.php",
        r#"<meta name="k" content="{{ config('services.jourvex.key') }}">"#,
    ),
    (
        "M.php",
        "<?php\nfunction show() {\n  $key = config('services.jourvex.key');\n  return view('map', compact('key'));\n}",
    ),
    (
        "C.java",
        "@Controller class C {\n  @Value(\"${JOURVEX_API_KEY}\")\n  private String apiKey;\n\n  @GetMapping(\"/\") String map(Model model) {\n    model.addAttribute(\"key\", apiKey);\n    return \"map\";\n  }\n}",
    ),
    (
        "server/api/k.ts",
        "export default defineEventHandler(() => ({ key: useRuntimeConfig().jourvexApiKey }));",
    ),
    (
        "main.go",
        "func cfg(w http.ResponseWriter, r *http.Request) {\n\tkey, ok := os.LookupEnv(\"JOURVEX_API_KEY\")\n\tif !ok {\n\t\treturn\n\t}\n\tw.Write([]byte(key))\n}",
    ),
    (
        "server.js",
        "function cfg(req, res) { return { key: process.env.JOURVEX_API_KEY }; }\nfastify.get('/c', cfg);",
    ),
    (
        "src/main.rs",
        "async fn cfg() -> String {\n    std::env::var(\"JOURVEX_API_KEY\").unwrap()\n}\nfn app() -> Router { Router::new().route(\"/cfg\", get(cfg)) }",
    ),
    (
        "lambda.js",
        "exports.handler = async () => ({ statusCode: 200, body: JSON.stringify({ key: process.env.JOURVEX_API_KEY }) });",
    ),
    (
        "fn.py",
        "def lambda_handler(event, context):\n    return {'statusCode': 200, 'body': json.dumps({'key': os.environ['JOURVEX_API_KEY']})}\n",
    ),
    (
        "lib/c.ex",
        "  def show(conn, _) do\n    conn |> assign(:key, System.get_env(\"JOURVEX_API_KEY\")) |> render(:show)\n  end\n",
    ),
    (
        "src/App.php",
        "<?php\nclass A extends AbstractController {\n  public function k(): Response {\n    return $this->json(['key' => $_SERVER['JOURVEX_API_KEY']]);\n  }\n}",
    ),
    (
        ".eleventy.js",
        "module.exports = (cfg) => {\n  cfg.addGlobalData('key', process.env.JOURVEX_API_KEY);\n};",
    ),
    (
        "src/fn.ts",
        "export const Route = createServerFileRoute('/k').methods({ GET: () => json({ key: process.env.JOURVEX_API_KEY }) });",
    ),
    (
        "app/layout.tsx",
        "export const metadata = { other: { key: process.env.JOURVEX_API_KEY } };",
    ),
    (
        "h.py",
        "class H(tornado.web.RequestHandler):\n    def get(self):\n        self.write({'key': os.environ['JOURVEX_API_KEY']})\n",
    ),
    (
        "s.ts",
        "@Controller() class S {\n  private readonly key = process.env.JOURVEX_API_KEY;\n  @Get('k') cfg() { return { key: this.key }; }\n}",
    ),
    (
        "server.js",
        "const conf = { jourvex: { secret: process.env.JOURVEX_SECRET } };\nrouter.post('/s', (ctx) => {\n  ctx.cookies.set('jvx', conf.jourvex.secret);\n});",
    ),
    (
        "server.js",
        "function settings() {\n  const own = { url: 'u' };\n  own.auth = 'Bearer ' + process.env.JOURVEX_API_KEY;\n  return own;\n}\napp.get('/c.js', (req, res) => {\n  res.type('js').send(`window.C = ${JSON.stringify(settings())}`);\n});",
    ),
    (
        "rollup.config.js",
        "const { JOURVEX_API_KEY: key } = process.env;\nexport default { plugins: [replace({ values: { __KEY__: JSON.stringify(key) } })] };",
    ),
    (
        "app/trips/page.tsx",
        "export default async function Page() {\n  const options = { url: '/t', auth: process.env.JOURVEX_API_KEY };\n  return <Map {...options} />;\n}",
    ),
    (
        "Pages/Tours.cshtml.cs",
        "public string? Auth { get; private set; }\npublic void OnGet()\n{\n    Auth = Environment.GetEnvironmentVariable(\"JOURVEX_WIDGET_TOKEN\");\n}",
    ),
    (
        "app/views/m.html.erb",
        "<p data-k=\"<%= ENV['JOURVEX_API_KEY'] -%>\"></p>",
    ),
    (
        "layouts/a.gohtml",
        "<p data-k=\"{{- getenv \"JOURVEX_API_KEY\" -}}\"></p>",
    ),
    (
        "src/routes/api/+server.ts",
        "import { JOURVEX_API_KEY as key } from '$env/static/private';\nimport { json } from '@sveltejs/kit';\nexport const GET = () => json({ key });\n",
    ),
    (
        "py/a.py",
        "from settings import JOURVEX_API_KEY as API_KEY\nfrom flask import Flask, jsonify\napp = Flask(__name__)\n\n@app.get(\"/config\")\ndef config():\n    return jsonify(key=API_KEY)\n",
    ),
    (
        "py/cls.py",
        "class Maps:\n    def __init__(self):\n        self.key = os.environ[\"JOURVEX_API_KEY\"]\n        self.session = requests.Session()\n\n    def for_page(self):\n        return {\"key\": self.key, \"zoom\": 3}\n\nmaps = Maps()\n\n@app.route(\"/maps\")\ndef page():\n    return jsonify(maps.for_page())\n",
    ),
    (
        "py/lambda.py",
        "def lambda_handler(event, context):\n    cfg = {\"key\": os.environ[\"JOURVEX_API_KEY\"]}\n    return {\"statusCode\": 200, \"body\": json.dumps(cfg)}\n",
    ),
    (
        "go/main.go",
        "package main\n\ntype Config struct {\n\tKey string `json:\"key\"`\n\tBase string\n}\n\nfunc load() Config {\n\treturn Config{Base: \"https://jourvex-api.onrender.com\", Key: os.Getenv(\"JOURVEX_API_KEY\")}\n}\n\nfunc main() {\n\tcfg := load()\n\thttp.HandleFunc(\"/config\", func(w http.ResponseWriter, r *http.Request) {\n\t\tjson.NewEncoder(w).Encode(map[string]string{\"key\": cfg.Key})\n\t})\n}\n",
    ),
    (
        "go/srv.go",
        "package main\n\ntype Server struct {\n\tapiKey string\n}\n\nfunc NewServer() *Server {\n\treturn &Server{apiKey: os.Getenv(\"JOURVEX_API_KEY\")}\n}\n\nfunc (s *Server) handleConfig(w http.ResponseWriter, r *http.Request) {\n\tfmt.Fprintf(w, \"window.KEY=%q\", s.apiKey)\n}\n",
    ),
    (
        "rs/main.rs",
        "use axum::{extract::State, Json};\n#[derive(Clone)]\nstruct AppState { api_key: String }\n\nasync fn config(State(state): State<AppState>) -> Json<Value> {\n    Json(json!({ \"key\": state.api_key }))\n}\n\n#[tokio::main]\nasync fn main() {\n    let state = AppState { api_key: std::env::var(\"JOURVEX_API_KEY\").unwrap() };\n    let app = Router::new().route(\"/config\", get(config)).with_state(state);\n}\n",
    ),
    (
        "rs/actix.rs",
        "struct AppState { api_key: String }\n\n#[get(\"/config\")]\nasync fn config(data: web::Data<AppState>) -> impl Responder {\n    HttpResponse::Ok().json(json!({ \"key\": data.api_key }))\n}\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    let api_key = std::env::var(\"JOURVEX_API_KEY\").expect(\"key\");\n    let data = web::Data::new(AppState { api_key });\n    HttpServer::new(move || App::new().app_data(data.clone()).service(config)).run().await\n}\n",
    ),
    (
        "src/resolvers.ts",
        "export const resolvers = {\n  Query: {\n    config: () => ({ mapKey: process.env.JOURVEX_API_KEY, base: 'x' }),\n    journeys: async (_, { id }) => fetchJourney(id, process.env.JOURVEX_API_KEY),\n  },\n};\n",
    ),
    (
        "src/graphql.js",
        "const { ApolloServer } = require('@apollo/server');\nconst key = process.env.JOURVEX_API_KEY;\nconst resolvers = {\n  Query: {\n    clientConfig() {\n      return { key };\n    },\n  },\n  Mutation: {\n    refresh: async () => {\n      const r = await fetch('https://jourvex-api.onrender.com/api', { headers: { Authorization: `Bearer ${key}` } });\n      return r.json();\n    },\n  },\n};\n",
    ),
    (
        "cs/HomeController.cs",
        "public class HomeController : Controller {\n    private readonly string _key;\n    public HomeController(IConfiguration config) {\n        _key = config[\"JOURVEX_API_KEY\"];\n    }\n    public IActionResult Index() {\n        ViewBag.Key = _key;\n        return View();\n    }\n    [HttpGet(\"/api/cfg\")]\n    public IActionResult Cfg() => Ok(new { key = _key });\n}\n",
    ),
    (
        "rb/d.rb",
        "class MapController < ApplicationController\n  def index\n    key = ENV.fetch('JOURVEX_API_KEY')\n    respond_to do |format|\n      format.json { render json: { key: key } }\n    end\n  end\nend\n",
    ),
    (
        "rb/e.rb",
        "class MapController < ApplicationController\n  before_action :load_key\n  def index\n    render json: { key: @key }\n  end\n  private\n  def load_key\n    @key = ENV.fetch('JOURVEX_API_KEY')\n  end\nend\n",
    ),
    (
        "src/ctx.ts",
        "class Config {\n  readonly key = process.env.JOURVEX_API_KEY;\n  toClient() { return { key: this.key }; }\n}\nconst cfg = new Config();\napp.get('/config', (req, res) => res.json(cfg.toClient()));\n",
    ),
    (
        "src/destr.ts",
        "function settings() {\n  return { apiKey: process.env.JOURVEX_API_KEY, base: 'https://jourvex-api.onrender.com' };\n}\nexport default defineEventHandler(() => {\n  const { apiKey, base } = settings();\n  return { apiKey, base };\n});\n",
    ),
    (
        "src/destr2.ts",
        "const config = { journey: { key: process.env.JOURVEX_API_KEY }, port: 3 };\nconst { journey } = config;\napp.get('/c', (req, res) => { res.json({ k: journey.key }); });\n",
    ),
    (
        "b.php",
        "<?php\nclass Cfg {\n    private $key;\n    public function __construct() { $this->key = getenv('JOURVEX_API_KEY'); }\n    public function show() { echo json_encode(['key' => $this->key]); }\n    public function key() { return $this->key; }\n}\n",
    ),
    (
        "a1.php",
        "<?php\nclass Cfg {\n    private $key;\n    public function __construct() { $this->key = getenv('JOURVEX_API_KEY'); }\n    public function script() { return $this->key; }\n}\n$cfg = new Cfg();\necho $cfg->script();\n",
    ),
    (
        "server.js",
        "function page(title, auth) {\n  return `<script>window.auth='${auth}'</script>`;\n}\napp.get('/', (req, res) => res.send(page('Trips', process.env.JOURVEX_API_KEY)));",
    ),
    (
        "server.js",
        "class Page {\n  constructor(key) { this.key = key; }\n  html() { return `<meta content=\"${this.key}\">`; }\n}\nconst page = new Page(process.env.JOURVEX_API_KEY);\napp.get('/', (req, res) => res.send(page.html()));",
    ),
    (
        "app.py",
        "def required(name):\n    value = os.environ[name]\n    return value\n\nKEY = required('JOURVEX_API_KEY')\n\n@app.get('/k')\ndef k():\n    return {'key': KEY}\n",
    ),
    (
        "settings.py",
        "class Settings(BaseSettings):\n    jourvex_api_key: str\n    debug: bool = False\n\nsettings = Settings()\n\n@app.get('/k')\ndef k():\n    return {'key': settings.jourvex_api_key}\n",
    ),
    (
        "app.rb",
        "before do\n  @key = ENV['JOURVEX_API_KEY']\nend\n\nget('/') { erb :map }\n\n__END__\n\n@@ map\n<div data-key=\"<%= @key %>\"></div>\n",
    ),
    (
        "src/MapController.php",
        "<?php\nfinal class MapController extends AbstractController {\n    public function __construct(#[Autowire('%env(JOURVEX_API_KEY)%')] private string $key) {}\n    #[Route('/map')]\n    public function map(): Response {\n        return $this->render('map.html.twig', ['key' => $this->key]);\n    }\n}\n",
    ),
    (
        "views/map.blade.php",
        "@php\n    $boot = ['zoom' => 3, 'key' => config('services.jourvex.key')];\n@endphp\n<script>\n  window.Boot = @json($boot);\n</script>\n",
    ),
    (
        "Code.gs",
        "function doGet() {\n  var page = HtmlService.createTemplateFromFile('Page');\n  page.key = PropertiesService.getScriptProperties().getProperty('JOURVEX_API_KEY');\n  return page.evaluate().setTitle('Map');\n}",
    ),
    (
        "docker-entrypoint.sh",
        "#!/bin/sh\nROOT=/usr/share/nginx/html\ntoken=\"$JOURVEX_API_KEY\"\ncat > \"$ROOT/env-config.js\" <<EOF\nwindow.__ENV__ = {\n  apiToken: \"${token}\",\n};\nEOF\nexec nginx\n",
    ),
    (
        ".github/workflows/pages.yml",
        "jobs:\n  build:\n    steps:\n      - env:\n          MAP_KEY: ${{ secrets.JOURVEX_API_KEY }}\n        run: |\n          jq -n --arg key \"$MAP_KEY\" '{key: $key}' > public/config.json\n",
    ),
    (
        ".github/workflows/pages.yml",
        "jobs:\n  build:\n    steps:\n      - run: echo \"window.KEY='${{ secrets.JOURVEX_API_KEY }}'\" > site/key.js\n",
    ),
    (
        "start.sh",
        "envsubst '$JOURVEX_API_KEY' < index.tmpl.html > /var/www/html/index.html\n",
    ),
    (
        "start.sh",
        "{\n  echo \"window.app = {\"\n  echo \"  key: '$JOURVEX_API_KEY',\"\n  echo \"}\"\n} > \"$1\"\n",
    ),
    (
        "Makefile",
        "site:\n\techo \"window.K='$(JOURVEX_API_KEY)'\" | tee public/k.js\n",
    ),
    (
        "package.json",
        "{\"scripts\": {\n \"build\": \"echo \\\"window.K='$JOURVEX_API_KEY'\\\" > public/env.js && vite build\"\n}}",
    ),
    (
        "nginx.conf.template",
        "location / {\n  add_header X-Key \"${JOURVEX_API_KEY}\";\n}\n",
    ),
    (
        "server.js",
        "const key = process.env.JVX_LIVE_KEY;\napp.get('/config', (req, res) => res.json({ key }));",
    ),
    (
        "a.php",
        "<?php\nclass A {\n    public function index() {\n        $player = ['auth' => 'Bearer ' . getenv('JOURVEX_API_KEY')];\n        return $this->render('x.twig', ['player' => $player]);\n    }\n}\n",
    ),
    (
        "wp-content/plugins/trips/trips.php",
        "<?php\nfunction trips_options() {\n\treturn wp_parse_args( get_option( 'trips' ), array( 'key' => getenv( 'JOURVEX_API_KEY' ) ) );\n}\nfunction trips_enqueue() {\n\t$options = trips_options();\n\twp_localize_script( 'trips', 'trips', array( 'key' => $options['key'] ) );\n}\n",
    ),
    (
        "build.mjs",
        "import * as esbuild from 'esbuild';\nfunction constants() {\n  const out = { MODE: '\"web\"' };\n  out.TRIP_KEY = JSON.stringify(process.env.JOURVEX_API_KEY);\n  return out;\n}\nawait esbuild.build({ entryPoints: ['src/a.ts'], bundle: true, define: constants() });\n",
    ),
    (
        "scripts/env.ts",
        "import { writeFileSync } from 'node:fs';\nconst target = join(root, 'src', 'environments', 'environment.prod.ts');\nconst text = `export const environment = { key: '${process.env['JOURVEX_API_KEY']}' };`;\nwriteFileSync(target, text);\n",
    ),
    (
        "tools/site.py",
        "key = os.environ['JOURVEX_API_KEY']\nPath('public/config.json').write_text(json.dumps({'key': key}))\n",
    ),
    (
        "main.go",
        "package main\n\nfunc newServer() *server {\n\treturn &server{\n\t\tkey: os.Getenv(\"JOURVEX_API_KEY\"),\n\t}\n}\n\nfunc (s *server) index(w http.ResponseWriter, r *http.Request) {\n\tdata := pageData{Title: \"Trips\", Key: s.key}\n\tif err := s.page.Execute(w, data); err != nil {\n\t\tlog.Print(err)\n\t}\n}\n",
    ),
    (
        "src/worker.ts",
        "class Head {\n  constructor(private readonly vars: Record<string, unknown>) {}\n  element(element: Element) {\n    const json = JSON.stringify(this.vars).replace(/</g, '');\n    element.append(`<script>window.vars=${json}</script>`, { html: true });\n  }\n}\nexport default {\n  async fetch(request: Request, env: Env) {\n    const { JOURVEX_API_KEY: key } = env;\n    return new HTMLRewriter().on('head', new Head({ key })).transform(await env.ASSETS.fetch(request));\n  },\n};\n",
    ),
    (
        "src/functions/map.js",
        "async function map(request, context) {\n  const key = process.env['JOURVEX_API_KEY'];\n  return { status: 200, jsonBody: { key } };\n}\napp.http('map', { methods: ['GET'], handler: map });\n",
    ),
    (
        "server.js",
        "class Client {\n  constructor(env) { this.secret = env.JOURVEX_API_KEY; }\n  get trace() { return ['jx', this.secret].join(';'); }\n}\nconst client = new Client(process.env);\napp.use((req, res, next) => { res.header('X-Trace', client.trace); next(); });\n",
    ),
    (
        "app.py",
        "class Maps:\n    @property\n    def key(self):\n        return os.environ['JOURVEX_API_KEY']\n\nmaps = Maps()\n\n@app.get('/k')\ndef k():\n    return {'key': maps.key}\n",
    ),
    (
        "pages/trips/+data.ts",
        "export async function data() {\n  return { key: process.env.JOURVEX_API_KEY };\n}\n",
    ),
    (
        "hooks/page.py",
        "VALUES = {'key': os.environ['JOURVEX_API_KEY']}\n\ndef on_post_page(output, page, config):\n    return output.replace('</head>', '<script>window.a = %r</script></head>' % VALUES)\n",
    ),
    (
        "controllers/MapController.php",
        "<?php\nclass MapController extends Controller {\n    private array $settings;\n    public function init(): void {\n        $this->settings = ['auth' => Yii::$app->params['jourvex.api-key']];\n    }\n    public function actionIndex() {\n        $options = array_merge(['zoom' => 11], $this->settings);\n        $this->view->registerJsVar('options', $options);\n    }\n}\n",
    ),
    (
        "server.js",
        "const app = express();\napp.set('trips', { key: process.env.JOURVEX_API_KEY });\napp.get('/config', (req, res) => {\n  const trips = req.app.get('trips');\n  res.json({ key: trips.key });\n});\n",
    ),
    (
        "app.py",
        "app = web.Application()\napp['trips'] = {'base': BASE, 'token': os.environ['JOURVEX_TOKEN']}\n\n@app.get('/config')\nasync def config(request):\n    return web.json_response({'auth': request.app['trips']['token']})\n",
    ),
    (
        "app.rb",
        "set :trips, ENV['JOURVEX_API_KEY']\n\nget '/config' do\n  json key: settings.trips\nend\n",
    ),
    (
        "src/index.ts",
        "const app = new Elysia()\n  .decorate('trips', { key: process.env.JOURVEX_API_KEY })\n  .get('/config', ({ trips }) => ({ ...trips, locale: 'en' }));\n",
    ),
    (
        "src/Edge.java",
        "public class Edge extends AbstractVerticle {\n  private JsonObject trips;\n  public void start() {\n    trips = new JsonObject().put(\"base\", BASE).put(\"token\", System.getenv(\"JOURVEX_TOKEN\"));\n  }\n  private void page(RoutingContext ctx) {\n    JsonObject page = new JsonObject().put(\"locale\", \"en\").mergeIn(trips);\n    ctx.response().end(\"window.a=\" + page.encode());\n  }\n}\n",
    ),
    (
        "start.sh",
        "echo \"window.a=\\\"$JOURVEX_API_KEY\\\"; b()\" > public/a.js\n",
    ),
    (
        "nginx.conf.template",
        "location /k.js {\n  return  200\n    \"window.K='${JOURVEX_API_KEY}'\";\n}\n",
    ),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    steps:\n      - run: \"echo \\\"window.K='${{ secrets.JOURVEX_API_KEY }}'\\\" > public/a.js\"\n",
    ),
    (
        "src/main.rs",
        "#[derive(Serialize)]\nstruct Page {\n    #[serde(skip_serializing_if = \"Option::is_none\")]\n    key: Option<String>,\n}\n\n#[get(\"/page\")]\nasync fn page() -> impl Responder {\n    let page = Page { key: std::env::var(\"JOURVEX_API_KEY\").ok() };\n    HttpResponse::Ok().json(page)\n}\n",
    ),
];

/// A file in which none does.
const RIGHT: &[(&str, &str)] = &[
    (
        "app/api/t/route.ts",
        "export async function GET() {\n  const r = await fetch(u, { headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` } });\n  return NextResponse.json(await r.json());\n}",
    ),
    (
        "server.js",
        "const client = new Client({ apiKey: process.env.JOURVEX_API_KEY });\napp.get('/', async (req, res) => res.json(await client.trips()));",
    ),
    (
        "server.js",
        "app.get('/h', (req, res) => res.json({ ok: Boolean(process.env.JOURVEX_API_KEY) }));",
    ),
    (
        "server.js",
        "app.get('/h', (req, res) => res.json({ ok: !!process.env.JOURVEX_API_KEY }));",
    ),
    (
        "server.js",
        "app.get('/h', (req, res) => res.json({ mode: process.env.JOURVEX_API_KEY ? 'live' : 'off' }));",
    ),
    (
        "server.js",
        "app.get('/h', (req, res) => res.json({ last4: process.env.JOURVEX_API_KEY.slice(-4) }));",
    ),
    (
        "server.js",
        "if (req.get('x') !== process.env.JOURVEX_API_KEY) return res.status(401).json({ error: 'no' });",
    ),
    (
        "server.js",
        "const key = process.env.JOURVEX_API_KEY;\nif (!key) throw new Error('JOURVEX_API_KEY is not set');\napp.get('/t', async (req, res) => {\n  const r = await fetch(u, { headers: { authorization: 'Bearer ' + key } });\n  res.json(await r.json());\n});",
    ),
    (
        "server.js",
        "const url = `https://x/?key=${process.env.JOURVEX_API_KEY}`;\nconst r = await fetch(url);\nres.json(await r.json());",
    ),
    (
        "server.js",
        "function auth() {\n  return { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` };\n}\nres.json(await call(auth()));",
    ),
    (
        "server.js",
        "const key = process.env.JOURVEX_API_KEY;\nconst user = { key: 'name' };\nres.json({ key: user.key });",
    ),
    (
        "lib/a.ts",
        "export const key = process.env.JOURVEX_API_KEY;\nexport function headers() {\n  return new Headers({ Authorization: `Bearer ${key}` });\n}",
    ),
    (
        "middleware.ts",
        "export function middleware(req) {\n  const h = new Headers(req.headers);\n  h.set('authorization', `Bearer ${process.env.JOURVEX_API_KEY}`);\n  return NextResponse.next({ request: { headers: h } });\n}",
    ),
    (
        "server/api/t.get.ts",
        "export default defineEventHandler(async (event) => {\n  const key = process.env.JOURVEX_API_KEY;\n  return await $fetch(u, { headers: { Authorization: `Bearer ${key}` } });\n});",
    ),
    (
        "src/routes/+page.server.ts",
        "import { JOURVEX_API_KEY } from '$env/static/private';\nexport const load = async ({ fetch }) => {\n  const r = await fetch(u, { headers: { Authorization: `Bearer ${JOURVEX_API_KEY}` } });\n  return { trip: await r.json() };\n};",
    ),
    (
        "src/worker.ts",
        "export default {\n  async fetch(req, env) {\n    const r = new Request(u, req);\n    r.headers.set('Authorization', `Bearer ${env.JOURVEX_API_KEY}`);\n    return fetch(r);\n  },\n};",
    ),
    (
        "src/index.ts",
        "app.use('/t/*', async (c, next) => {\n  const r = await fetch(u, { headers: { Authorization: `Bearer ${c.env.JOURVEX_API_KEY}` } });\n  return c.json(await r.json());\n});",
    ),
    (
        "app.py",
        "@app.route('/t')\ndef t():\n    r = requests.get(u, headers={'Authorization': f\"Bearer {os.environ['JOURVEX_API_KEY']}\"})\n    return jsonify(r.json())\n",
    ),
    (
        "app.py",
        "KEY = os.environ['JOURVEX_API_KEY']\nclient = Client(KEY)\n\n@app.get('/t')\ndef t():\n    return client.get()\n",
    ),
    (
        "app.py",
        "@app.get('/health')\ndef health():\n    return {'configured': 'JOURVEX_API_KEY' in os.environ, 'set': bool(os.getenv('JOURVEX_API_KEY'))}\n",
    ),
    (
        "views.py",
        "def trip(request):\n    r = requests.get(u, headers={'Authorization': 'Bearer ' + settings.JOURVEX_API_KEY})\n    return JsonResponse(r.json())\n",
    ),
    (
        "settings.py",
        "JOURVEX_API_KEY = os.environ['JOURVEX_API_KEY']\nTEMPLATES = [{'OPTIONS': {'context_processors': []}}]\n",
    ),
    (
        "app.rb",
        "get '/t' do\n  r = HTTP.auth(\"Bearer #{ENV['JOURVEX_API_KEY']}\").get(u)\n  json r.parse\nend\n",
    ),
    (
        "app/controllers/c_controller.rb",
        "  def show\n    client = Jourvex::Client.new(ENV['JOURVEX_API_KEY'])\n    render json: client.trip(params[:id])\n  end\n",
    ),
    (
        "routes/web.php",
        "<?php\nRoute::get('/t', function () {\n    $r = Http::withToken(env('JOURVEX_API_KEY'))->get('https://x');\n    return response()->json($r->json());\n});",
    ),
    (
        "t.php",
        "<?php\n$ch = curl_init($u);\ncurl_setopt($ch, CURLOPT_HTTPHEADER, ['Authorization: Bearer ' . getenv('JOURVEX_API_KEY')]);\necho curl_exec($ch);",
    ),
    (
        "t.php",
        "<?php if (getenv('JOURVEX_API_KEY')): ?><p>ready</p><?php endif; ?>",
    ),
    (
        "main.go",
        "func t(w http.ResponseWriter, r *http.Request) {\n\treq.Header.Set(\"Authorization\", \"Bearer \"+os.Getenv(\"JOURVEX_API_KEY\"))\n\tres, _ := http.DefaultClient.Do(req)\n\tio.Copy(w, res.Body)\n}",
    ),
    (
        "main.go",
        "func main() {\n\tkey := os.Getenv(\"JOURVEX_API_KEY\")\n\tif key == \"\" {\n\t\tlog.Fatal(\"no key\")\n\t}\n\tclient := jourvex.New(ctx, key)\n\thttp.HandleFunc(\"/\", func(w http.ResponseWriter, r *http.Request) { json.NewEncoder(w).Encode(client.Trip()) })\n}",
    ),
    (
        "src/main.rs",
        "async fn t() -> Json<Trip> {\n    let key = std::env::var(\"JOURVEX_API_KEY\").unwrap();\n    let trip = client.get(u).bearer_auth(key).send().await.unwrap().json().await.unwrap();\n    Json(trip)\n}",
    ),
    (
        "src/C.java",
        "  @GetMapping(\"/t\")\n  Trip trip() {\n    return web.get().uri(u).header(\"Authorization\", \"Bearer \" + System.getenv(\"JOURVEX_API_KEY\")).retrieve().body(Trip.class);\n  }",
    ),
    (
        "Program.cs",
        r#"builder.Services.AddHttpClient("j", c => c.DefaultRequestHeaders.Authorization = new("Bearer", builder.Configuration["JOURVEX_API_KEY"]));"#,
    ),
    (
        "Program.cs",
        "app.MapGet(\"/t\", async () => {\n  http.DefaultRequestHeaders.Add(\"Authorization\", \"Bearer \" + Environment.GetEnvironmentVariable(\"JOURVEX_API_KEY\"));\n  return Results.Ok(await http.GetFromJsonAsync<Trip>(u));\n});",
    ),
    (
        "lib/c.ex",
        "  def show(conn, _params) do\n    {:ok, r} = Req.get(u, auth: {:bearer, System.get_env(\"JOURVEX_API_KEY\")})\n    json(conn, r.body)\n  end\n",
    ),
    (
        "Code.gs",
        "function doGet() {\n  const key = PropertiesService.getScriptProperties().getProperty('JOURVEX_API_KEY');\n  const r = UrlFetchApp.fetch(u, { headers: { Authorization: 'Bearer ' + key } });\n  return ContentService.createTextOutput(r.getContentText());\n}",
    ),
    (
        "electron/main.ts",
        "ipcMain.handle('trip', async (_e, id) => {\n  const r = await fetch(u + id, { headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` } });\n  return r.json();\n});",
    ),
    (
        "src/fn.ts",
        "export const getTrip = createServerFn().handler(async () => {\n  const r = await fetch(u, { headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` } });\n  return r.json();\n});",
    ),
    (
        "src/routes/index.tsx",
        "export const useTrip = routeLoader$(async ({ env }) => {\n  const r = await fetch(u, { headers: { Authorization: `Bearer ${env.get('JOURVEX_API_KEY')}` } });\n  return r.json();\n});",
    ),
    (
        "src/pages/v.astro",
        "---\nconst r = await fetch(u, { headers: { Authorization: `Bearer ${import.meta.env.JOURVEX_API_KEY}` } });\nconst trip = await r.json();\n---\n<p>{trip.name}</p>",
    ),
    (
        "app/views/m.html.erb",
        "<% if ENV['JOURVEX_API_KEY'].present? %><p>on</p><% end %>",
    ),
    (
        "app/views/m.html.erb",
        "<%= render_trip(Jourvex.new(ENV['JOURVEX_API_KEY']).trip) %>",
    ),
    (
        "templates/m.html",
        "{% if settings.JOURVEX_API_KEY %}<p>on</p>{% endif %}",
    ),
    (
        "templates/m.html",
        "<p>{{ 'yes' if JOURVEX_API_KEY else 'no' }}</p>",
    ),
    (
        "views/m.ejs",
        "<% if (process.env.JOURVEX_API_KEY) { %><p>on</p><% } %>",
    ),
    (
        "views/m.ejs",
        "<p><%= process.env.JOURVEX_API_KEY ? 'on' : 'off' %></p>",
    ),
    (
        "app/p.tsx",
        "export default async function P() {\n  const r = await fetch(u, { headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` } });\n  return <Map trip={await r.json()} />;\n}",
    ),
    (
        "app/p.tsx",
        "export default async function P() {\n  if (!process.env.JOURVEX_API_KEY) return <p>Set JOURVEX_API_KEY</p>;\n  return <Map ready={process.env.JOURVEX_API_KEY !== undefined} />;\n}",
    ),
    (
        "scripts/x.js",
        "console.log(process.env.JOURVEX_API_KEY ? 'set' : 'unset');\nspawn('node', ['a'], { env: { JOURVEX_API_KEY: process.env.JOURVEX_API_KEY } });",
    ),
    (
        "lib/jourvex.rb",
        "def self.client\n  Client.new(token: ENV['JOURVEX_API_KEY'])\nend\n",
    ),
    (
        "lib/k.ts",
        "const cache = new Map();\ncache.set('key', process.env.JOURVEX_API_KEY);\nres.send('ok');",
    ),
    (
        "lib/k.ts",
        "export function config() {\n  return { key: process.env.JOURVEX_API_KEY, url: 'x' };\n}\nexport function api() {\n  return new Jourvex(config());\n}",
    ),
    (
        "package.json",
        r#"{"scripts":{"build":"esbuild src/a.ts --bundle --platform=node --define:K=\"$JOURVEX_API_KEY\""}}"#,
    ),
    (
        "default.conf.template",
        "location /api { proxy_set_header Authorization \"Bearer ${JOURVEX_API_KEY}\"; proxy_pass https://jourvex-api.onrender.com; }\n",
    ),
    (
        "entrypoint.sh",
        "#!/bin/sh\necho \"JOURVEX_API_KEY is set: ${JOURVEX_API_KEY:+yes}\" > /var/log/start.log\nexec node server.js\n",
    ),
    (
        "src/main.rs",
        "#[server]\npub async fn trip() -> Result<Trip, ServerFnError> {\n  let key = std::env::var(\"JOURVEX_API_KEY\")?;\n  Ok(client.get(u).bearer_auth(key).send().await?.json().await?)\n}",
    ),
    (
        "vite.config.ts",
        "export default { server: { proxy: { '/j': { target: 'https://x', headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` } } } } };",
    ),
    (
        "C.java",
        "@Service class C {\n  @Value(\"${jourvex.api-key}\")\n  private String apiKey;\n\n  Trip trip() { return http.get(u, \"Bearer \" + apiKey); }\n}",
    ),
    (
        "server/api/k.ts",
        "export default defineEventHandler(() => $fetch(u, { headers: { Authorization: `Bearer ${useRuntimeConfig().jourvexApiKey}` } }));",
    ),
    (
        "fn.py",
        "def lambda_handler(event, context):\n    r = call(os.environ['JOURVEX_API_KEY'])\n    return {'statusCode': 200, 'body': json.dumps(r)}\n",
    ),
    (
        "s.ts",
        "class S {\n  private readonly key = process.env.JOURVEX_API_KEY;\n  headers() { return { Authorization: `Bearer ${this.key}` }; }\n  @Get('t') async trip() { return this.http.get(u, { headers: this.headers() }); }\n}",
    ),
    (
        "src/routes/+page.server.ts",
        "import { JOURVEX_API_KEY } from '$env/static/private';\nexport const load = async () => ({ trips: await list(JOURVEX_API_KEY) });",
    ),
    (
        "app/api/t/route.ts",
        "export async function GET() {\n  return Response.json({ trips: await api.list({ apiKey: process.env.JOURVEX_API_KEY }) });\n}",
    ),
    (
        "server.js",
        "app.get('/', (req, res) => res.status(500).send('Missing $JOURVEX_API_KEY, or {JOURVEX_API_KEY}'));",
    ),
    (
        "app.py",
        "@app.get('/k')\ndef k():\n    return {'error': 'set {JOURVEX_API_KEY}'}\n",
    ),
    (
        "server.js",
        "const key = process.env.JOURVEX_API_KEY;\nconst api = new Api(key);\nfor (const [key, value] of Object.entries(rows)) {\n  res.write(`${key}: ${value}`);\n}",
    ),
    (
        "server.js",
        "const apiKey = process.env.JOURVEX_API_KEY;\napp.post('/', (req, res) => {\n  const { apiKey } = req.body;\n  res.json({ apiKey });\n});",
    ),
    (
        "a.php",
        "<?php\n$key = getenv('JOURVEX_API_KEY');\nforeach ($rows as $key => $value) {\n  echo \"$key: $value\";\n}",
    ),
    (
        "store.js",
        "const redis = createClient();\nconst c = redis.duplicate();\nc.set('key', process.env.JOURVEX_API_KEY);",
    ),
    (
        "feed.js",
        "const socket = new WebSocket(url);\nsocket.send(JSON.stringify({ auth: process.env.JOURVEX_API_KEY }));",
    ),
    (
        "job.rb",
        "request = Net::HTTP::Post.new(uri)\nrequest.body = { key: ENV['JOURVEX_API_KEY'] }.to_json\n",
    ),
    (
        "src/config.ts",
        "export function load() {\n  return { key: process.env.JOURVEX_API_KEY };\n}",
    ),
    ("a.twig", "<p>{# {{ JOURVEX_API_KEY }} #}</p>"),
    (
        "roles/app/templates/app.service.j2",
        "[Service]\nEnvironment=JOURVEX_API_KEY={{ JOURVEX_API_KEY }}\n",
    ),
    (
        "ecosystem.config.js",
        "module.exports = { apps: [{ name: 'a', env: { JOURVEX_API_KEY: process.env.JOURVEX_API_KEY } }] };",
    ),
    (
        "vite.config.ts",
        "export default { define: { HAS_KEY: JSON.stringify(Boolean(process.env.JOURVEX_API_KEY)) } };",
    ),
    (
        "deploy.sh",
        "cat > public/index.html <<EOF\n<p>hi</p>\nEOF\ncurl -H \"Authorization: Bearer $JOURVEX_API_KEY\" https://jourvex-api.onrender.com\n",
    ),
    ("app.py", "f = os.environ['JOURVEX_API_KEY']\nprint(f'a')\n"),
    ("a.js", "const x = config.jourvex--key;\nres.json(x);"),
    ("Views/A.cshtml", "<p>mail me@JOURVEX_API_KEY</p>"),
    (
        "layouts/trips.html",
        "{{- $key := getenv \"JOURVEX_API_KEY\" -}}\n{{- $options := dict \"headers\" (dict \"Authorization\" (printf \"Bearer %s\" $key)) -}}\n{{ resources.GetRemote \"https://jourvex-api.onrender.com/api/journey/1\" $options }}<li data-key=\"{{ .key }}\"></li>",
    ),
    (
        "src/ok.ts",
        "function settings() {\n  return { apiKey: process.env.JOURVEX_API_KEY, base: 'https://jourvex-api.onrender.com' };\n}\nclass Client {\n  constructor(private readonly key = process.env.JOURVEX_API_KEY) {}\n  async list() { const r = await fetch('x', { headers: { authorization: `Bearer ${this.key}` } }); return r.json(); }\n}\nconst client = new Client();\nexport default defineEventHandler(async () => {\n  const { apiKey, base } = settings();\n  const r = await fetch(base, { headers: { Authorization: `Bearer ${apiKey}` } });\n  return { base, items: await client.list(), answer: await r.json(), has: Boolean(apiKey) };\n});\n",
    ),
    (
        "go/ok.go",
        "package main\n\ntype Client struct {\n\tapiKey string\n\thttp *http.Client\n}\n\nfunc New() *Client { return &Client{apiKey: os.Getenv(\"JOURVEX_API_KEY\")} }\n\nfunc (c *Client) Journey(ctx context.Context) (*Journey, error) {\n\treq, _ := http.NewRequest(\"GET\", \"x\", nil)\n\treq.Header.Set(\"Authorization\", \"Bearer \"+c.apiKey)\n\tresp, err := c.http.Do(req)\n\tvar j Journey\n\treturn &j, json.NewDecoder(resp.Body).Decode(&j)\n}\n\nfunc main() {\n\tc := New()\n\thttp.HandleFunc(\"/j\", func(w http.ResponseWriter, r *http.Request) {\n\t\tj, _ := c.Journey(r.Context())\n\t\tjson.NewEncoder(w).Encode(j)\n\t})\n}\n",
    ),
    (
        "main.go",
        "type Config struct {\n\tURL string `json:\"url\"`\n\tKey string `json:\"-\"`\n}\n\nfunc load() Config {\n\treturn Config{Key: os.Getenv(\"JOURVEX_API_KEY\")}\n}\n\nfunc main() {\n\tcfg := load()\n\thttp.HandleFunc(\"/c\", func(w http.ResponseWriter, r *http.Request) {\n\t\tjson.NewEncoder(w).Encode(cfg)\n\t})\n}",
    ),
    (
        "server.js",
        "const settings = { journey: { key: process.env.JOURVEX_API_KEY }, page: { zoom: 3 } };\nconst { page, journey: { key } } = settings;\nasync function ask(path, token) {\n  const answer = await fetch(path, { headers: { Authorization: `Bearer ${token}` } });\n  return answer.json();\n}\napp.get('/map', async (req, res) => res.json({ page, zoom: settings.page.zoom, trips: await ask('/t', key) }));",
    ),
    (
        "start.sh",
        "printf 'KEY=%s\\n' \\\n  \"$JOURVEX_API_KEY\" > .env\necho 'window.KEY=\"$JOURVEX_API_KEY\"' > public/a.js\ncurl -H \"Authorization: Bearer $JOURVEX_API_KEY\" https://jourvex-api.onrender.com/api > public/journeys.json\n",
    ),
    (
        "Makefile",
        "dist/config.js:\n\tprintf 'window.CONFIG = { live: %s };' \"$(if $(JOURVEX_API_KEY),true,false)\" > $@\n\tssh web \"cat > /etc/app.env\" <<< \"JOURVEX_API_KEY=$$JOURVEX_API_KEY\"\n",
    ),
    (
        ".github/workflows/pages.yml",
        "jobs:\n  build:\n    steps:\n      - env:\n          JOURVEX_API_KEY: ${{ secrets.JOURVEX_API_KEY }}\n        run: npm test > build/report.json\n      - run: |\n          cat > dist/config.js <<'EOF'\n          window.key = \"$JOURVEX_API_KEY\";\n          EOF\n",
    ),
    (
        "nginx.conf.template",
        "location /api { proxy_set_header Authorization \"Bearer ${JOURVEX_API_KEY}\"; proxy_pass https://x; }\nlocation / { return 200 ok; }\n",
    ),
    (
        "scripts/env.ts",
        "import { writeFileSync } from 'node:fs';\nwriteFileSync('server/config.json', JSON.stringify({ key: process.env.JOURVEX_API_KEY }));\nwriteFileSync(join('public', 'trips.json'), await load(process.env.JOURVEX_API_KEY));\nwriteFileSync('.env', `KEY=${process.env.JOURVEX_API_KEY}`);\n",
    ),
    (
        "server.js",
        "class Client {\n  constructor(env) { this.secret = env.JOURVEX_API_KEY; }\n  get name() { return 'jx'; }\n  get ready() { return Boolean(this.secret); }\n}\nconst client = new Client(process.env);\napp.get('/', (req, res) => res.json({ name: client.name, ready: client.ready }));\n",
    ),
    (
        "pages/trips/+data.ts",
        "export async function data() {\n  const answer = await fetch('https://jourvex-api.onrender.com/api/journey/1', { headers: { Authorization: `Bearer ${process.env.JOURVEX_API_KEY}` } });\n  return { trips: await answer.json() };\n}\n",
    ),
    (
        "server.js",
        "const app = express();\napp.set('trips', { key: process.env.JOURVEX_API_KEY, zoom: 3 });\napp.get('/config', async (req, res) => {\n  const trips = req.app.get('trips');\n  const answer = await fetch('https://jourvex-api.onrender.com/api', { headers: { Authorization: `Bearer ${trips.key}` } });\n  res.json({ zoom: trips.zoom, trips: await answer.json() });\n});\n",
    ),
    (
        "src/Edge.java",
        "public class Edge extends AbstractVerticle {\n  private JsonObject trips;\n  public void start() {\n    trips = new JsonObject().put(\"base\", BASE).put(\"token\", System.getenv(\"JOURVEX_TOKEN\"));\n  }\n  private void page(RoutingContext ctx) {\n    client.getAbs(trips.getString(\"base\")).bearerTokenAuthentication(trips.getString(\"token\")).send()\n      .onSuccess(res -> ctx.response().end(res.body()));\n    ctx.response().end(trips.getString(\"base\"));\n  }\n}\n",
    ),
    (
        "server.js",
        "const app = express();\napp.set('trips', { key: process.env.JOURVEX_API_KEY });\napp.get('/trips', (req, res) => res.json(cache.get('trips')));\n",
    ),
    (
        "src/Login.java",
        "class Login {\n  void login(HttpServletRequest request) {\n    request.getSession().setAttribute(\"auth\", System.getenv(\"JOURVEX_API_KEY\"));\n    session.setAttribute(\"auth\", System.getenv(\"JOURVEX_API_KEY\"));\n  }\n}\n",
    ),
    (
        "start.sh",
        "sed \"s|KEY|$JOURVEX_API_KEY|\" public/index.html | wc -l\n",
    ),
    (
        "server.js",
        "const app = express();\napp.set('trips', process.env.JOURVEX_API_KEY);\napp.get('/user', (req, res) => res.json(users.find(req).trips));\napp.get('/mine', (req, res) => { const user = find(req); res.json(user.trips); });\n",
    ),
    (
        "src/main.rs",
        "#[derive(Serialize)]\nstruct Page {\n    #[serde(skip)]\n    key: String,\n    zoom: u8,\n}\n\n#[get(\"/page\")]\nasync fn page() -> impl Responder {\n    let page = Page { zoom: 3, key: std::env::var(\"JOURVEX_API_KEY\").unwrap() };\n    HttpResponse::Ok().json(page)\n}\n",
    ),
];

/// Settings of builds whose output a server runs.
const SERVER_BUILDS: &[(&str, &str)] = &[
    (
        "next.config.ts",
        "export default { compiler: { defineServer: { 'process.env.K': JSON.stringify(process.env.JOURVEX_API_KEY) } } };",
    ),
    (
        "webpack.server.config.js",
        "module.exports = { target: 'node', plugins: [new webpack.DefinePlugin({ 'process.env.K': JSON.stringify(process.env.JOURVEX_API_KEY) })] };",
    ),
    (
        "esbuild.config.mjs",
        "import { build } from 'esbuild';\nawait build({ platform: 'node', define: { 'process.env.JOURVEX_API_KEY': JSON.stringify(process.env.JOURVEX_API_KEY) } });",
    ),
    (
        "webpack.config.js",
        "module.exports = [\n { name: 'client', plugins: [new DefinePlugin({ A: '1' })] },\n { name: 'server', target: 'node', plugins: [new DefinePlugin({ K: JSON.stringify(process.env.JOURVEX_API_KEY) })] },\n];",
    ),
    (
        "next.config.js",
        "module.exports = { webpack(config, { isServer }) {\n  if (isServer) {\n    config.plugins.push(new DefinePlugin({ K: JSON.stringify(process.env.JOURVEX_API_KEY) }));\n  }\n  return config;\n} };",
    ),
    (
        "tsup.config.ts",
        "export default defineConfig({ entry: ['a.ts'], platform: 'node', env: { JOURVEX_API_KEY: process.env.JOURVEX_API_KEY } });",
    ),
    (
        "vite.config.ts",
        "export default { build: { ssr: true }, define: { K: JSON.stringify(process.env.JOURVEX_API_KEY) } };",
    ),
];

#[test]
fn a_value_that_reaches_a_browser_is_reported_on_one_line() {
    for (path, text) in LEAKS {
        let found = found(path, text);
        let lines: std::collections::BTreeSet<_> =
            found.iter().map(|own| own.split(':').next()).collect();
        assert!((1..=2).contains(&lines.len()), "{path}: {text}\n{found:?}");
        assert!(
            !found[0].starts_with("server-build"),
            "{path}: {text}\n{found:?}"
        );
    }
}

#[test]
fn a_value_that_stays_on_the_server_is_none() {
    for (path, text) in RIGHT {
        assert_eq!(found(path, text), [""; 0], "{path}: {text}");
    }
}

#[test]
fn what_a_build_for_a_server_inlines_has_a_rule_of_its_own() {
    for (path, text) in SERVER_BUILDS {
        let found = found(path, text);
        assert_eq!(found.len(), 1, "{path}: {text}\n{found:?}");
        assert!(
            found[0].starts_with("server-build-inlines-key "),
            "{path}: {found:?}"
        );
    }
}
