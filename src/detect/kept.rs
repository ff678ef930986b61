//! Which parts of the built-in rules' words are searched for, and in which buckets of the search (`buckets`).
//!
//! Found by changes after which fewer places of some text agree with a bucket (module `spread`): the sources
//! of Linux 6.1 and of libraries in Rust, Python and JavaScript, and manuals. After a change of the rules:
//! `TEXT=FOLDER:FOLDER cargo test --release --lib spread -- --ignored --nocapture`.

/// Buckets of one search or several, each with the parts that it has.
pub(super) type Kept = [&'static [&'static [u8]]];

/// The prefilter's.
pub(super) const PREFILTER: [&[&[u8]]; 8] = [
    &[
        b"achi", b"asic", b"-key", b"RIZA", b"ikey", b"-Key", b"-KEY", b"b3Jp",
    ],
    &[b"swor", b"Cred", b"wget", b"L=da", b"X2xp", b"yJhd"],
    &[b"rog-", b"\'j\',", b"\"j\",", b"il_x", b"tp -", b"xh -"],
    &[
        b"uths",
        b"curl",
        b"uth(",
        b"uthT",
        b"\x00o\x00r",
        b"\x00v\x00x",
        b"1dGh",
        b"Xphd",
    ],
    &[b"eare", b"eF9s", b"jvx\"", b"jvx%", b"jvx&", b"jvx\'"],
    &[
        b"oken", b"ive_", b"OKEN", b"riza", b"iKey", b"jvx\\", b"jvx_", b"rvex",
    ],
    &[b"bGl2"],
    &[b".env", b"uth:", b"uth\'", b"ERPW", b"OURV", b"uth="],
];

/// Those of the index of words, in two searches of 8 buckets each, over text in small letters: what the prefilter
/// lets through, and as much of near-misses.
pub(super) const INDEX: [&[&[u8]]; 16] = [
    &[b"_aut", b"e://", b"oxy-", b"t://", b"\'j\',", b"v://"],
    &[
        b"empl", b"uth:", b"uth\'", b"uth=", b"erpw", b"en=\'", b"u006",
    ],
    &[b"ntia", b"asic", b"ntic", b"axzl", b"#x6a", b"\\x6a"],
    &[
        b"x_ap", b"_pas", b"uth ", b"nt-s", b"uths", b"x6a,", b"%6a%",
    ],
    &[b"achi", b"admi", b"ken=", b"gin=", b"webo", b"yehb"],
    &[
        b"-tok", b"rvex", b"efix", b"ode(", b"uth(", b"eyjh", b"hmyk",
    ],
    &[
        b"_liv", b"0ag9", b"\\u{6", b"l6yx", b"l_xv", b"lzyv", b"wmxy", b"wzg1",
    ],
    &[
        b"-key", b"valu", b"-aut", b"maut", b"wget", b"ikey", b"vgox",
    ],
    &[b"ken ", b"ken:", b"htok", b"btoa", b"&#10", b"bun "],
    &[
        b"izat", b"bear", b"ivat", b"getb", b"deto", b"%6av", b"djav",
    ],
    &[b"ey=\"", b"et=\"", b"htac", b"bgl2", b"rob3"],
    &[b"s://", b"swor", b"p://", b"r://", b"0wdj", b"\\152"],
    &[
        b"curl", b"en=\"", b"er=\"", b"a767", b"env\'", b"env\"", b"ey=\'", b"zir2",
    ],
    &[
        b" = \"", b" = \'", b":= \"", b"uth\"", b"uth\\", b"118,", b"\\/\\/",
    ],
    &[
        b"-def", b"ldwi", b"l://", b"h://", b"b://", b"\"j\",", b"jfro",
    ],
    &[b"p-pa", b"p -a", b"p2ef", b"v\x00x\x00", b"x2xp", b"xh -"],
];
