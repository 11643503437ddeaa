#!/usr/bin/env bash
# Measures how long a platform's packages take to be made; see --help.
set -euo pipefail

help() {
  cat <<'HELP'
Measures what `planewright build --platform` takes for the reference platform, whose release program, stripped and linked statically,
also goes into the image of the function: everything into an empty folder, everything again with nothing changed, with a
changed description, and with two programs, as for two architectures. Both programs are built first.

usage: benches/ship.sh [--runs N]

options:
  --runs N  how often each is measured; medians are printed (default 9)

environment:
  CARGO_TARGET_DIR  where they are built (default: target)
HELP
}

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source-path=SCRIPTDIR
source "$ROOT/benches/measure.bash"
RUNS=9
read_runs benches/ship.sh "$@"
cd "$ROOT"
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
target=x86_64-unknown-linux-gnu
RUSTFLAGS='-C target-feature=+crt-static' CARGO_PROFILE_RELEASE_STRIP=true \
  cargo build --locked --quiet --release --target $target -p reference-platform -p planewright-cli
built=${CARGO_TARGET_DIR:-target}/$target/release
program=$built/reference-platform
# The number of another machine in the head of the program is all that tells it apart here.
cp "$program" "$WORK/other"
printf '\267' | dd of="$WORK/other" bs=1 seek=18 conv=notrunc status=none

build=("$built/planewright" build --platform "$program" --out "$WORK/out" --examples examples/xr --binary "linux/amd64=$program")
empty() { rm -rf "$WORK/out"; }
edited() { echo "# $RANDOM" >>"$WORK/out/apis/networks/composition.yaml"; }
row() { printf '| %s | %s | %s s | %s s |\n' "$1" "$2" "$WALL" "$CPU"; }

echo "program of $(stat -c %s "$program") bytes, load $(cut -d' ' -f1 /proc/loadavg)"
printf '| work | goal | wall | CPU |\n|---|---|---|---|\n'
measure "$RUNS" empty "${build[@]}"
row 'everything, into an empty folder' '≤ 1 s'
packages() { (cd "$WORK/out/packages" && sha256sum ./*.xpkg); }
packages >"$WORK/first"
measure "$RUNS" : "${build[@]}"
row 'again, nothing changed' '≤ 0.2 s'
packages | diff "$WORK/first" -
measure "$RUNS" edited "${build[@]}"
row 'one file changed' '–'
build+=(--binary "linux/arm64=$WORK/other")
measure "$RUNS" empty "${build[@]}"
row 'everything, for two architectures' '–'
measure "$RUNS" : "${build[@]}"
row 'the same, nothing changed' '–'
