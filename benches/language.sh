#!/usr/bin/env bash
# Measures what literals cost the compiler; see --help.
set -euo pipefail

help() {
  cat <<'HELP'
Measures what the literals of the language cost `cargo check`: a crate of COUNT `resource!` literals, the same resources
written with drafts (`draft.set(field!(…), …)`) as they would be without macros, and a crate of neither. The types are those
of the reference platform, which is checked before and not measured.

usage: benches/language.sh [--count N] [--runs N] [--work DIR]

options:
  --count N   how many resources (default 800)
  --runs N    how often each is checked; medians are printed (default 5)
  --work DIR  keep the crates and what was built in DIR (default: a temporary folder)
HELP
}

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source-path=SCRIPTDIR
source "$ROOT/benches/measure.bash"
# shellcheck source-path=SCRIPTDIR
source "$ROOT/benches/crates.bash"
COUNT=800 RUNS=5 WORK=''
while (($#)); do
  case $1 in
    --help | -h) help && exit ;;
    --count) COUNT=${2:?--count needs a number} && shift ;;
    --runs) RUNS=${2:?--runs needs a number} && shift ;;
    --work) WORK=${2:?--work needs a folder} && shift ;;
    *) echo "benches/language.sh: \`$1\` is no option; see benches/language.sh --help" >&2 && exit 2 ;;
  esac
  shift
done
if [[ -z $WORK ]]; then
  WORK=$(mktemp -d)
  trap 'rm -rf "$WORK"' EXIT
fi
new_workspace "$WORK"

# platform_crate NAME: a crate over the reference platform, whose body is on standard input.
platform_crate() {
  mkdir -p "$WORK/crates/$1/src"
  cat >"$WORK/crates/$1/Cargo.toml" <<TOML
[package]
name = "$1"
version = "0.1.0"
edition = "2024"

[dependencies]
planewright = { path = "$ROOT/sdk", default-features = false }
reference-platform = { path = "$ROOT" }
TOML
  {
    echo '#![allow(unused_imports)]'
    echo 'use planewright::compose::{Cx, Handle};'
    echo 'use planewright::{field, path, resource};'
    echo 'use reference_platform::aws::ec2::{Subnet, VPC};'
    echo 'use reference_platform::platform::Network;'
    cat
  } >"$WORK/crates/$1/src/lib.rs"
}

# A function for every eight resources, as long as one composes in a function.
functions() {
  local body=$1 index
  for ((index = 0; index < COUNT; index += 8)); do
    echo "pub fn part$index(cx: &Cx<Network>, vpc: &Handle<VPC>) {"
    echo '    let parameters = &cx.xr().spec.parameters;'
    for ((one = index; one < index + 8 && one < COUNT; one++)); do "$body" "$one"; done
    echo '}'
  done
}

literal() {
  cat <<RUST
    resource!(cx, "subnet-$1": Subnet {
        metadata.name: "subnet-$1",
        spec.for_provider: {
            availability_zone: "eu-west-1a",
            cidr_block: vpc.status.at_provider.cidr_block,
            map_public_ip_on_launch: true,
            region: parameters.region,
            vpc_id_ref: vpc,
        },
    });
RUST
}

plain() {
  cat <<RUST
    let mut draft = cx.draft::<Subnet>("subnet-$1");
    draft.set(field!(metadata.name), "subnet-$1");
    draft.set(field!(spec.for_provider.availability_zone), "eu-west-1a");
    draft.set(field!(spec.for_provider.cidr_block), vpc.read(path!(status.at_provider.cidr_block)));
    draft.set(field!(spec.for_provider.map_public_ip_on_launch), true);
    draft.set(field!(spec.for_provider.region), parameters.region.clone());
    draft.set(field!(spec.for_provider.vpc_id_ref), vpc);
    draft.compose();
RUST
}

functions literal | platform_crate literals
functions plain | platform_crate drafts
platform_crate nothing </dev/null

check() {
  local cargo=(env CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=false CARGO_TARGET_DIR="$WORK/target"
    cargo check --quiet --offline --manifest-path "$WORK/crates/$1/Cargo.toml")
  "${cargo[@]}"
  touched=$WORK/crates/$1/src/lib.rs
  touch_it() { touch "$touched"; }
  measure "$RUNS" touch_it "${cargo[@]}"
}
check nothing && nothing=$CPU
check literals && literals=$CPU
check drafts && drafts=$CPU
awk -v n="$COUNT" -v nothing="$nothing" -v literals="$literals" -v drafts="$drafts" 'BEGIN {
  printf "| `cargo check` of %d `resource!` literals, CPU | ≤ 1.5 s | %.2f s (of which %.2f s for a crate of nothing) |\n", n, literals, nothing
  printf "| the same as drafts without macros, CPU | – | %.2f s |\n", drafts
  printf "| literals over drafts | ≤ +25 %% | %+.0f %% |\n", (literals / drafts - 1) * 100
}'
