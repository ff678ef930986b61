//! Which calls answer a request, or write into a page.

use super::read::{Value, first, last, parts};
use super::region::CodeRegion;
use super::role::ExprRole;
use super::written::is_page;
use super::{Carried, End, Fields, Lookup, MOST_PLACES, NameKind};
use crate::model::Span;
use crate::syntax::{TokenKind, is_listed, whole_places};
use memchr::memmem;
use std::collections::BTreeSet;
use std::ops::Range;

/// Calls that answer a request or write into a page, whatever they are called on.
pub(super) const ANSWERS: &str = "response jsonresponse httpresponse htmlresponse plaintextresponse streamingresponse textresponse \
    templateresponse json_response wp_rest_response rest_ensure_response register_rest_route jsonify make_response view \
    render render_template render_template_string render_to_response render_to_string send_resp put_resp_header \
    wp_localize_script wp_add_inline_script wp_send_json wp_send_json_success wp_send_json_error exposeinmainworld \
    executejavascript initialization_script setattribute addattribute addobject createhtmloutput createtextoutput \
    respondwith respond respondtext respondhtml renderview renderhtml jsonp usehead useseometa useserverhead usestate \
    useasyncdata registerjsvar registerjs asjson evaluate_script responseentity sendjson send_json send_data \
    defineaction createpage addglobaldata addglobal addnunjucksglobal javascript_tag content_tag";

/// Events of a page that Gradio makes, whose functions answer it (<https://www.gradio.app/docs/gradio/blocks>).
const EVENTS: &str =
    "click submit change input load select upload then success tick Interface ChatInterface";

/// The same of what has one of [`RESPONSES`] in front of it or as its first argument.
const ANSWERING: &str = "json send end write text html body render redirect set setheader header cookie append status \
    print println printf string xml data jsonpretty indentedjson purejson securejson yaml fprint fprintf fprintln \
    writestring writeasync execute executetemplate encode assign send_string sendstring sendtext reply \
    success ok view write_html content type share with result finish push_event say code markdown caption \
    text_input text_area";

/// Names of what a server answers with, where a function is given it.
const RESPONSES: &str = "res response resp reply ctx c rep w rw writer out conn smarty socket view exchange ws websocket peer \
    sse event h context httpContext";

/// Names of what nothing else is, in small letters.
const OWN_NAMES: &str = "response nextresponse results typedresults inertia $response $smarty $twig $view res$ call \
    httpservletresponse httpresponse responseentity responsewriter http_response st ngx view";

/// The same of what stands farther back in a chain of calls.
const IN_CHAIN: &str =
    "w rw res response resp reply getwriter httpresponse webcontents view inertia";

/// What a function that answers is given: `fmt.Fprint(w, ...)`, `render(request, ...)`.
const GIVEN: &str = "w rw res resp response reply request conn socket event view";

/// What handlers of classes answer with: `$this->json(...)`, `self.write(...)`.
const OF_HANDLER: &str = "json write finish set";

/// Calls of Streamlit that show nothing (<https://docs.streamlit.io/develop/api-reference>).
const SILENT: &str = "set append status data type body send put_session with";

/// Functions that take the one that answers, by the last word of the call in small letters.
const TAKING_HANDLERS: &str = "defineeventhandler eventhandler definecachedeventhandler definecachedfunction routeloader$ \
    routeaction$ server$ globalaction$ handler createserverfn definehandler cachedeventhandler \
    lazyeventhandler definewebsockethandler onrequest oncall serve add_shortcode";

/// The same behind a path: `app.get("/", ...)`.
const ROUTING: &str = "get post put patch delete all use route mapget mappost mapput any match head add_url_rule \
    handlefunc handle options add";

/// Calls by which a rewriter of pages changes an element
/// (<https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/>).
const REWRITING: &str = "append prepend before after replace setinnercontent";

/// Calls that write a file.
const WRITING_FILES: &str = "writefile writefilesync outputfile outputfilesync writejson writejsonsync outputjson outputjsonsync \
    writetextfile writetextfilesync file_put_contents write_text";

