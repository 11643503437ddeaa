#!/usr/bin/env bash
# Searches for requests that are answered wrongly, for some seconds (default: 300), from the corpus on.
#   run.sh [SECONDS] [libFuzzer's options …]
# Needs a nightly toolchain and a C++ compiler, but not cargo-fuzz: what that adds to the build is below. New requests go to
# target/found, and one with which something broke to artifacts/; `minimise` in place of SECONDS makes the corpus of both anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

seconds=${1:-300}
shift || true
target=${CARGO_TARGET_DIR:-$PWD/target}
host=$(rustc -vV | sed -n 's/^host: //p')
passes=sancov-module
level="-Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
level+=" -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
export RUSTFLAGS="--cfg fuzzing -Cpasses=$passes $level -Ccodegen-units=1 -Zsanitizer=address ${RUSTFLAGS-}"
# With a target named, build scripts and macros are built without the flags.
cargo +nightly build --locked --release --target "$host" --target-dir "$target"
program=$target/$host/release/request
found=$target/found
mkdir -p "$found" artifacts
if [[ $seconds == minimise ]]; then
  new=$(mktemp -d)
  "$program" -set_cover_merge=1 -max_len=768 "$new" corpus/request ../sdk/tests/recorded "$found"
  rm -rf corpus/request && mv "$new" corpus/request && chmod 755 corpus/request
  exit
fi
"$program" -max_total_time="$seconds" -max_len=4096 -artifact_prefix=artifacts/ -print_final_stats=1 "$@" \
  "$found" corpus/request ../sdk/tests/recorded
