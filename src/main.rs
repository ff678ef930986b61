//! tmp
use jvxleaks::*;
use std::io::Write;
fn main() {
    let set = rules::RuleSet::builtin().unwrap_or_else(|e| panic!("{e}"));
    let d = detect::Detector::new(set);
    if std::env::args().nth(1).as_deref() == Some("check") {
        for c in detect::check_rules(&d) {
            println!("{}: {}", c.rule, c.what);
        }
        return;
    }
    let walk = source::Walk::new(source::WalkOptions {
        roots: std::env::args().skip(2).map(Into::into).collect(),
        respect_ignore: true,
        max_file_size: 256 << 20,
        threads: 2,
    });
    let p = policy::Policy {
        least_severity: model::Severity::Low,
    };
    let o = scan::scan(&walk, &d, &p).unwrap_or_else(|e| panic!("{e}"));
    let mut w = std::io::BufWriter::new(std::io::stdout().lock());
    for f in &o.findings {
        let _ = writeln!(
            w,
            "{{\"file\":{:?},\"line\":{},\"column\":{},\"rule\":{:?}}}",
            f.place.path.to_string(),
            f.place.line,
            f.place.column,
            f.rule.id
        );
    }
    if std::env::args().nth(1).as_deref() == Some("-v") {
        for d in &o.dropped {
            eprintln!("{}:{}:{} {} {}", d.path, d.line, d.column, d.rule, d.reason);
        }
    }
    eprintln!(
        "{} files {} bytes {} findings {} drops {:?}",
        o.stats.files,
        o.stats.bytes,
        o.findings.len(),
        o.dropped.len(),
        o.faults
    );
}
