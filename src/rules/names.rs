//! Rules as names: what a credential is called where it is handed to a client, whatever the language.

use super::NameSet;
use crate::syntax::NamePattern;
use std::str::FromStr;
use std::sync::Arc;

/// What a rule looks for by name.
#[derive(Debug, Default)]
pub struct Names {
    /// Headers, whose value is a credential: `Authorization`.
    pub headers: Vec<NamePattern>,
    /// Calls and constructors that take one: `SetBasicAuth(user, password)`.
    pub calls: Vec<Call>,
    /// Fields, variables, elements and arguments that are one: `npmAuthToken`.
    pub fields: Vec<Field>,
    /// Options of a command: `--oauth2-bearer`.
    pub flags: Vec<Field>,
    /// Fields beside each other: `{ username: "a", password: "b" }`.
    pub records: Vec<Arc<Record>>,
    /// Words in front of a credential in the same literal: `"Bearer abc"`.
    pub schemes: Vec<NamePattern>,
    /// True when what the names of all rules are given is followed to where it is a literal: `API_TOKEN = "abc"`.
    pub constants: bool,
}

/// What a value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Who somebody is.
    User,
    /// The password of a user.
    Password,
    /// A token, with its scheme or without.
    Token,
    /// `user:password`.
    Pair,
    /// `user:password` that is encoded there, judged with its user.
    Encoded,
    /// The password is what the command reads: `echo abc | tool --password-stdin`.
    Stdin,
    /// Anything else.
    Other,
}

/// A call and what its arguments are for.
#[derive(Debug)]
pub struct Call {
    /// What it is called.
    pub name: NamePattern,
    /// What each argument is for.
    pub roles: Vec<Role>,
}

/// A field and what it is for.
#[derive(Debug)]
pub struct Field {
    /// What it is called.
    pub name: NamePattern,
    /// What it is for.
    pub role: Role,
}

/// Fields that belong together.
#[derive(Debug)]
pub struct Record {
    /// Names of the user; none when the password may stand alone.
    pub user: NameSet,
    /// Names of the password or the token.
    pub secret: Vec<NamePattern>,
    /// What it is.
    pub role: Role,
    /// Names of which one is around it, beside it, or a value beside it. None: anything is.
    pub near: NameSet,
}

/// Words that stand in many names and tell little: another word of the same name wakes a file, if there is one.
const COMMON: &[&str] = &[
    "access",
    "account",
    "application",
    "build",
    "client",
    "config",
    "default",
    "encode",
    "field",
    "header",
    "http",
    "make",
    "name",
    "open",
    "options",
    "parameter",
    "private",
    "request",
    "rest",
    "server",
    "settings",
    "string",
    "template",
    "user",
    "username",
    "value",
    "with",
];

/// Shortest word that a file is searched for.
const SHORTEST: usize = 4;

impl Names {
    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none() && !self.constants
    }

    /// All names that a file is searched for.
    pub fn all(&self) -> impl Iterator<Item = &NamePattern> {
        let records = self.records.iter().flat_map(|record| &record.secret);
        let calls = self.calls.iter().map(|call| &call.name);
        let fields = self
            .fields
            .iter()
            .chain(&self.flags)
            .map(|field| &field.name);
        self.headers
            .iter()
            .chain(&self.schemes)
            .chain(calls)
            .chain(fields)
            .chain(records)
    }
}

/// The word that wakes a file for a name: the longest that is not in every other name.
///
/// # Errors
/// When no word of it is long enough.
pub fn waking_word(name: &NamePattern) -> Result<&str, String> {
    let words = name.words();
    let long = || words.iter().filter(|word| word.len() >= SHORTEST);
    let telling = long().find(|word| !COMMON.contains(word));
    let word = telling
        .or(long().next())
        .map(|word| word.trim_start_matches(['.', '_']));
    word.ok_or_else(|| {
        format!(
            "`{}`: a name needs a word of {SHORTEST} letters or more",
            name.as_str()
        )
    })
}

impl FromStr for Role {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "user" => Ok(Self::User),
            "password" => Ok(Self::Password),
            "token" => Ok(Self::Token),
            "user:password" => Ok(Self::Pair),
            "encoded" => Ok(Self::Encoded),
            "stdin" => Ok(Self::Stdin),
            "_" => Ok(Self::Other),
            _ => {
                Err("expected user, password, token, user:password, encoded, stdin or _".to_owned())
            }
        }
    }
}

impl FromStr for Call {
    type Err = String;

    /// `set basic auth(user, password)`
    fn from_str(written: &str) -> Result<Self, Self::Err> {
        let inner = written
            .strip_suffix(')')
            .and_then(|call| call.split_once('('));
        let (name, roles) = inner.ok_or("a call is written `name(role, role)`")?;
        let roles = roles.split(',').map(|role| role.trim().parse());
        Ok(Self {
            name: NamePattern::new(name.trim())?,
            roles: roles.collect::<Result<_, _>>()?,
        })
    }
}

impl FromStr for Field {
    type Err = String;

    /// `npm auth token = token`
    fn from_str(written: &str) -> Result<Self, Self::Err> {
        let (name, role) = written
            .split_once('=')
            .ok_or("a field is written `name = role`")?;
        Ok(Self {
            name: NamePattern::new(name.trim())?,
            role: role.trim().parse()?,
        })
    }
}
