#!/usr/bin/env bash
# Audits the repositories of LIST in SHARES jobs under GNU parallel.
#
#   LIST=repositories.txt OUT=out SHARES=8 deploy/parallel.sh [OPTIONS OF parallel, such as --sshlogin a,b]
#
# The jobs use one thread each, since there are several. Exit code 2 of a job is no reason to end the others.
set -euo pipefail
: "${LIST:?a file with a repository a line}" "${OUT:?a folder for the records}"
shares=${SHARES:-$(nproc)}
mkdir -p "$OUT"
seq "$shares" | parallel --quote --wd . --halt never --joblog "$OUT/joblog" "$@" \
  jvxleaks fleet "$LIST" --shard "{}/$shares" -j 1 --exit-zero \
  --object-cache "$OUT/blobs" -o "$OUT/{}-of-$shares.jsonl" || true
# Another run may have left files of another division there.
mapfile -t files < <(seq --format "$OUT/%g-of-$shares.jsonl" "$shares")
jvxleaks merge "${files[@]}" --inventory "$LIST"
