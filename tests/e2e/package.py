"""Packages made at random and by hand: what jvxleaks lists must be what npm and cargo would publish."""

import json
import os
import random
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

BIN, WORK, COUNT, PYTHON = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
failed = 0


def key():
    alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "jvx_live_" + "".join(secrets.choice(alphabet) for _ in range(32))


def ok(what):
    print(f"e2e: ok {what}", flush=True)


def wrong(what):
    global failed
    failed += 1
    print(f"e2e: FAILED {what}", file=sys.stderr, flush=True)


def run(*command, cwd):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def listed(kind, folder):
    out = run(BIN, "package", kind, "--list", ".", cwd=folder)
    if out.returncode != 0:
        return f"exit {out.returncode}: {out.stderr}"
    return sorted(out.stdout.split("\n")[:-1])


NPM_FILES = [
    "index.js", "lib/a.js", "lib/a.ts", "lib/deep/b.js", "lib/deep/.env", ".env", "src/a.ts", "src/test/a.test.ts", "test/a.js",
    "dist/a.js", "dist/a.js.map", "dist/sub/b.js", "README.md", "readme", "readme.md~", "docs/README.md", "LICENSE", "Licence.txt",
    "COPYING.md", "CHANGELOG.md", ".npmrc", "lib/.npmrc", "package-lock.json", "yarn.lock", "lib/package-lock.json", "bun.lockb",
    "pnpm-lock.yaml", "x.orig", ".DS_Store", "lib/.DS_Store", "._x", "a.swp", ".a.swp", "npm-debug.log", "CVS/Root", "lib/.svn/x",
    "node_modules/dep/index.js", "lib/node_modules/x.js", "archived-packages/x", "build/config.gypi", "build/out.o", ".wafpickle-1",
    "bin/cli.js", ".github/workflows/ci.yml", "a b.txt", "lib/package.json", "weird[1].js", "types/index.d.ts", "Dist/upper.js",
    ".git-keep", "sub/.gitignore-not", "coverage/lcov.info", "x.log", "lib/x.log",
]
NPM_PATTERNS = [
    "dist", "dist/", "/dist", "./dist", "dist/*", "dist/**", "lib", "lib/**/*.js", "*.js", "**/*.js", "*.{js,ts}", "!dist/a.js.map",
    "!**/*.map", "src", "bin", "types/", "index.js", "/index.js", "./index.js", "docs/README.md", "nothing-there", ".env", "lib/deep",
    "!lib/deep", "**", "*", "lib/*", ".github", "CHANGELOG.md", "package-lock.json", "x.orig", "lib/.npmrc",
]
NPM_IGNORED = [
    "*.log", "test", "test/", "/src", "src/**", "*.map", "!dist", "dist", "lib/*", "!lib/a.js", "**/deep", "# comment", "", ".env", "docs/",
    "*.md", "index.js", "README.md", "!.npmrc", "lib/deep/", "coverage", "*", "!*.js", "/lib/a.ts", "node_modules", "!node_modules",
]


def npm_package(rng, number):
    files = {name: "x" for name in rng.sample(NPM_FILES, rng.randint(8, len(NPM_FILES)))}
    files.pop("lib/package.json", None)
    package = {"name": f"made-{number}", "version": "1.0.0"}
    some = lambda names, most: rng.sample(names, rng.randint(1, most))
    if rng.random() < 0.5:
        package["files"] = some(NPM_PATTERNS, 4)
    if rng.random() < 0.5:
        package["main"] = rng.choice(["index.js", "./lib/a.js", "lib/a.js", "dist/a", "nothing.js"])
    if rng.random() < 0.3:
        package["browser"] = rng.choice(["dist/a.js", "lib/deep/b.js"])
    if rng.random() < 0.3:
        package["bin"] = rng.choice(["./bin/cli.js", {"cli": "bin/cli.js"}, {"a": "./lib/a.js", "b": "../x"}])
    for folder, chance in (("", 0.5), ("lib/", 0.2), ("dist/", 0.2)):
        for name in (".npmignore", ".gitignore"):
            if rng.random() < chance:
                files[folder + name] = "\n".join(some(NPM_IGNORED, 4)) + "\n"
    files["package.json"] = json.dumps(package)
    return files


