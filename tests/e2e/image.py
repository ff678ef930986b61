"""Images of real tools, in each form: what jvxleaks says of where in them a key is."""

import json
import secrets
import subprocess
import sys
import tarfile
from pathlib import Path

BIN, WORK = sys.argv[1], Path(sys.argv[2])
failed = 0
images = 0


def key():
    alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "jvx_live_" + "".join(secrets.choice(alphabet) for _ in range(32))


def run(*command, cwd=WORK):
    out = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True)
    if out.returncode != 0:
        raise RuntimeError(f"{command}: {out.stderr.strip()}")
    return out.stdout


def told(path):
    """Where the findings are: a few words for each."""
    out = subprocess.run([BIN, "scan", path, "--no-ignore", "--format", "json"], cwd=WORK, capture_output=True, text=True)
    report = json.loads(out.stdout)
    words = []
    for finding in report["findings"]:
        place = finding.get("image") or {"part": "nowhere"}
        if place["part"] == "layer":
            hidden = f", hidden by {place['hidden_by']}" if "hidden_by" in place else ""
            name = finding["path"].split("!/")[-1]
            words.append(f"{name} in layer {place['layer']} of {place['layers']}{hidden}, by {place.get('created_by', '')[:40]}")
        else:
            words.append(f"{place['part']} {place.get('step', '')}".strip())
    return out.returncode, sorted(set(words)), out.stdout + out.stderr


def check(what, path, wanted, secret):
    global failed, images
    images += 1
    code, words, output = told(path)
    leaks = [value for value in secret if value in output]
    missing = [part for part in wanted if not any(part in word for word in words)]
    if code == 1 and not missing and not leaks and not any("nowhere" in word for word in words):
        print(f"e2e: ok {what}: {len(words)} places", flush=True)
    else:
        failed += 1
        print(f"e2e: FAILED {what}: exit {code}, missing {missing}, shown {len(leaks)}\n  " + "\n  ".join(words), file=sys.stderr)


def with_buildah():
    context = WORK / "context"
    (context / "app").mkdir(parents=True)
    # A program that needs nothing beside it: there is no base image to be had without a registry.
    (WORK / "rm.c").write_text("#include <stdio.h>\nint main(int n, char **v) { for (int i = 1; i < n; i++) remove(v[i]); return 0; }\n")
    run("cc", "-static", "-o", context / "rm", "rm.c")
    keys = [key() for _ in range(5)]
    (context / "app/.env").write_text(f"KEY={keys[0]}\n")
    (context / "app/settings.ini").write_text(f"[api]\nkey = {keys[1]}\n")
    (context / "over.ini").write_text("[api]\nkey =\n")
    (context / "Dockerfile").write_text(
        "FROM scratch\nCOPY rm /bin/rm\n"
        f"ENV JOURVEX_API_KEY={keys[2]}\nLABEL note={keys[3]}\nARG TOKEN\n"
        'COPY app /app\nRUN ["/bin/rm", "/app/.env"]\nCOPY over.ini /app/settings.ini\nCMD ["/bin/rm"]\n')
    buildah = ["buildah", "--root", WORK / "root", "--runroot", WORK / "run", "--storage-driver", "vfs"]
    run(*buildah, "bud", "--layers", "--isolation", "chroot", "--build-arg", f"TOKEN={keys[4]}", "-t", "shop:1.2", context)
    wanted = [".env in layer 2 of 4, hidden by 3, by ", "settings.ini in layer 2 of 4, hidden by 4, by ", "environment", "labels", "history"]
    for form in ("oci-archive", "docker-archive"):
        run(*buildah, "push", "shop:1.2", f"{form}:{WORK}/{form}.tar:shop:1.2")
        check(f"buildah, {form}", f"{form}.tar", wanted, keys)
        run("gzip", "-kf", f"{form}.tar")
        check(f"buildah, {form} in gzip", f"{form}.tar.gz", wanted, keys)
    run(*buildah, "push", "shop:1.2", f"oci:{WORK}/layout:1.2")
    check("buildah, OCI layout in a folder", "layout", wanted, keys)
    for how in ("zstd", "gzip"):
        run("skopeo", "--insecure-policy", "copy", "--dest-compress", "--dest-compress-format", how, "oci:layout:1.2", f"oci:{how}:1.2")
        check(f"skopeo, layers in {how}", how, wanted, keys)
        with tarfile.open(WORK / f"{how}.tar", "w") as tar:
            tar.add(WORK / how, ".")
        check(f"skopeo, layers in {how}, as a tar of ./", f"{how}.tar", wanted, keys)
    run(*buildah, "manifest", "create", "many:1")
    run(*buildah, "manifest", "add", "--arch", "arm64", "many:1", "containers-storage:localhost/shop:1.2")
    run(*buildah, "manifest", "push", "--all", "many:1", f"oci:{WORK}/many:1")
    check("buildah, an index of platforms", "many", wanted, keys)


def with_umoci():
    keys = [key() for _ in range(3)]
    run("umoci", "init", "--layout", "made")
    run("umoci", "new", "--image", "made:one")
    run("umoci", "config", "--image", "made:one", "--config.env", f"JOURVEX_API_KEY={keys[2]}")
    for number, change in enumerate(["add", "opaque", "remove"]):
        bundle = WORK / f"bundle-{number}"
        run("umoci", "unpack", "--image", "made:one", bundle)
        root = bundle / "rootfs"
        if change == "add":
            (root / "etc/deep").mkdir(parents=True)
            (root / "etc/deep/a.env").write_text(f"KEY={keys[0]}\n")
            (root / "b.env").write_text(f"KEY={keys[1]}\n")
        elif change == "opaque":
            run("rm", "-r", root / "etc")
            (root / "etc").mkdir()
        else:
            (root / "b.env").unlink()
        run("umoci", "repack", "--image", "made:one", "--history.created_by", f"step {change}", bundle)
    wanted = ["a.env in layer 1 of 3, hidden by 2, by step add", "b.env in layer 1 of 3, hidden by 3, by step add", "environment", "unlisted"]
    check("umoci, OCI layout in a folder", "made", wanted, keys)
    run("tar", "-cf", "made.tar", "-C", "made", "index.json", "oci-layout", "blobs")
    check("umoci, OCI layout in a tar", "made.tar", wanted, keys)


for part in (with_buildah, with_umoci):
    try:
        part()
    except RuntimeError as error:
        # Building takes namespaces and mounts that not every machine gives.
        print(f"e2e: not run: {part.__name__}: {error}")
print(f"e2e: {images} images, {images - failed} told as they are")
sys.exit(failed > 0)
