"""Audits the repositories of LIST as tasks of a Ray cluster. OUT is a folder that all nodes see.

    LIST=repositories.txt OUT=out SHARES=16 python deploy/ray_tasks.py

A task that ends with 2 has a record that says why, and is not repeated; one whose node died is, and goes on where it was.
"""

import os
import subprocess
import sys

import ray

LIST, OUT = os.environ["LIST"], os.environ["OUT"]
SHARES = int(os.environ.get("SHARES", "16"))
# Paths are relative to the folder that this is run in, on every node.
HERE = os.getcwd()


@ray.remote(num_cpus=1, max_retries=2)
def audit(share: int) -> int:
    """Audits one share, and gives the exit code."""
    command = ["jvxleaks", "fleet", LIST, "--shard", f"{share}/{SHARES}", "-j", "1", "--exit-zero"]
    command += ["--object-cache", f"{OUT}/blobs", "-o", f"{OUT}/{share}.jsonl"]
    return subprocess.run(command, cwd=HERE, check=False).returncode


def main() -> int:
    """Runs all shares, then gives the verdict of `merge`."""
    os.makedirs(OUT, exist_ok=True)
    ray.init()
    ray.get([audit.remote(share) for share in range(1, SHARES + 1)])
    files = [f"{OUT}/{share}.jsonl" for share in range(1, SHARES + 1)]
    return subprocess.run(["jvxleaks", "merge", *files, "--inventory", LIST], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
