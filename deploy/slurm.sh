#!/usr/bin/env bash
# Audits the repositories of LIST as one Slurm array. OUT is a folder that all nodes see, a new one for each run.
#
#   sbatch --wait --array=1-16 --export=ALL,LIST=repositories.txt,OUT=out deploy/slurm.sh
#   jvxleaks merge out/*.jsonl --inventory repositories.txt
#
#SBATCH --job-name=jvxleaks
#SBATCH --cpus-per-task=2
#SBATCH --mem=2G
#SBATCH --no-requeue
set -euo pipefail
: "${LIST:?a file with a repository a line}" "${OUT:?a folder for the records}"
mkdir -p "$OUT"
exec jvxleaks fleet "$LIST" --shard auto -j "${SLURM_CPUS_PER_TASK:-1}" --exit-zero \
  --object-cache "$OUT/blobs" -o "$OUT/$SLURM_ARRAY_TASK_ID.jsonl"
