"""What must hold of reports that other tools read.

`exchange.py FOLDER` judges `FOLDER/NAME.FORMAT` by what the documents of each format ask for, `exchange.py FOLDER junitparser`
has JUnit's XML read by that library.
"""

import collections
import csv
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

from checks import check, failures

NAMES = ["tree", "history", "range", "incomplete", "nothing"]
# What the schema of GitLab's report asks for, as `place: rule`; `[]` stands for each item of a list.
TEXT = r"[\s\S]+"
TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}"
GITLAB = {
    "version": r"15\.2\.4",
    "scan.start_time": TIME,
    "scan.end_time": TIME,
    "scan.status": "success|failure",
    "scan.type": "secret_detection",
    **{f"scan.{tool}.{field}": TEXT for tool in ("analyzer", "scanner") for field in ("id", "name", "version", "vendor.name")},
    "scan.messages.[].level": "info|warn|fatal",
    "scan.messages.[].value": TEXT,
    "vulnerabilities.[].id": TEXT,
    "vulnerabilities.[].name": r"[\s\S]{1,255}",
    "vulnerabilities.[].severity": "Info|Unknown|Low|Medium|High|Critical",
    "vulnerabilities.[].solution": r"[\s\S]{0,7000}",
    "vulnerabilities.[].identifiers.[].type": TEXT,
    "vulnerabilities.[].identifiers.[].name": TEXT,
    "vulnerabilities.[].identifiers.[].value": TEXT,
    "vulnerabilities.[].location.commit.sha": TEXT,
    "vulnerabilities.[].location.file": TEXT,
    "vulnerabilities.[].location.start_line": int,
    "vulnerabilities.[].location.end_line": int,
}
QUALITY = {
    "[].description": TEXT,
    "[].check_name": TEXT,
    "[].fingerprint": TEXT,
    "[].severity": "info|minor|major|critical|blocker",
    "[].location.path": r"(?!/|\./)[\s\S]+",
    "[].location.lines.begin": int,
}
AZURE = re.compile(
    r"##vso\[task\.logissue type=(error|warning)(;sourcepath=[^;\]]+;linenumber=\d+)?;code=[^;\]]+\][^\r\n]+"
)


def at(document, place):
    """What stands at a place, once for each item of the lists on the way; None where nothing does."""
    here = [document]
    for part in place.split("."):
        if part == "[]":
            here = [item for own in here for item in own]
        else:
            here = [own.get(part) if isinstance(own, dict) else None for own in here]
    return here


def fits(value, rule):
    if rule is int:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return isinstance(value, str) and re.fullmatch(rule, value) is not None


def wrong(document, rules):
    return [(place, value) for place, rule in rules.items() for value in at(document, place) if not fits(value, rule)][:5]


def judge(folder, name):
    def text(kind):
        return (folder / f"{name}.{kind}").read_text(encoding="utf-8")

    has_faults, is_empty = name == "incomplete", name == "nothing"
    kinds = ["gitlab", "gitlab-codequality", "junit", "csv", "azure", "rdjson"]
    shown = [kind for kind in kinds if re.search(r"jvx_live_[A-Za-z0-9]{5}", text(kind))]
    check(f"{name}: no secret in any of {len(kinds)} formats", not shown, shown)

    silenced = [kind for kind in kinds if "silenced.py" in text(kind)]
    check(f"{name}: what is silenced is in no report", not silenced or name == "history", silenced)

    report = json.loads(text("gitlab"))
    mistakes = wrong(report, GITLAB)
    found = report["vulnerabilities"]
    identified = all(own["identifiers"] for own in found) and len({own["id"] for own in found}) == len(found)
    check(f"{name}: gitlab has what its schema asks for", not mistakes and identified, mistakes)
    whole = (report["scan"]["status"] == "success") == (not has_faults) and bool(report["scan"]["messages"]) == has_faults
    check(f"{name}: gitlab says whether all was read", whole, report["scan"])
    check(f"{name}: {len(found)} findings", bool(found) != is_empty)

    issues = json.loads(text("gitlab-codequality"))
    mistakes = wrong(issues, QUALITY)
    distinct = len({own["fingerprint"] for own in issues}) == len(issues)
    check(f"{name}: gitlab-codequality", not mistakes and distinct, mistakes)
    faults = sum(own["check_name"] == "not-read" for own in issues)
    check(f"{name}: the same findings and faults", len(issues) - faults == len(found) and bool(faults) == has_faults)

    root = xml.fromstring(text("junit"))
    tally = collections.Counter(own.tag for own in root.iter())
    junit = tally["failure"] == len(found) and tally["error"] == faults and tally["testcase"] > 0
    declared = int(root.get("failures")) == len(found) and int(root.get("errors")) == faults
    check(f"{name}: junit", junit and declared, tally)

    rows = list(csv.reader(text("csv").splitlines(keepends=True)))
    formulas = [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]
    square = {len(row) for row in rows} == {len(rows[0])} and len(rows) == 1 + len(found) + faults
    check(f"{name}: csv", square and not formulas, formulas)

    lines = text("azure").splitlines()
    strange = [line for line in lines if not AZURE.fullmatch(line) or line.count("##") > 1]
    check(f"{name}: azure", not strange and len(lines) == len(found) + faults, strange[:3])

    diagnostics = json.loads(text("rdjson"))["diagnostics"]
    check(f"{name}: rdjson", len(diagnostics) == len(found) + faults and all(own["message"] for own in diagnostics))


def by_junitparser(folder, name):
    import junitparser

    report = junitparser.JUnitXml.fromfile(str(folder / f"{name}.junit"))
    cases = [case for suite in report for case in suite]
    results = [type(result).__name__ for case in cases for result in case.result]
    counted = (report.failures, report.errors) == (results.count("Failure"), results.count("Error"))
    check(f"{name}: junitparser reads {len(cases)} cases", counted and cases and all(case.name for case in cases), results)


folder, *reader = sys.argv[1:]
for name in NAMES:
    (by_junitparser if reader else judge)(pathlib.Path(folder), name)
sys.exit(1 if failures else 0)
