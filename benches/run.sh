#!/usr/bin/env bash
# Measures Planewright and its peers; see --help.
set -euo pipefail

help() {
  cat <<'HELP'
Measures Planewright, beside its peers where they are installed, and prints one table.

usage: benches/run.sh [STAGE…] [--runs N] [--work DIR] [--full-peers]

stages (all by default):
  generate  all CRDs of an AWS provider through the library, as a build script uses it; peers kopium and typify
  check     `cargo check` of the types of 10 typical kinds, and of the 104 namespaced ec2 kinds; peer kopium
  render    `cargo bench --bench render`: networks of 26 and of 200 composed resources, in process
  census    what is in the AWS provider: kinds, fields, required parameters, references

options:
  --runs N      how often a command runs; the table has medians (default 3; peers that run for each CRD, and
                --full-peers, run once)
  --work DIR    keep what was unpacked and built in DIR and use it again (default: a temporary folder)
  --full-peers  also let kopium generate and check the 104 ec2 kinds (about two minutes)

environment:
  PLANEWRIGHT_SHARED  the folder with schemas/provider-aws-all.tar.xz (default: ../shared beside the checkout)
  CARGO_TARGET_DIR    where this repository is built (default: target)

peers: cargo install kopium --version 0.24.1 --locked
       cargo install cargo-typify --version 0.8.0 --locked

Close other programs first: wall times double on a busy machine, CPU times rise by a fifth.
HELP
}

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SHARED=${PLANEWRIGHT_SHARED:-$ROOT/../shared}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
RELEASE=$CARGO_TARGET_DIR/release
PLANEWRIGHT=$RELEASE/planewright
RUNS=3 WORK='' FULL_PEERS=false STAGES=() ROWS=() NOTES=()
# shellcheck source-path=SCRIPTDIR
source "$ROOT/benches/measure.bash"
# shellcheck source-path=SCRIPTDIR
source "$ROOT/benches/crates.bash"

while (($#)); do
  case $1 in
    --help | -h) help && exit ;;
    --runs) RUNS=${2:?--runs needs a number} && shift ;;
    --work) WORK=${2:?--work needs a folder} && shift ;;
    --full-peers) FULL_PEERS=true ;;
    generate | check | render | census) STAGES+=("$1") ;;
    *) echo "benches/run.sh: \`$1\` is neither a stage nor an option; see benches/run.sh --help" >&2 && exit 2 ;;
  esac
  shift
