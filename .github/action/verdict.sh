#!/usr/bin/env bash
# Ends the job as the scan ended.
set -euo pipefail

if [[ $ACTION_UPLOAD == failure ]]; then
  echo "::warning title=jvxleaks::The SARIF file could not be uploaded. Jobs of forks and of Dependabot may not be" \
    "allowed to; elsewhere check the permission security-events: write. The verdict does not depend on it."
fi
case $ACTION_EXIT_CODE in
  0) echo "jvxleaks: complete, without errors" ;;
  1)
    echo "jvxleaks: leaked keys, see the annotations and the job summary"
    exit 1
    ;;
  *)
    echo "::error title=jvxleaks::Not everything that was asked for could be read, see the log of the scan."
    exit 2
    ;;
esac