def dependency(name, **more):
    return json.dumps({"name": name, "version": "1.0.0", **more})


NPM_BY_HAND = {
    "bundled": {
        "package.json": json.dumps({"name": "a", "version": "1.0.0", "files": ["index.js"], "dependencies": {"dep": "1", "other": "1"},
                                    "bundleDependencies": ["dep", "absent"]}),
        "index.js": "", "secret.txt": "",
        "node_modules/dep/package.json": dependency("dep", dependencies={"deeper": "1", "own": "1"}, files=["lib"]),
        "node_modules/dep/lib/x.js": "", "node_modules/dep/lib/.npmignore": "*.js", "node_modules/dep/not.js": "", "node_modules/dep/README.md": "",
        "node_modules/dep/node_modules/own/package.json": dependency("own"), "node_modules/dep/node_modules/own/.env": "",
        "node_modules/deeper/package.json": dependency("deeper"), "node_modules/deeper/.npmignore": "x", "node_modules/deeper/x": "",
        "node_modules/deeper/.DS_Store": "",
        "node_modules/other/package.json": dependency("other"), "node_modules/other/x": "",
    },
    "bundled of a scope": {
        "package.json": json.dumps({"name": "a", "version": "1.0.0", "dependencies": {"@s/dep": "1"}, "bundledDependencies": ["@s/dep"]}),
        "index.js": "", "node_modules/@s/dep/package.json": dependency("@s/dep"), "node_modules/@s/dep/index.js": "",
    },
    "root of workspaces": {
        "package.json": json.dumps({"name": "a", "version": "1.0.0", "workspaces": ["packages/*", "./tools"]}),
        "index.js": "", "packages/one/package.json": dependency("one"), "packages/one/x.js": "", "packages/none/x.js": "",
        "tools/package.json": dependency("tools"), "tools/x": "", "other/x.js": "", "other/.npmignore": "x.js",
        "with/package.json": "{}", "with/.npmignore": "x.js", "with/x.js": "",
    },
    "programs of a folder": {
        "package.json": json.dumps({"name": "a", "version": "1.0.0", "files": ["lib"], "directories": {"bin": "./programs"}}),
        "programs/a.js": "", "lib/x.js": "", "src/x.js": "",
    },
    "a file that is asked for in an ignored folder": {
        "package.json": json.dumps({"name": "a", "version": "1.0.0", "files": ["lib/deep/a.js", "/dist/b.js"]}),
        "lib/.npmignore": "deep", "lib/deep/a.js": "", "lib/deep/c.js": "", "dist/.gitignore": "*", "dist/b.js": "",
    },
}


def npm():
    home = WORK / "npm-cache"
    same, total = 0, 0
    rng = random.Random(20260101)
    cases = [(name, files, ".") for name, files in NPM_BY_HAND.items()]
    workspace = dict(NPM_BY_HAND["root of workspaces"])
    workspace.update({".npmignore": "*.txt\n", "packages/.gitignore": "*.md\n", "packages/one/a.txt": "", "packages/one/b.md": "",
                      "packages/one/README.md": "", "packages/one/.gitignore": "c.js", "packages/one/c.js": ""})
    cases.append(("a workspace", workspace, "packages/one"))
    cases += [(f"at random, {n}", npm_package(rng, n), ".") for n in range(COUNT)]
    for number, (name, files, inside) in enumerate(cases):
        folder = WORK / f"npm-{number}"
        write(folder, files)
        folder = folder / inside
        out = run("npm", "pack", "--dry-run", "--json", "--ignore-scripts", "--offline", "--cache", str(home), cwd=folder)
        total += 1
        try:
            told = json.loads(out.stdout)
            told = told[0] if isinstance(told, list) else next(iter(told.values()))
            real = sorted(file["path"] for file in told["files"])
        except (json.JSONDecodeError, IndexError, KeyError, StopIteration):
            wrong(f"npm, {name}: npm says {out.stderr}")
            continue
        own = listed("npm", folder)
        if own == real:
            same += 1
        else:
            wrong(f"npm, {name}: {folder}\n  package.json {files['package.json']}\n  npm  {real}\n  own  {own}")
            if isinstance(own, list):
                print(f"  only npm: {sorted(set(real) - set(own))}  only own: {sorted(set(own) - set(real))}", file=sys.stderr)
    (ok if same == total else wrong)(f"npm: {same} of {total} packages hold what npm packs")


