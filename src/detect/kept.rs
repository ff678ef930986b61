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
        b"\'j\',", b"-KEY", b"-Key", b"-key", b"wget", b".env", b"106,", b"%76%",
    ],
    &[
        b"0x76", b"s://", b"e://", b"7678", b"t://", b"l://", b"sswo", b"b://",
    ],
    &[
        b"url ", b"u006", b"#106", b"ttp ", b"uthT", b"uth=", b"URL=", b"uth\'",
    ],
    &[
        b"uths", b"jvx%", b"eF9s", b"jvx\"", b"jvx\'", b"uth:", b"jvx&", b"uth(",
    ],
    &[
        b"oken",
        b"eden",
        b"OKEN",
        b"eare",
        b"hori",
        b"HORI",
        b"\x00h\x00o",
    ],
    &[
        b"ive_", b"iKey", b"jvx_", b"ikey", b"X2xp", b"jvx\\", b"l_xv", b"RVEX",
    ],
    &[
        b"xh -",
        b"rog-",
        b"\"j\",",
        b"p://",
        b"rvex",
        b"\x00v\x00x",
        b"v://",
        b"r://",
    ],
    &[
        b"asic", b"achi", b"RPWD", b"Rpb2", b"bGl2", b"\\x76", b"Xphd", b"dXRo",
    ],
];

/// Those of the index of words, in two searches of 8 buckets each, over text in small letters.
pub(super) const INDEX: [&[&[u8]]; 16] = [
    &[
        b"bear", b"en=\'", b"ey=\'", b"tes(", b"ons(", b"et=\"", b"fpsw", b"uth(",
    ],
    &[
        b"ken ", b"bun ", b"ken:", b"il_x", b"bkbv", b"_liv", b"2ef9", b"ml6y",
    ],
    &[b"_aut", b"\\x6a", b"env\"", b"en=\"", b"v://", b"\\152"],
    &[
        b"ken=", b" --a", b"h -a", b"106;", b"a%76", b"006a", b"pemf",
    ],
    &[
        b"pmau", b"valu", b"djav", b"bgl2", b"0ag9", b"lo0w", b"6a76",
    ],
    &[b"\"j\",", b"env\'", b"118,"],
    &[b" = (", b" = \"", b":= \"", b" = \'", b"tp -"],
    &[
        b"uth:", b"uths", b"jlzy", b"uth\"", b"uth\\", b"uth=", b"uth\'",
    ],
    &[b"er=\"", b"htac", b"x_ap", b"nt-s", b"ey=\""],
    &[
        b"sswo", b"rpwd", b"hwzg", b"b://", b"ncod", b"s://", b"basi", b"h://",
    ],
    &[
        b"min-", b"{6a}", b"jhdx", b"gin=", b"rog-", b"efix", b"r://",
    ],
    &[b"x6a;", b"x2xp", b"tp-p", b"_pas", b"ourv", b"v\x00x\x00"],
    &[
        b"izat", b"ivat", b"wtau", b"t://", b"xy-u", b"p://", b"x6a,",
    ],
    &[
        b"eden", b"l://", b"mach", b"wget", b"-def", b"e://", b"uagz", b"\'j\',",
    ],
    &[b"btoa", b"curl", b"htok", b"axzl", b":\\/\\", b"6avx"],
    &[
        b"-tok", b"-key", b"ikey", b"ldwi", b"mhmy", b"ate(", b"yzuy",
    ],
];
