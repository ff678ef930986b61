#!/usr/bin/env bash
# Finds or installs jvxleaks, and names it in the output `binary`.
#
# A given binary is taken as it is. Otherwise the version of this very commit is installed: the archive of its
# release, or its wheel from PyPI. Both must have the SHA-256 sum that SHA256SUMS, beside this file, gives; nothing is
# ever compiled.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
sums=$here/SHA256SUMS
version=$(sed -n 's/^version = "\([0-9A-Za-z.+-]*\)"$/\1/p' "$here/../../Cargo.toml" | head -n 1)
place=$RUNNER_TEMP/jvxleaks-$version

fail() {
  # One line of our own words: no input is repeated in it.
  echo "::error title=jvxleaks::$1"
  exit 2
}

found() {
  # The path may be anyone's text, so it gets an end that nobody can guess.
  local end
  end=end-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf 'binary<<%s\n%s\n%s\n' "$end" "$1" "$end" >>"$GITHUB_OUTPUT"
  exit 0
}

target() {
  case "$RUNNER_OS-$RUNNER_ARCH" in
    Linux-X64) echo x86_64-unknown-linux-musl ;;
    Linux-ARM64) echo aarch64-unknown-linux-musl ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-msvc ;;
  esac
}

# The sum of the file $1, if the release has that file.
sum_of() {
  awk -v file="$1" '$2 == file { print $1 }' "$sums"
}

sum() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

install_archive() {
  local name archive expected
  name=jvxleaks-$(target)-v$version
  archive=$name.tgz
  expected=$(sum_of "$archive")
  [[ -n $expected && $ACTION_REPOSITORY =~ ^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$ ]] || return 1
  mkdir -p "$place"
  curl --proto =https --fail --silent --show-error --location --retry 3 --output "$place/$archive" \
    "${GITHUB_SERVER_URL:-https://github.com}/$ACTION_REPOSITORY/releases/download/v$version/$archive" || return 1
  [[ $(sum "$place/$archive") == "$expected" ]] ||
    fail "The release archive does not have the SHA-256 sum that belongs to this version; nothing was run."
  # A path of Windows has a colon, which tar takes for the name of a host.
  (cd "$place" && tar -xzf "$archive")
  found "$place/$name/jvxleaks"
}

install_wheel() {
  local wheels
  wheels=$(awk '$2 ~ /^jvxleaks-.*\.whl$/ { printf " --hash=sha256:%s", $1 }' "$sums")
  [[ -n $wheels ]] || return 1
  mkdir -p "$place"
  echo "jvxleaks==$version$wheels" >"$place/requirements.txt"
  python3 -m venv "$place/venv" || return 1
  local bin=$place/venv/bin
  [[ -d $bin ]] || bin=$place/venv/Scripts
  "$bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --require-hashes --requirement "$place/requirements.txt" || return 1
  found "$bin/jvxleaks"
}

if [[ -n $ACTION_BINARY ]]; then
  [[ -f $ACTION_BINARY && -x $ACTION_BINARY ]] ||
    fail "The input binary names no program; build or download jvxleaks in a step before this one."
  found "$(cd "$(dirname "$ACTION_BINARY")" && pwd)/$(basename "$ACTION_BINARY")"
fi
grep -q '^[0-9a-f]\{64\}  ' "$sums" ||
  fail "No release belongs to this commit of the action. Pin a released version, or give the input binary."
install_archive || install_wheel ||
  fail "Neither the release archive nor the wheel of version $version could be installed here; see the log, or give the input binary."