/// Where Angular keeps what its pages are built with (<https://angular.dev/tools/cli/environments>).
const ENVIRONMENTS: &[u8] = b"environments/environment";

/// Fields of what is sent on, which the browser does not see: `NextResponse.next({ request: { headers } })`.
const SENT: &str = "request requestheaders proxy";

/// Parts of a path between what a server answers with and the call: `ctx.response.cookies.set`.
const BETWEEN: &str = "response res resp cookies cookie writer raw";

/// Marks in front of a field, on its line or on the one above, that leave it out where its object is sent.
const LEAVING_OUT: [&[u8]; 6] = [
    b"@JsonIgnore",
    b"@Transient",
    b"@Exclude()",
    b"[JsonIgnore]",
    b"#[serde(skip)]",
    b"#[serde(skip_serializing)]",
];

/// Most places of a field and of such a method that are looked at.
const MOST_FIELDS: usize = 16;

/// Methods by which a class says what is sent of its objects.
const CONVERTING: &str = "toJSON to_json as_json to_dict to_h serializable_hash jsonSerialize toObject __json__ to_representation";

/// Signs in them of all that an object has.
const WHOLE_OBJECT: [&[u8]; 6] = [
    b"...this",
    b"__dict__",
    b"vars(",
    b"super",
    b"asdict",
    b"get_object_vars",
];

/// The same behind its name; a `SecretStr` of pydantic is sent as asterisks.
const LEFT_OUT: [&[u8]; 3] = [b"json:\"-\"", b"exclude=True", b"SecretStr"];

impl<'t> CodeRegion<'t> {
    /// True for a call that shows a browser what it is given.
    pub(super) fn shows(&self, name: usize, start: usize, open: usize, own: &[u8]) -> bool {
        let tree = &self.tree;
        let whole = tree.word(name);
        let base = first(tree.word(start)).to_ascii_lowercase();
        if self.rewrites(start, own)
            || self.is_answer(name, start, own)
            || self.writes_page(start, open, own)
        {
            return true;
        }
        let length = parts(whole).count();
        let has_base = start < name || length > 1;
        // A word for a response may be one for anything, unless a function is given it.
        let is_response = |word: &[u8]| {
            is_listed(OWN_NAMES, &word.to_ascii_lowercase())
                || is_listed(RESPONSES, word) && self.is_argument(start, word)
        };
        let is_own = length == 2 && is_listed(OF_HANDLER, own) && self.is_handler(&base, own);
        // `c.env.QUEUE.send` is called on something else.
        let between = parts(whole).skip(usize::from(start == name));
        let mut between = between.take(length.saturating_sub(1 + usize::from(start == name)));
        let is_near = between.all(|part| is_listed(BETWEEN, &part.to_ascii_lowercase()));
        let is_on = has_base
            && is_near
            && (is_response(first(tree.word(start))) || self.is_made_of_response(start, name));
        let first_argument = tree.skip_lines(open + 1);
        let first_word = tree.word(first_argument);

        let is_given = is_listed(GIVEN, first_word) && self.is_argument(first_argument, first_word)
            || start > 0 && tree.is(start - 1, b"|>");
        let is_silent = base == b"st" && is_listed(SILENT, own);
        // `Json(...)` of axum, and `Html(...)`
        let is_answer = self.is_in("rs") && matches!(whole, b"Json" | b"Html");
        // `send(...)` of a session of Ktor
        let is_session = self.is_in("kt kts") && whole == b"send";
        // `tag.meta(...)` of Rails
        let is_tag = self.is_in("rb") && base == b"tag";
        // `components.html` of Streamlit
        let is_component = self.is_in("py") && whole.starts_with(b"components.");
        is_answer
            || is_session
            || is_tag
            || is_component
            || is_own
            || is_listed(ANSWERING, own)
                && !(own == b"append" && self.is_in("py"))
                && !(own == b"set" && base == b"c")
                && (is_on || is_given)
                && !is_silent
    }

