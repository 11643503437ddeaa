#!/usr/bin/env bash
# Measures bench-peers beside the same composition in Go and Rust on Crossplane's SDKs, and beside a transport that decodes
# nothing; prints every goal with what was measured, as a table.
#   run.sh [--rounds N] [--without-cold-build] [--program PATH] [--keep]
# Needs Linux, Go, Python 3.12 and Node, and tools/peers of PLANEWRIGHT_SHARED (or ../shared beside the checkout), which builds the peers,
# proves that all answers are equal and loads them. What is built is found again in PLANEWRIGHT_TOOLS (~/.cache/planewright-tools).
# --program measures one that is built; --keep prints the results of the last run's peers again, without another.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

rounds=3 cold=yes keep='' built=''
while (($#)); do
  case $1 in
    --rounds) rounds=$2 && shift ;;
    --without-cold-build) cold='' ;;
    --program) built=$(realpath "$2") && shift ;;
    --keep) keep=yes ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" && exit 2 ;;
  esac
  shift
done

shared=${PLANEWRIGHT_SHARED:-../../../shared}
peers=$shared/tools/peers
[[ -x $peers/run.sh ]] || { echo "skipped: there is no tools/peers in PLANEWRIGHT_SHARED (or ../shared)"; exit 0; }
peers=$(cd "$peers" && pwd)
work=${PLANEWRIGHT_TOOLS:-$HOME/.cache/planewright-tools}/peers
target=${CARGO_TARGET_DIR:-$PWD/target}
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

# Ours is built as it is shipped: linked statically, as the image of a function has nothing else in it.
host=$(rustc -vV | sed -n 's/^host: //p')
flags=CARGO_TARGET_$(tr a-z- A-Z_ <<<"$host")_RUSTFLAGS
static() { env "$flags=-C target-feature=+crt-static" "$@"; }
if [[ ! $built ]]; then
  static cargo build --locked --release --quiet --bin bench-peers --target "$host"
  built=$target/$host/release/bench-peers
fi
program=$temporary/program
# The profile strips it, unless the environment says otherwise.
strip -o "$program" "$built"

# build NAME FOLDER ARGUMENT…: wall and CPU seconds of a release build.
build() {
  CARGO_TARGET_DIR=$temporary/target /usr/bin/time -f '%e %U %S' -o "$temporary/$1.time" \
    cargo build --quiet --release --manifest-path "$2/Cargo.toml" "${@:3}"
}
if [[ $cold ]]; then
  export "$flags=-C target-feature=+crt-static"
  build bench-peers . --bin bench-peers --target "$host"
  # The kinds are the package's own library, apart from the composition, which is 200 lines.
  rm -r "$temporary/target/$host"/release/.fingerprint/bench-peers-*
  build kinds . --lib --target "$host"
  rm -r "$temporary/target"
  unset "$flags"
  build rust-fn "$peers/src/rust-fn" --bin rust-fn
  rm -r "$temporary/target"
fi

if [[ $keep ]]; then echo "CPU and start are those of the program that was measured last; all else is measured now"; fi
[[ -x $work/bin/rust-echo && -d $work/venvs/pythonic ]] || "$peers/run.sh" build
[[ -s $work/req/huge.rsp.pb ]] || "$peers/run.sh" requests
if [[ ! $keep ]]; then
  "$peers/run.sh" bench --rounds "$rounds" --sizes medium,large,huge --only raw-rust,echo-rust,rust,go,planewright \
    --add "planewright=$program serve --insecure --address {address} --metrics-address="
fi

# Memory: nothing asked yet, after 10,000 requests of 200 resources by eight callers, after requests of 1,999.
address=127.0.0.1:9598
"$program" serve --insecure --address $address --metrics-address= 2>"$temporary/log" &
server=$!
trap 'kill $server; rm -rf "$temporary"' EXIT
until grep -q '"serving"' "$temporary/log"; do sleep 0.1; done
memory() { awk '/^VmRSS/ {printf "%s ", $2}' "/proc/$server/status" >>"$temporary/memory"; }
memory
"$work/bin/bench" -addr $address -pid $server -req "$work/req/large.none.pb" -c 8 -n 10000 >/dev/null
memory
"$work/bin/bench" -addr $address -pid $server -req "$work/req/huge.none.pb" -c 1 -n 100 >/dev/null
memory

python3 table.py "$work/out/results.json" "$program" "$temporary"
