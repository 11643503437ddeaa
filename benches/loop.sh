#!/usr/bin/env bash
# Measures how long an edit takes to be seen; see --help.
set -euo pipefail

help() {
  cat <<'HELP'
Measures the loop in which a composition is written: a composition of the reference platform is touched, and
`cargo run -- render` builds the platform and renders a network with it; and again while `planewright dev` watches, until it
answers. Beside it, what Crossplane's command line takes for the same network: the same edit, built and served, rendered by `crossplane composition render`, and that command alone.

usage: benches/loop.sh [--runs N]

options:
  --runs N  how often each is measured; medians are printed (default 5)

environment:
  PLANEWRIGHT_SHARED  the folder with tools/engine.sh, which builds Crossplane's programs (default: ../shared beside the
                      checkout); without it only our own loop is measured
  CARGO_TARGET_DIR    where the platform is built, with incremental compilation as on a developer's machine
HELP
}

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source-path=SCRIPTDIR
source "$ROOT/benches/measure.bash"
RUNS=5
read_runs benches/loop.sh "$@"
SHARED=${PLANEWRIGHT_SHARED:-$ROOT/../shared}
WORK=$(mktemp -d)
DEV=''
trap '[[ -z $DEV ]] || kill "$DEV"; rm -rf "$WORK"' EXIT
cd "$ROOT"
unset CARGO_INCREMENTAL

edit() { touch src/network.rs; }
render=(cargo run --locked --quiet -- render examples/xr/network.yaml)
edit
"${render[@]}" >/dev/null
measure "$RUNS" edit "${render[@]}"
loop=$WALL
measure "$RUNS" : "${render[@]}"
printf '| work | goal | wall |\n|---|---|---|\n'
printf '| edit, build and render | ≤ 3 s | %.2f s |\n| render again, nothing changed | – | %.2f s |\n' "$loop" "$WALL"

cargo build --locked --quiet -p planewright-cli --bin planewright
mkfifo "$WORK/notes"
"${CARGO_TARGET_DIR:-target}/debug/planewright" dev examples/xr/network.yaml >/dev/null 2>"$WORK/notes" &
DEV=$!
exec 4<"$WORK/notes"
# Ends when the program has answered a change.
printf '#!/usr/bin/env bash\nwhile read -r line <&4; do [[ $line != *" render in "* ]] || exit 0; done; exit 1\n' >"$WORK/answer"
chmod +x "$WORK/answer"
"$WORK/answer"
# What changes just when a render ends is taken for what the builders wrote, unless it says something else.
later() { sleep 0.3 && edit; }
measure "$RUNS" later "$WORK/answer"
printf '| edit, until `planewright dev` answers | – | %.2f s |\n' "$WALL"
kill "$DEV" && wait "$DEV"
DEV=''

if [[ ! -x $SHARED/tools/engine.sh ]]; then
  echo "skipped: Crossplane's own render, for there is no tools/engine.sh in PLANEWRIGHT_SHARED (or ../shared)" >&2
  exit
fi
core=$("$SHARED/tools/engine.sh" --print core)
cli=$("$SHARED/tools/engine.sh" --print cli)
port=9447
cat >"$WORK/composition.yaml" <<YAML
apiVersion: apiextensions.crossplane.io/v1
kind: Composition
metadata:
  name: network
spec:
  compositeTypeRef:
    apiVersion: aws.platform.upbound.io/v1alpha1
    kind: Network
  mode: Pipeline
  pipeline:
  - step: compose
    functionRef:
      name: reference-platform
YAML
cat >"$WORK/functions.yaml" <<YAML
apiVersion: pkg.crossplane.io/v1
kind: Function
metadata:
  name: reference-platform
  annotations:
    render.crossplane.io/runtime: Development
    render.crossplane.io/runtime-development-target: 127.0.0.1:$port
spec:
  package: example.org/reference-platform:v0.1.0
YAML
official=("$cli" composition render "--crossplane-binary=$core" examples/xr/network.yaml "$WORK/composition.yaml"
  "$WORK/functions.yaml" "--xrd=apis/networks/definition.yaml")
# What somebody does who has no render in process: build, start the function anew, ask the engine.
cat >"$WORK/official" <<SH2
#!/usr/bin/env bash
set -euo pipefail
cargo build --locked --quiet
"\${CARGO_TARGET_DIR:-target}/debug/reference-platform" serve --insecure --address 127.0.0.1:$port --metrics-address '' 2>/dev/null &
trap 'kill \$!' EXIT
$(printf '%q ' "${official[@]}") >/dev/null
SH2
chmod +x "$WORK/official"
measure "$RUNS" edit "$WORK/official"
printf '| edit, build, serve, and `crossplane composition render` | – | %.2f s |\n' "$WALL"
measure "$RUNS" : "$WORK/official"
printf '| the same, nothing changed | – | %.2f s |\n' "$WALL"