    /// True for a call that answers by its name alone, whatever it is called on but for a few.
    fn is_answer(&self, name: usize, start: usize, own: &[u8]) -> bool {
        let tree = &self.tree;
        let base = first(tree.word(start)).to_ascii_lowercase();
        // `Object.assign`, `console.response`
        let is_library = is_listed("object json console logger log", &base);
        // `client.response(key)` is another.
        let is_method = start < name || parts(tree.word(name)).count() > 1;
        let is_other = is_method && is_listed("response view", own) && !self.is_in("php")
            || own == b"view" && self.is_in("py");
        // `request.getSession().setAttribute("key", value)` stays on the server.
        let mut chain = (start..=name).flat_map(|at| parts(tree.word(at)));
        let is_kept = own == b"setattribute"
            && chain.any(|part| is_listed("session getsession", &part.to_ascii_lowercase()));
        is_listed(ANSWERS, own) && !is_library && !is_other && !is_kept
    }

    /// True for a call that changes an element of a page on its way through: `element.append(...)`.
    fn rewrites(&self, start: usize, own: &[u8]) -> bool {
        is_listed(REWRITING, own)
            && self.is_argument(start, first(self.tree.word(start)))
            && memmem::find(self.tree.text, b"HTMLRewriter").is_some()
    }

    /// True for a call that writes a file which pages get: `writeFileSync("public/env.js", ...)`.
    fn writes_page(&self, start: usize, open: usize, own: &[u8]) -> bool {
        let tree = &self.tree;
        if !is_listed(WRITING_FILES, own) {
            return false;
        }
        let first = tree.skip_lines(open + 1);
        // `Path("public/env.js").write_text(...)` has the path in front.
        let range = if own == b"write_text" {
            start..open
        } else {
            first..tree.value_end(first)
        };
        let is_named = range.len() == 1 || own == b"write_text";
        let named = self.value_of(range.start).filter(|_| is_named);
        let strings = range.chain(named.unwrap_or(0..0));
        let strings = strings.filter(|at| tree.kind(*at) == Some(TokenKind::Str));
        let path = strings
            .map(|at| tree.word(at))
            .collect::<Vec<_>>()
            .join(&b'/');
        is_page(&path) || memmem::find(&path, ENVIRONMENTS).is_some()
    }

    /// The tokens that a name is given: of `"a"`, for the name in `const path = "a"`.
    fn value_of(&self, at: usize) -> Option<Range<usize>> {
        let tree = &self.tree;
        let name = first(tree.word(at));
        let mut places = whole_places(tree.text, self.whole(), name).take(MOST_PLACES);
        places.find_map(|place| {
            let own = tree.at(place)?;
            let is_given = tree.is_any(own + 1, &[b"=", b":="]) && tree.word(own) == name;
            is_given.then(|| own + 2..tree.value_end(own + 2))
        })
    }

    /// True for the name of a setting that holds the function which answers.
    fn is_handler_key(&self, key: usize) -> bool {
        let word = self.tree.word(key);
        is_listed("handler fetch resolve", word) || self.is_verb(word)
    }

    /// True for the handler itself: `$this` of PHP, `self` of Python.
    fn is_handler(&self, base: &[u8], own: &[u8]) -> bool {
        let is_web = || memmem::find(self.tree.text, b"RequestHandler").is_some();
        (base == b"$this" && self.is_in("php"))
            || (base == b"self" && own != b"set" && self.is_in("py") && is_web())
    }

    /// `json.NewEncoder(w).Encode`, `response.getWriter().write`, `$this->response->json`.
    fn is_made_of_response(&self, start: usize, name: usize) -> bool {
        let tree = &self.tree;
        let mut words = (start..name)
            .chain([name])
            .filter(|at| tree.kind(*at) == Some(TokenKind::Name));
        words.any(|at| {
            // The first word is asked for by itself, and the last is the call's.
            let path = tree.word(at);
            let length = parts(path).count() - usize::from(at == name);
            let mut between = parts(path).take(length).skip(usize::from(at == start));
            between.any(|part| is_listed(IN_CHAIN, &part.to_ascii_lowercase()))
        })
    }

