#!/usr/bin/env bash
# Generates types from real schemas and compiles them; see --help.
set -euo pipefail

help() {
  cat <<'HELP'
Generates the types of every schema folder into a crate each, and checks that they compile without warnings.

usage: benches/compile-all.sh [--sample | --all] [--work DIR] [FOLDER…]

  --sample    the folders of at most 8 MB of schemas, and some kinds of each large one (for CI)
  --all       also the archive of the whole AWS provider, about a minute of checking more
  --work DIR  write the crates to DIR and keep them (default: a temporary folder)
  FOLDER      only these folders below schemas/, such as flux

environment:
  PLANEWRIGHT_SHARED  the folder that has schemas/ (default: ../shared beside the checkout)
  CARGO_TARGET_DIR    where everything is built (default: target)

Ends with status 1 if a crate does not compile or compiles with a warning. Each of these is printed with its line.
HELP
}

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SCHEMAS=${PLANEWRIGHT_SHARED:-$ROOT/../shared}/schemas
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
PLANEWRIGHT=$CARGO_TARGET_DIR/debug/planewright
SAMPLE=false ALL=false WORK='' FOLDERS=() FAILED=0
# The kinds of the sample of a large folder: common ones, the largest, and those with odd names or requirements.
SAMPLED=('ec2.aws.m.*/VPC' 'ec2.aws.m.*/Subnet' 'ec2.aws.m.*/SecurityGroup*' 'ec2.aws.m.*/DefaultSecurityGroup'
  'ec2.aws.m.*/Instance' 'ec2.aws.upbound.io/Instance' 'rds.*/Instance' 'rds.aws.m.*/Cluster' 'eks.aws.m.*/Cluster'
  'eks.aws.m.*/NodeGroup' 'iam.aws.m.*/Role' 'iam.aws.m.*/Policy' 's3.*/Bucket' 's3.aws.m.*/BucketPolicy'
  'lambda.aws.m.*/Function' 'firehose.aws.m.*/DeliveryStream' 'wafv2.aws.m.*/WebACL' 'budgets.aws.m.*/Budget'
  'medialive.aws.m.*/Channel' 'apigateway.aws.m.*/Method' 'aws.m.*/*')
# shellcheck source-path=SCRIPTDIR
source "$ROOT/benches/crates.bash"

while (($#)); do
  case $1 in
    --help | -h) help && exit ;;
    --sample) SAMPLE=true ;;
    --all) ALL=true ;;
    --work) WORK=${2:?--work needs a folder} && shift ;;
    -*) echo "benches/compile-all.sh: unknown option \`$1\`; see benches/compile-all.sh --help" >&2 && exit 2 ;;
    *) FOLDERS+=("$1") ;;
  esac
  shift
done
if [[ ! -d $SCHEMAS ]]; then
  echo "skipped: there is no folder schemas in PLANEWRIGHT_SHARED (or ../shared)"
  exit
fi
if [[ -z $WORK ]]; then
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
fi
mkdir -p "$WORK"
WORK=$(cd "$WORK" && pwd)

# compile NAME PATH [--select GLOB…]: a crate of the types of a folder; a line about it.
compile() {
  local name=$1 crate=types-${1//./-} log=$WORK/$1.log odd kinds warnings start took broken
  shift
  if ! generated_crate "$WORK" "$crate" "$@" >"$log" 2>&1; then
    cat "$log"
    printf '%-28s not generated\n' "$name"
    FAILED=$((FAILED + 1))
    return
  fi
  odd=$(grep -c '^warning: ' "$log" || true)
  kinds=$(grep -rl 'impl rt::Kind for' "$WORK/crates/$crate/src" | wc -l)
  start=$EPOCHREALTIME
  broken=''
  cargo check --quiet --message-format short --manifest-path "$WORK/crates/$crate/Cargo.toml" \
    >"$log" 2>&1 || broken=', DOES NOT COMPILE'
  took=$(awk "BEGIN {print $EPOCHREALTIME - $start}")
  warnings=$(grep -cE '^[^ ]+:[0-9]+:[0-9]+: warning' "$log" || true)
  printf '%-28s %5d kinds %8.1f s %5d warnings %5d oddities%s\n' \
    "$name" "$kinds" "$took" "$warnings" "$odd" "$broken"
  if [[ -n $broken || $warnings != 0 ]]; then
    show "$log"
    FAILED=$((FAILED + 1))
  fi
}

# The first problems that the compiler found, each with the generated line.
show() {
  local place file line
  grep -E '^[^ ]+:[0-9]+:[0-9]+: ' "$1" | head -n 10 | while read -r place; do
    echo "  $place"
    IFS=: read -r file line _ <<<"$place"
    sed -n "${line}p" "$WORK/$file" 2>/dev/null | cut -c 1-300 | sed 's/^/    /'
  done
  grep -qE '^[^ ]+:[0-9]+:[0-9]+: ' "$1" || sed 's/^/  /' "$1" | head -n 10
}

(cd "$ROOT" && cargo build --quiet --locked -p planewright-cli)
new_workspace "$WORK"
if ((${#FOLDERS[@]} == 0)); then
  for folder in "$SCHEMAS"/*/; do FOLDERS+=("$(basename "$folder")"); done
fi
for folder in "${FOLDERS[@]}"; do
  if $SAMPLE && (($(du -sk "$SCHEMAS/$folder" | cut -f1) > 8 * 1024)); then
    selected=()
    for kind in "${SAMPLED[@]}"; do selected+=(--select "$kind"); done
    compile "$folder-sample" "$SCHEMAS/$folder" "${selected[@]}"
  else
    compile "$folder" "$SCHEMAS/$folder"
  fi
done
if $ALL; then
  mkdir -p "$WORK/archive"
  tar -xJf "$SCHEMAS/provider-aws-all.tar.xz" -C "$WORK/archive"
  compile provider-aws-all "$WORK/archive"
fi
if ((FAILED)); then
  echo "$FAILED crates failed"
  exit 1
fi
