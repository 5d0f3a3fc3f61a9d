#!/usr/bin/env bash
# Builds the last commit twice, in two folders of different names and depths and without the
# compiler cache, and compares the bytes: of the binary, and of what is said of its parts.
#
#   packaging/reproduce.sh        takes as long as two builds of everything
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

place="$(mktemp -d "${TMPDIR:-/tmp}/sojourn-reproduce-XXXXXX")"
export CCACHE_DISABLE=1
SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)"
export SOURCE_DATE_EPOCH

build_in() {
  mkdir -p "$1"
  git archive HEAD | tar -x -C "$1"
  (
    cd "$1"
    cmake --preset release -DSOJOURN_BUILD_BENCH=OFF >cmake.log
    cmake --build --preset release --target sojourn
    python3 -B packaging/sbom.py build/release build/release/sojourn.spdx.json
  )
}

one="$place/one"
other="$place/a-longer-name/two"
build_in "$one"
build_in "$other"

status=0
for file in bin/sojourn sojourn.spdx.json; do
  (cd "$one/build/release" && sha256sum "$file")
  (cd "$other/build/release" && sha256sum "$file")
  cmp "$one/build/release/$file" "$other/build/release/$file" || status=1
done
if [[ $status -ne 0 ]]; then
  echo "the builds differ; both are kept: $one and $other" >&2
  exit 1
fi
rm -rf "$place"
echo "identical"
