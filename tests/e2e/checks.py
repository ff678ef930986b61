"""What the checks in Python share: how one is told, and the keys that they plant."""

import secrets
import sys

failures = []


def check(what, truth, log=""):
    print(f"e2e: {'ok' if truth else 'FAILED'} {what}")
    if not truth:
        failures.append(what)
        print(log, file=sys.stderr)


def key():
    """Made anew for every run, so that no key stands in the repository."""
    alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "jvx_live_" + "".join(secrets.choice(alphabet) for _ in range(32))
