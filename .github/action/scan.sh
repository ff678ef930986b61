#!/usr/bin/env bash
# Runs `jvxleaks ci` and records how it ended, so that the SARIF file can be uploaded before the job fails.
set -uo pipefail

arguments=()
[[ -z $JVXLEAKS_CONFIG ]] || arguments+=("--config=$JVXLEAKS_CONFIG")
[[ -z $JVXLEAKS_FAIL_ON ]] || arguments+=("--fail-on=$JVXLEAKS_FAIL_ON")
case $ACTION_TRUST_HEAD in
  true) arguments+=(--trust-head-config) ;;
  false) ;;
  *)
    echo "::error title=jvxleaks::The input trust-head-config is neither true nor false."
    exit 2
    ;;
esac
sarif=
case $ACTION_WITH_SARIF in
  true)
    sarif=$RUNNER_TEMP/jvxleaks.sarif
    rm -f "$sarif"
    arguments+=("--sarif=$sarif")
    ;;
  false) ;;
  *)
    echo "::error title=jvxleaks::The input upload-sarif is neither true nor false."
    exit 2
    ;;
esac

code=0
"$JVXLEAKS" ci ${arguments[@]+"${arguments[@]}"} || code=$?

echo "exit-code=$code" >>"$GITHUB_OUTPUT"
# A file about a part of the tree would close the alerts of the rest, so only a whole one is uploaded.
if [[ -n $sarif && -s $sarif && $code -lt 2 ]]; then
  echo "sarif=$sarif" >>"$GITHUB_OUTPUT"
fi
