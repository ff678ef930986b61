"""A server of ssh on a port of its own, and gitolite behind it. Both are Debian's; nothing of this machine is changed."""

import getpass
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

SSHD = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
GITOLITE = shutil.which("gitolite")
SHELL = pathlib.Path("/usr/share/gitolite3/gitolite-shell")
SETTINGS = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
PidFile {folder}/pid
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
AllowUsers {user}
"""


def free_port():
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return own.getsockname()[1]


class Sshd:
    """The server, from `with` to its end. `command` is what every login runs; git's own is in SSH_ORIGINAL_COMMAND."""

    def __init__(self, folder):
        self.folder = folder
        self.user = getpass.getuser()
        self.port = free_port()

    def make_key(self, name):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(self.folder / name)]
        subprocess.run(words, check=True, capture_output=True)
        return (self.folder / f"{name}.pub").read_text()

    def allow(self, lines):
        (self.folder / "authorized_keys").write_text(lines)

    def client(self, name):
        """The variables of a client that logs in with the key of this name."""
        options = "-F none -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
        return {"GIT_SSH_COMMAND": f"ssh {options} -i '{self.folder / name}'"}

    def url(self, path):
        return f"ssh://{self.user}@127.0.0.1:{self.port}/{str(path).lstrip('/')}"

    def __enter__(self):
        self.make_key("host")
        settings = self.folder / "sshd_config"
        settings.write_text(SETTINGS.format(port=self.port, folder=self.folder, user=self.user))
        if os.geteuid() == 0:
            # Where it gives up its rights, empty and root's own.
            pathlib.Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(settings)], stderr=self.log, stdin=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as own:
                if own.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def gitolite(folder, key, env, hook):
    """Sets gitolite up in a home of its own, as its documentation says, with a hook for all repositories. Gives the
    lines for authorized_keys, and the repository that anybody may push to."""
    home = folder / "home"
    home.mkdir()
    (folder / "admin.pub").write_text(key)
    env = env | {"HOME": str(home)}

    def run(*words):
        done = subprocess.run([GITOLITE, *words], env=env, cwd=home, capture_output=True, text=True)
        assert done.returncode == 0, (words, done.stdout, done.stderr)

    run("setup", "-pk", str(folder / "admin.pub"))
    settings = home / ".gitolite.rc"
    lines = settings.read_text().splitlines(keepends=True)
    local = [n for n, line in enumerate(lines) if "LOCAL_CODE" in line and "$ENV{HOME}/local" in line]
    assert local, "the settings of gitolite do not name LOCAL_CODE"
    lines[local[0]] = '    LOCAL_CODE => "$ENV{HOME}/local",\n'
    settings.write_text("".join(lines))
    common = home / "local/hooks/common/pre-receive"
    common.parent.mkdir(parents=True)
    common.write_text(hook)
    common.chmod(0o755)
    run("setup", "--hooks-only")
    # What a login gets of the environment, is in its line.
    given = " ".join(f"{name}={env[name]}" for name in ["HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"])
    allowed = (home / ".ssh/authorized_keys").read_text()
    assert 'command="' in allowed, allowed
    return allowed.replace('command="', f'command="env {given} '), home / "repositories/testing.git"


def missing():
    """What is not installed of both, each with what is not run for that."""
    if SSHD is None or shutil.which("ssh") is None:
        return {"ssh": "openssh-server is not installed", "gitolite": "openssh-server is not installed"}
    if GITOLITE is None or not SHELL.exists():
        return {"gitolite": "gitolite3 is not installed"}
    return {}


if __name__ == "__main__":
    sys.exit("this is a part of server.py")