    /// True for a call that takes the function that answers: `defineEventHandler(...)`, `ipcMain.handle("a", ...)`.
    pub(super) fn takes_handler(&self, name: usize) -> bool {
        let path = self.tree.word(name);
        let start = self.tree.word(self.chain_start(name));
        match &*last(path).to_ascii_lowercase() {
            b"handle" => first(path) == b"ipcMain",
            b"query" | b"mutation" => {
                last(start).ends_with(b"rocedure")
                    || parts(path).any(|part| part.ends_with(b"rocedure"))
            }
            own => is_listed(TAKING_HANDLERS, own),
        }
    }

    /// True for a call that takes the function for a path: `app.get("/", ...)`.
    pub(super) fn is_route(&self, name: usize, first: usize) -> bool {
        let tree = &self.tree;
        let own = last(tree.word(name)).to_ascii_lowercase();
        let path = tree.word(first);
        let is_path = path.starts_with(b"/") || path == b"*";
        tree.kind(first) == Some(TokenKind::Str) && is_path && is_listed(ROUTING, &own)
    }

    /// True for a text that says the name of a library.
    pub(super) fn uses(&self, library: &[u8]) -> bool {
        memmem::find(self.tree.text, library).is_some()
    }

    /// True for a field that is left out where an object is sent: `Key string \`json:"-"\``, `#[serde(skip)]`.
    pub(super) fn is_hidden(&self, fields: Fields<'t>) -> bool {
        let Some(field) = fields.inner() else {
            return false;
        };
        let text = self.tree.text;
        let mut places = whole_places(text, self.whole(), field).take(MOST_PLACES);
        places.any(|place| {
            let start = memchr::memrchr(b'\n', &text[..place]).map_or(0, |at| at + 1);
            let end = memchr::memchr(b'\n', &text[place..]).map_or(text.len(), |at| place + at);
            let behind = &text[place + field.len()..end];
            // Another place that mentions the name declares no field of it.
            let is_declared = self.is_in("go")
                || matches!(
                    behind.trim_ascii_start().first(),
                    Some(b':' | b';' | b'=' | b'{')
                );
            // `#[serde(skip)]` and `pub key: String` below it, or on one line.
            let before = text[..start].trim_ascii_end();
            let marked = |mark: &&[u8]| {
                let own = memmem::find(&text[start..place], mark);
                before.ends_with(mark)
                    || own.is_some_and(|at| {
                        text[start + at + mark.len()..]
                            .first()
                            .is_some_and(u8::is_ascii_whitespace)
                    })
            };
            let is_left_out = || {
                LEFT_OUT
                    .iter()
                    .any(|sign| memmem::find(behind, sign).is_some())
            };
            is_declared && (LEAVING_OUT.iter().any(marked) || is_left_out())
        }) || self.is_converted_without(field)
    }

    /// True when a class with this field says itself what is sent of it, and that is not the value:
    /// `toJSON() { return { url: this.url, key: this.key ? "***" : null }; }`.
    fn is_converted_without(&self, field: &'t [u8]) -> bool {
        let text = self.tree.text;
        let names = CONVERTING.split_ascii_whitespace();
        let places = names
            .flat_map(|name| whole_places(text, self.whole(), name.as_bytes()).take(MOST_FIELDS));
        let mut places = places.peekable();
        if places.peek().is_none() {
            return false;
        }
        let fields = whole_places(text, self.whole(), field).take(MOST_FIELDS);
        let owner = |place: usize| self.tree.at(place).and_then(|at| self.class_of(at));
        let owners: BTreeSet<&[u8]> = fields.filter_map(owner).collect();
        places.any(|place| {
            let at = self
                .tree
                .at(place)
                .filter(|_| owner(place).is_some_and(|own| owners.contains(own)));
            let body = at.and_then(|at| self.defined_at(at)).map(|own| own.body);
            body.is_some_and(|body| {
                let own = &text[body.range()];
                let is_whole = WHOLE_OBJECT
                    .iter()
                    .any(|sign| memmem::find(own, sign).is_some());
                let mut fields = whole_places(text, body, field);
                !is_whole && !fields.any(|place| self.gives_back_at(place, field))
            })
        })
    }

