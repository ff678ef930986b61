"""Generated repositories, audited in every way that deploy/ describes: the list of keys must be the same bytes."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from checks import check, failures, key

ROOT, WORK = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
DEPLOY = ROOT / "deploy"
REPOSITORIES, FORKS, SHARES = 40, 30, 4
KEYS = [key() for _ in range(4)]


def run(*words, **more):
    """Runs a command, and gives what it came to."""
    more = {"cwd": WORK, "text": True, "capture_output": True, "check": False, "timeout": 300} | more
    return subprocess.run([str(word) for word in words], **more)


def not_run(what):
    """Says what this machine cannot do."""
    print(f"e2e: not run: {what}")


def commits(seed, count, parent, files, leak):
    """A stream for `git fast-import`."""
    chance, stream = random.Random(seed), []
    for number in range(count):
        name = f"src/f{chance.randrange(40)}.js"
        files[name] = "".join(f"// {chance.random()}\n" for _ in range(60))
        changed = [name]
        if leak and number == count // 2:
            files["src/config.js"] = f'const k = "{leak}";\n'
            changed.append("src/config.js")
        stream.append(f"commit refs/heads/main\ncommitter A <a@b.c> {1700000000 + number * 60} +0000\ndata 1\nc\n")
        if parent and not number:
            stream.append(f"from {parent}\n")
        for path in changed:
            stream.append(f"M 644 inline {path}\ndata {len(files[path])}\n{files[path]}\n")
    return "".join(stream)


def repository(name, stream, template=None):
    """A bare repository, or a fork of one."""
    folder = WORK / "fleet" / name
    made = ["clone", "--mirror", template] if template else ["init", "--bare", "--initial-branch=main"]
    run("git", made[0], "--quiet", *made[1:], folder).check_returncode()
    run("git", "-C", folder, "fast-import", "--quiet", "--force", input=stream).check_returncode()
    run("git", "-C", folder, "repack", "-adq").check_returncode()
    return folder


def generate():
    """Forks of a template, repositories of their own, and one that is broken."""
    (WORK / "fleet").mkdir()
    files = {}
    template = repository("template.git", commits(1, 90, None, files, KEYS[0]))
    tip = run("git", "-C", template, "rev-parse", "main").stdout.strip()
    for number in range(FORKS - 1):
        leak = KEYS[1] if number % 5 == 0 else None
        repository(f"fork{number:02}.git", commits(100 + number, 10, tip, dict(files), leak), template)
    for number in range(REPOSITORIES - FORKS - 1):
        repository(f"own{number:02}.git", commits(500 + number, 40, None, {}, KEYS[2 + number % 2]))
    (WORK / "fleet/broken.git/objects").mkdir(parents=True)
    (WORK / "fleet/broken.git/refs").mkdir()
    names = sorted(folder.name for folder in (WORK / "fleet").iterdir())
    (WORK / "list").write_text("".join(f"fleet/{name}\n" for name in names))


def merged(folder, form="json"):
    """What the files of a folder say."""
    files = sorted((WORK / folder).glob("*.jsonl"))
    random.shuffle(files)
    return run("jvxleaks", "merge", *files, "--inventory", "list", "--format", form)


def same(what, folder, one):
    """Whether the files of a folder say what one run says."""
    for form, expected in one.items():
        told = merged(folder, form)
        check(f"{what}: {form}", told.stdout == expected.stdout and told.returncode == 2, told.stderr)


def killed(folder, share, shares):
    """A share whose run is killed at random points until it ends by itself."""
    chance, times = random.Random(share), 0
    command = ["jvxleaks", "fleet", "list", "--shard", f"{share}/{shares}", "-o", f"{folder}/{share}.jsonl", "--no-cache"]
    while True:
        with subprocess.Popen(command, cwd=WORK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(chance.uniform(0.005, 0.08) if times < 48 // shares else None)
                return times
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                times += 1


def parallel(one):
    """GNU parallel, by the recipe."""
    if not shutil.which("parallel"):
        return not_run("GNU parallel, which is not there")
    told = run(DEPLOY / "parallel.sh", "--will-cite", env=os.environ | {"LIST": "list", "OUT": "parallel", "SHARES": str(SHARES)})
    check("parallel.sh ends with the verdict", told.returncode == 2, told.stderr)
    return same("GNU parallel", "parallel", one)


def slurm(one):
    """A Slurm array, by the recipe, on a cluster of this machine alone."""
    if not all(shutil.which(name) for name in ["slurmctld", "slurmd", "sbatch", "munged"]) or os.getuid():
        return not_run("Slurm, which is not there or needs root")
    host, state = socket.gethostname().split(".")[0], WORK / "slurm-state"
    state.mkdir(mode=0o755)
    (state / "key").write_bytes(os.urandom(128))
    (state / "key").chmod(0o400)
    lines = [
        "ClusterName=test", f"SlurmctldHost={host}(127.0.0.1)", "AuthType=auth/munge", f"AuthInfo=socket={state}/munge",
        "CredType=cred/munge", "SlurmUser=root", "SlurmdUser=root", f"StateSaveLocation={state}", f"SlurmdSpoolDir={state}/d",
        f"SlurmctldPidFile={state}/c.pid", f"SlurmdPidFile={state}/d.pid", "SlurmctldPort=26817", "SlurmdPort=26818",
        "ProctrackType=proctrack/linuxproc", "TaskPlugin=task/none", "SelectType=select/cons_tres",
        "SelectTypeParameters=CR_CPU", "ReturnToService=2", "SwitchType=switch/none", "MpiDefault=none",
        f"SlurmctldLogFile={state}/c.log", f"SlurmdLogFile={state}/d.log", "AccountingStorageType=accounting_storage/none",
        f"NodeName={host} NodeAddr=127.0.0.1 CPUs={os.cpu_count()} State=UNKNOWN",
        "PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP",
    ]
    (state / "slurm.conf").write_text("\n".join(lines) + "\n")
    (state / "d").mkdir()
    env = os.environ | {"SLURM_CONF": f"{state}/slurm.conf"}
    munge = ["--foreground", "--force", f"--key-file={state}/key", f"--socket={state}/munge", f"--pid-file={state}/m.pid",
             f"--log-file={state}/m.log", f"--seed-file={state}/seed"]
    daemons = []
    try:
        for command in [["munged", *munge], ["slurmctld", "-D"], ["slurmd", "-D"]]:
            daemons.append(subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            time.sleep(2)
        told = run("sbatch", "--wait", f"--array=1-{SHARES}", "--mem=0", "--cpus-per-task=1",
                   "--export=ALL,LIST=list,OUT=slurm", f"--output={state}/%a.out", DEPLOY / "slurm.sh",
                   env=env | {"SBATCH_WAIT": "1"}, timeout=120)
        said = told.stdout + told.stderr + "".join(log.read_text()[-2000:] for log in state.glob("*.out"))
        check("slurm.sh was run", told.returncode in (0, 2), said)
        same("Slurm", "slurm", one)
    except subprocess.TimeoutExpired:
        log = (state / "c.log").read_text()[-2000:] if (state / "c.log").exists() else ""
        check("slurm.sh ends", False, log)
    finally:
        for daemon in reversed(daemons):
            daemon.terminate()
            daemon.wait()


def ray(one):
    """Tasks of Ray, by the recipe."""
    if run(sys.executable, "-c", "import ray").returncode:
        return not_run("Ray, which cannot be installed")
    env = os.environ | {"LIST": "list", "OUT": "ray", "SHARES": str(SHARES), "RAY_USAGE_STATS_ENABLED": "0"}
    told = run(sys.executable, DEPLOY / "ray_tasks.py", env=env)
    check("ray_tasks.py ends with the verdict", told.returncode == 2, told.stderr[-2000:])
    return same("Ray", "ray", one)


def kubernetes():
    """The manifest under the schema of its version of Kubernetes."""
    tool = Path(sys.executable).parent / "kubernetes-validate"
    if not tool.exists():
        return not_run("the schema of Kubernetes, which cannot be installed")
    told = run(tool, "--strict", "-k", "1.33", DEPLOY / "kubernetes.yaml")
    return check("kubernetes.yaml is valid", told.returncode == 0, told.stdout + told.stderr)


def main():
    """Runs all, and gives the exit code."""
    generate()
    told = run("jvxleaks", "fleet", "list", "-o", "one/all.jsonl") if (WORK / "one").mkdir() is None else None
    check("one run tells that a repository is broken", told.returncode == 2 and "broken" in told.stderr, told.stderr)
    one = {form: merged("one", form) for form in ["json", "jsonl", "text"]}
    keys = one["json"].stdout.count('"first_seen_in"')
    check("four keys are found", keys == 4, keys)
    printed = "".join(told.stdout for told in one.values())
    check("no secret is in a report", not any(own[9:] in printed for own in KEYS))
    for shares in [1, 3, 16]:
        folder = f"killed-{shares}"
        (WORK / folder).mkdir()
        times = sum(killed(folder, share, shares) for share in range(1, shares + 1))
        check(f"runs of {shares} shares were killed", times > 0, times)
        same(f"{shares} shares that were killed and went on", folder, one)
    parallel(one)
    slurm(one)
    ray(one)
    kubernetes()
    return 1 if failures else 0


sys.exit(main())