CARGO_FILES = [
    "src/lib.rs", "src/a/mod.rs", "src/.env", ".env", ".github/ci.yml", "tests/a.rs", "tests/data/x.bin", "examples/a.rs", "README.md",
    "LICENSE", "target/debug/x", "assets/a.png", "assets/target/x", "docs/a.md", "build.rs", "Cargo.lock", "nested/Cargo.toml",
    "nested/src/lib.rs", "x.log", "src/x.log", ".cargo/config.toml", "a b.txt", "secrets.json", "benches/b.rs",
]
CARGO_PATTERNS = [
    "src/**", "/src", "*.rs", "**/*.rs", "assets/", "docs/*", "tests", "!tests/data", "Cargo.toml", "/README.md", "secrets.json", "*.log",
    ".env", "examples/**/*.rs", "nested", "a b.txt", ".*", "/assets/*.png", "target",
]
CARGO_IGNORED = ["/target", "target", "*.log", ".env", "secrets.json", "/docs/", "assets/*", "!assets/a.png", "# x", "tests/data"]
NESTED = '[package]\nname = "nested"\nversion = "0.1.0"\nedition = "2021"\n'


def cargo_package(rng, number):
    files = {name: "" for name in rng.sample(CARGO_FILES, rng.randint(6, len(CARGO_FILES)))}
    files["src/lib.rs"] = ""
    files.pop("Cargo.lock", None)
    for name in ("build.rs", "examples/a.rs"):
        if name in files:
            files[name] = "fn main() {}\n"
    if ".cargo/config.toml" in files:
        files[".cargo/config.toml"] = "[net]\noffline = true\n"
    if "nested/Cargo.toml" in files:
        files["nested/Cargo.toml"] = NESTED + "\n[workspace]\n"
        files["nested/src/lib.rs"] = ""
    else:
        files.pop("nested/src/lib.rs", None)
    lines = ["[package]", f'name = "made-{number}"', 'version = "0.1.0"', 'edition = "2021"', 'license = "MIT"', 'description = "x"']
    some = lambda names, most: json.dumps(rng.sample(names, rng.randint(1, most)))
    draw = rng.random()
    if draw < 0.35:
        lines.append(f"include = {some(CARGO_PATTERNS, 4)}")
    elif draw < 0.7:
        lines.append(f"exclude = {some(CARGO_PATTERNS, 3)}")
    if rng.random() < 0.3 and "docs/a.md" in files:
        lines.append('readme = "docs/a.md"')
    if rng.random() < 0.2:
        lines.append("readme = false")
        lines = [line for line in lines if line != 'readme = "docs/a.md"']
    if rng.random() < 0.3 and "LICENSE" in files:
        lines.append('license-file = "LICENSE"')
        lines.remove('license = "MIT"')
    for folder, chance in (("", 0.5), ("src/", 0.2)):
        if rng.random() < chance:
            files[folder + ".gitignore"] = "\n".join(rng.sample(CARGO_IGNORED, 3)) + "\n"
    lines += ["[workspace]", ""]
    files["Cargo.toml"] = "\n".join(lines)
    return files, rng.choice(["none", "tracked", "untracked", "forced"])