done
((${#STAGES[@]})) || STAGES=(generate check render census)
if [[ ! -x /usr/bin/time ]]; then
  echo "benches/run.sh: GNU time is not installed as /usr/bin/time (package \`time\`)" >&2
  exit 1
fi
if [[ -z $WORK ]]; then
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
fi
mkdir -p "$WORK"
WORK=$(cd "$WORK" && pwd)

say() { echo "== $*" >&2; }
row() { ROWS+=("| $1 | $2 | $3 | $4 |"); }
skip() {
  echo "!! $*" >&2
  NOTES+=("$*")
}

# has_peer PROGRAM INSTALL: whether a peer is there; says loudly where it is not.
has_peer() {
  command -v "$1" >/dev/null && return
  skip "peer not measured: $1 is not installed ($2)"
  return 1
}
has_kopium() { has_peer kopium "cargo install kopium --version 0.24.1 --locked"; }
has_typify() { has_peer cargo-typify "cargo install cargo-typify --version 0.8.0 --locked"; }

# The CRDs of the provider in $WORK/aws.
has_provider() {
  [[ -d $WORK/aws ]] && return
  local archive=$SHARED/schemas/provider-aws-all.tar.xz
  if [[ ! -f $archive ]]; then
    skip "not measured: there is no schemas/provider-aws-all.tar.xz in PLANEWRIGHT_SHARED (or ../shared)"
    return 1
  fi
  say "unpacking the provider"
  mkdir "$WORK/aws.new"
  tar -xJf "$archive" -C "$WORK/aws.new"
  mv "$WORK/aws.new" "$WORK/aws"
}

stage_generate() {
  has_provider || return 0
  local count=0 out=$WORK/generated
  count=$(find "$WORK/aws" -name '*.yaml' | wc -l)
  say "generate: building"
  (cd "$ROOT" && cargo build --quiet --release --locked -p planewright-codegen --example build_script)
  local generate=("$RELEASE/examples/build_script" "$out" "$WORK/aws")
  empty() { rm -rf "$WORK/generated"; }
  say "generate: $count CRDs, $RUNS times"
  measure "$RUNS" empty "${generate[@]}"
  local ours=("$WALL s wall, $CPU s CPU, $PEAK MiB")
  measure "$RUNS" : "${generate[@]}"
  ours+=("$WALL s wall, $CPU s CPU, $PEAK MiB")
  local kopium='not measured' typify='not measured'
  if has_kopium; then
    say "generate: kopium, a process for each CRD"
    mkdir -p "$WORK/kopium"
    # shellcheck disable=SC2016 # expanded by the inner shell
    measure 1 : bash -c 'for crd in "$1"/*.yaml; do
        kopium -f "$crd" -A --derive Default --derive PartialEq >"$2/$(basename "$crd" .yaml).rs" || echo "failed: $crd"
      done' - "$WORK/aws" "$WORK/kopium"
    kopium="kopium $WALL s wall, $CPU s CPU, $PEAK MiB each"
  fi
  if has_typify; then
    say "generate: typify, a process for each CRD"
    (cd "$ROOT" && cargo run --quiet --release --locked -p planewright-definitions --example json_schemas -- \
      "$WORK/json" "$WORK/aws")
    # shellcheck disable=SC2016 # expanded by the inner shell
    measure 1 : bash -c 'for schema in "$1"/*.json; do
        cargo-typify typify --no-builder "$schema" -o "${schema%.json}.rs" >/dev/null 2>&1 || echo "failed: $schema"
      done' - "$WORK/json"
    typify="typify $WALL s wall, $CPU s CPU, $PEAK MiB each"
  fi
  row "generate $count CRDs" "≤ 3 s wall, ≤ 1024 MiB" "${ours[0]}" "$kopium; $typify"
  row "the same, nothing changed" "≤ 0.5 s wall" "${ours[1]}" "–"
}

# The typical kinds, as GROUP/KIND and as the name of the CRD's file.
TYPICAL=(ec2/VPC:vpcs ec2/Subnet:subnets ec2/SecurityGroup:securitygroups ec2/Instance:instances rds/Instance:instances
  eks/Cluster:clusters eks/NodeGroup:nodegroups iam/Role:roles iam/Policy:policies s3/Bucket:buckets)

stage_check() {
  has_provider || return 0
  say "check: building"
  (cd "$ROOT" && cargo build --quiet --release --locked -p planewright-cli)
  rm -rf "$WORK/check" && new_workspace "$WORK/check"
  local kind files=() selected=()
  for kind in "${TYPICAL[@]}"; do
    files+=("$WORK/aws/${kind%%/*}.aws.m.upbound.io_${kind##*:}.yaml")
    selected+=(--select "${kind%%/*}.aws.m.upbound.io/$(cut -d/ -f2 <<<"${kind%%:*}")")
  done
  generated_crate "$WORK/check" typical "$WORK/aws" "${selected[@]}" --docs full
  generated_crate "$WORK/check" ec2 "$WORK/aws" --select 'ec2.aws.m.upbound.io/*' --docs full
  local peers=('not measured' 'not measured') ec2_files=("$WORK"/aws/ec2.aws.m.upbound.io_*.yaml)
  check "$WORK/check" typical "$RUNS" && local typical=$CPU
  check "$WORK/check" ec2 "$RUNS" && local ec2=$CPU
  if has_kopium; then
    rm -rf "$WORK/check-kopium" && new_workspace "$WORK/check-kopium"
    rm "$WORK/check-kopium/Cargo.lock"
    kopium_crate typical "${files[@]}"
    $FULL_PEERS && kopium_crate ec2 "${ec2_files[@]}"
    check "$WORK/check-kopium" typical "$RUNS" && peers[0]="kopium $CPU s"
    $FULL_PEERS && check "$WORK/check-kopium" ec2 1 && peers[1]="kopium $CPU s"
    $FULL_PEERS || peers[1]="kopium not measured (--full-peers)"
  fi
  row "\`cargo check\` of 10 typical kinds, CPU" "≤ 1 s" "$typical s" "${peers[0]}"
  row "\`cargo check\` of ${#ec2_files[@]} ec2 kinds, CPU" "≤ 4 s" "$ec2 s" "${peers[1]}"
}

# check WORKSPACE CRATE RUNS: the cost of checking a crate whose dependencies are built, cargo's own included.
check() {
  local workspace=$1 crate=$2 runs=$3
  say "check: $crate in ${workspace##*/}"
  local cargo=(env CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=false CARGO_TARGET_DIR="$WORK/target"
    cargo check --quiet --manifest-path "$workspace/crates/$crate/Cargo.toml")
  "${cargo[@]}"
  touched=$workspace/crates/$crate/src/lib.rs
  touch_it() { touch "$touched"; }
  measure "$runs" touch_it "${cargo[@]}"
}

# kopium_crate NAME CRD…: the types that kopium makes of some CRDs, a module each, with all that they need.
kopium_crate() {
  local crate=$WORK/check-kopium/crates/$1 crd module
  shift
  mkdir -p "$crate/src"
  cat >"$crate/Cargo.toml" <<TOML
[package]
name = "${crate##*/}"
version = "0.1.0"
edition = "2021"

[dependencies]
k8s-openapi = { version = "0.28", features = ["latest", "schemars"] }
kube = { version = "4", default-features = false, features = ["derive"] }
schemars = "1"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
TOML
  for crd; do
    module=$(basename "$crd" .yaml | tr '.-' '__')
    kopium -f "$crd" -A --derive Default --derive PartialEq >"$crate/src/$module.rs"
    echo "pub mod $module;" >>"$crate/src/lib.rs"
  done
}

stage_render() {
  say "render: building and measuring"
  local log=$WORK/render.log line
  (cd "$ROOT" && cargo bench --locked --bench render) >"$log" 2>&1 || { tail -n 30 "$log" >&2 && return 1; }
  # `render/CASE/RESOURCES`, then `time: [low unit middle unit high unit]`, on the same line or the next one.
  while IFS=/ read -r _ case resources time; do
    line='–'
    [[ $case == all\ observed && $resources == 200 || $case == nothing\ observed && $resources == 200 ]] && line='≤ 2 ms'
    row "render $resources resources, $case" "$line" "$time" "–"
  done < <(awk '/^render\//{name = $0; sub(/ *time:.*/, "", name)}
    /time: +\[/{split($0, part, /[][]/); split(part[2], v, " "); print name "/" v[3] " " v[4]}' "$log")
}

stage_census() {
  has_provider || return 0
  say "census: building"
  (cd "$ROOT" && cargo build --quiet --release --locked -p planewright-cli)
  CENSUS=$(
    echo "### Census"
    echo
    echo "Of all kinds:"
    "$PLANEWRIGHT" census "$WORK/aws" | sed 's/^/    /'
    echo
    echo "Of the namespaced kinds:"
    "$PLANEWRIGHT" census "$WORK/aws/*.m.upbound.io_*.yaml" | sed 's/^/    /'
  )
}

CENSUS=''
for stage in "${STAGES[@]}"; do "stage_$stage"; done

machine=$(awk -F': ' '/^model name/{print $2; exit}' /proc/cpuinfo 2>/dev/null || true)
echo "$(nproc 2>/dev/null || echo '?') cores${machine:+ ($machine)}, $(uname -s), $(rustc --version | cut -d' ' -f1,2); medians of $RUNS runs"
if ((${#ROWS[@]})); then
  printf '\n| work | goal | here | peers |\n|---|---|---|---|\n'
  printf '%s\n' "${ROWS[@]}"
fi
[[ -z $CENSUS ]] || printf '\n%s\n' "$CENSUS"
((${#NOTES[@]} == 0)) || printf '\n%s\n' "${NOTES[@]}"