    /// True when a function returns the field at a place, or an object that has it.
    fn gives_back_at(&self, place: usize, field: &'t [u8]) -> bool {
        let sought = Lookup {
            kind: NameKind::Name,
            fields: Fields::default(),
            owner: None,
        };
        let read = self.read(Span::new(place, place + field.len()), sought);
        let end = read.map(|(value, _)| self.end_of(value, &mut Carried::default()));
        end.is_some_and(|end| !matches!(end, End::Used | End::Passed(_)))
    }

    /// True in a handler whose answer is cut to what a schema names: `@app.get("/", response_model=Public)`, `@get("/", return_dto=Public)`,
    /// `app.get("/", { schema }, () => object)`, a resolver of GraphQL that hands on what it is given.
    pub(super) fn is_filtered(
        &self,
        at: usize,
        fields: Fields<'t>,
        is_from_elsewhere: bool,
    ) -> bool {
        let tree = &self.tree;
        let text = tree.text;
        if let Some((_, body)) = self.indented(at) {
            let above = &text[..body.start];
            let start = memmem::rfind(above, b"\n\n").unwrap_or(0);
            let says = |sign| memmem::find(&above[start..], sign).is_some();
            let is_cut = says(&b"response_model="[..]) && !says(b"response_model=None");
            return is_cut || says(b"return_dto=");
        }
        // A type of GraphQL names what is sent of it: `apiKey: String`.
        let field = fields.inner().map(|field| [field, b": String"].concat());
        let is_typed = field.is_some_and(|field| memmem::find(text, &field).is_some());
        let mut inner = at;
        while let Some(open) = tree.parent(inner) {
            if is_from_elsewhere && self.is_resolvers(open) && !is_typed {
                return true;
            }
            let start = tree.tokens[open].span.start;
            let head = &text[start..tree.tokens[at].span.start];
            let arrow = memmem::find(head, b"=>").or_else(|| memmem::find(head, b"function"));
            let head = arrow.map_or(&b""[..], |arrow| &head[..arrow]);
            // One of a request says nothing of the answer.
            let names_answer = || memmem::find(text, b"response:").is_some();
            let has_schema = memmem::find(head, b"schema").is_some() && names_answer();
            if tree.is(open, b"(") && has_schema {
                return true;
            }
            inner = open;
        }
        false
    }

    /// True for the name of a function that a route takes: `app.get("/", handler)`, `.route("/", get(handler))`.
    pub(super) fn is_routed(&self, at: usize) -> bool {
        // `get("/a", headers: headers)` of a client names an argument.
        let is_naming = |at: usize| self.tree.is_any(at, &[b":", b"=", b"=>"]);
        let is_named = at.checked_sub(1).is_some_and(is_naming) && self.is_in("rb py php kt swift");
        // `get("/config")` is a path, not the function `config`.
        let is_path = self.tree.word(at).starts_with(b"/");
        if is_named || is_naming(at + 1) || is_path {
            return false;
        }
        let mut value = Value {
            start: at,
            end: at + 1,
        };
        for _ in 0..3 {
            let open = match self.role(value) {
                ExprRole::Argument(open) => open,
                // `{ route: "/", handler: answer }`
                ExprRole::Member(_, Some(key)) => return self.is_handler_key(key),
                _ => return false,
            };
            let Some(name) = self.callee(open) else {
                return false;
            };
            let event = last(self.tree.word(name));
            let is_event = self.is_in("py") && is_listed(EVENTS, event) && self.uses(b"gradio");
            if is_event || self.is_route(name, self.tree.skip_lines(open + 1)) {
                return true;
            }
            if !is_listed(ROUTING, &last(self.tree.word(name)).to_ascii_lowercase()) {
                return false;
            }
            value = Value {
                start: self.chain_start(name),
                end: open,
            };
        }
        false
    }
}

/// True for a field of what is sent on.
pub(super) fn is_sent(name: &[u8]) -> bool {
    is_listed(SENT, &last(name).to_ascii_lowercase())
}