def cargo():
    same, total = 0, 0
    rng = random.Random(20260102)
    for number in range(COUNT):
        files, git = cargo_package(rng, number)
        folder = WORK / f"cargo-{number}"
        write(folder, files)
        if git != "none":
            run("git", "init", "-q", cwd=folder)
        if git in ("tracked", "forced"):
            run("git", "add", *(["-f"] if git == "forced" else []), ".", cwd=folder)
            run("git", "add", "-f", "Cargo.toml", cwd=folder)
            run("git", "commit", "-q", "-m", "x", cwd=folder)
            write(folder, {"later.rs": "", "later.log": "", "target/later": ""})
        out = run("cargo", "package", "--list", "--allow-dirty", "--offline", "--quiet", cwd=folder)
        total += 1
        if out.returncode != 0:
            wrong(f"cargo, {number}: cargo says {out.stderr}")
            continue
        # What cargo makes itself.
        made = {"Cargo.toml.orig", ".cargo_vcs_info.json"}
        if not (folder / "Cargo.lock").exists():
            made.add("Cargo.lock")
        real = sorted(set(out.stdout.split("\n")[:-1]) - made)
        own = listed("cargo", folder)
        if own == real:
            same += 1
        else:
            wrong(f"cargo, {number} ({git}): {folder}\n{files['Cargo.toml']}  cargo {real}\n  own   {own}")
            if isinstance(own, list):
                print(f"  only cargo: {sorted(set(real) - set(own))}  only own: {sorted(set(own) - set(real))}", file=sys.stderr)
    (ok if same == total else wrong)(f"cargo: {same} of {total} crates hold what cargo packs")


def finds(what, *command, cwd, code=1, says="jourvex-key"):
    out = run(*command, cwd=cwd)
    text = out.stdout + out.stderr
    if out.returncode == code and says in text:
        ok(what)
    else:
        wrong(f"{what}: exit {out.returncode}: {text}")


def archives():
    """What the tools write holds the key that was found before, and nothing of a project runs."""
    folder = WORK / "leaking"
    write(folder, {"package.json": json.dumps({"name": "leaking", "version": "1.0.0", "scripts": {"prepack": "touch ran"}}),
                   ".npmrc": "ignore-scripts=false\n", ".env": f"KEY={key()}\n", "index.js": "",
                   "Cargo.toml": NESTED + 'license = "MIT"\ndescription = "x"\n[workspace]\n', "src/lib.rs": f'const K: &str = "{key()}";\n',
                   ".cargo/config.toml": '[build]\nrustc-wrapper = "./ran"\n'})
    finds("npm: a key in .env", BIN, "package", "npm", cwd=folder, says="Everyone who installs the package can read that")
    finds("cargo: a key in a source", BIN, "package", "cargo", cwd=folder)
    if (folder / "ran").exists():
        wrong("a script of the project ran")
    run("npm", "pack", "--ignore-scripts", "--offline", cwd=folder)
    finds("npm: the same in the archive", BIN, "package", "npm", "leaking-1.0.0.tgz", cwd=folder)
    shutil.rmtree(folder / ".cargo")
    run("cargo", "package", "--no-verify", "--allow-dirty", "--offline", "--quiet", cwd=folder)
    finds("cargo: the same in the archive", BIN, "package", "cargo", "target/package/nested-0.1.0.crate", cwd=folder)

    folder = WORK / "python"
    project = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n[project]\nname = "leaking"\nversion = "1"\n'
    write(folder, {"pyproject.toml": project, "leaking/__init__.py": "", "leaking/.env": f"KEY={key()}\n"})
    finds("pypi: what would be in an archive", BIN, "package", "pypi", cwd=folder, says="leaking/.env")
    out = run(PYTHON, "-m", "build", "--no-isolation", cwd=folder)
    if out.returncode != 0:
        wrong(f"python -m build: {out.stderr}")
    finds("pypi: a key in the sdist and the wheel", BIN, "package", "pypi", cwd=folder, says="dist/leaking-1.tar.gz")
    wheel = next((folder / "dist").glob("*.whl"), None)
    finds("pypi: a wheel by itself", BIN, "package", "pypi", os.fspath(wheel), cwd=folder)
    folder = WORK / "setuptools"
    write(folder, {"pyproject.toml": '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[project]\n'
                                     'name = "leaking"\nversion = "1"\n', "leaking.py": f'K = "{key()}"\n'})
    finds("pypi: only a build can tell", BIN, "package", "pypi", cwd=folder, code=2, says="python -m build")
    run(PYTHON, "-m", "build", "--no-isolation", cwd=folder)
    finds("pypi: what that build made", BIN, "package", "pypi", cwd=folder, says="leaking.py")


PYTHON_FILES = [
    "shop/__init__.py", "shop/a.py", "shop/.env", "shop/data/x.json", "shop/__pycache__/a.cpython-311.pyc", "shop/old.pyc", "README.md",
    "LICENSE", "LICENSE-extra.txt", "NOTICE", "tests/test_a.py", "tests/.env", "docs/a.md", ".env", ".github/ci.yml", ".DS_Store", ".venv/x.py",
    "x.log", "shop/x.log", "build/out.txt", "secrets.json", "hatch_build.txt", ".tox/x", "shop/.mypy_cache/x", "a b.txt",
]
PYTHON_PATTERNS = ["/shop", "*.py", "tests/", "/docs/*", "shop/**/*.json", "secrets.json", "!shop/a.py", ".env", "/tests/.env", "*.log"]


def python():
    """Source archives of backends whose settings decide what is in them."""
    same, total = 0, 0
    rng = random.Random(20260103)
    for number in range(max(COUNT // 4, 4)):
        backend = rng.choice(["hatchling.build", "hatchling.build", "flit_core.buildapi"])
        files = {name: "" for name in rng.sample(PYTHON_FILES, rng.randint(10, len(PYTHON_FILES)))}
        files["shop/__init__.py"] = '"""A shop."""\n__version__ = "1"\n'
        project = f'[build-system]\nrequires = []\nbuild-backend = "{backend}"\n[project]\nname = "shop"\nversion = "1"\ndescription = "x"\n'
        if "README.md" in files and rng.random() < 0.5:
            project += 'readme = "README.md"\n'
        if backend == "hatchling.build":
            project += "[tool.hatch.build.targets.sdist]\n"
            for field in ("include", "exclude", "artifacts"):
                if rng.random() < 0.4:
                    project += f"{field} = {json.dumps(rng.sample(PYTHON_PATTERNS, 2))}\n"
            project += '[tool.hatch.build.targets.wheel]\npackages = ["shop"]\n'
        if rng.random() < 0.6:
            files[".gitignore"] = "\n".join(rng.sample(PYTHON_PATTERNS, 3)) + "\n"
        files["pyproject.toml"] = project
        folder = WORK / f"python-{number}"
        write(folder, files)
        own = listed("pypi", folder)
        out = run(PYTHON, "-m", "build", "--no-isolation", "--sdist", cwd=folder)
        total += 1
        if out.returncode != 0:
            wrong(f"python, {number}: {out.stdout} {out.stderr}")
            continue
        names = run("tar", "-tzf", next((folder / "dist").glob("*.tar.gz")), cwd=folder).stdout.split("\n")[:-1]
        real = sorted(name.split("/", 1)[1] for name in names if not name.endswith(("/", "/PKG-INFO")))
        if own == real:
            same += 1
        else:
            wrong(f"python, {number}: {folder}\n{project}\n{files.get('.gitignore')}\n  built {real}\n  own   {own}")
            if isinstance(own, list):
                print(f"  only built: {sorted(set(real) - set(own))}  only own: {sorted(set(own) - set(real))}", file=sys.stderr)
    (ok if same == total else wrong)(f"python: {same} of {total} source archives hold what was told")


npm()
cargo()
python()
archives()
sys.exit(failed > 0)
