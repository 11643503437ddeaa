#!/usr/bin/env bash
# Holds AutoReady to the real function-auto-ready, which it builds from its Go module and serves on the loopback interface.
#
#   auto-ready.sh            asks both the same, and fails if they differ where it is not meant
#   auto-ready.sh --record   … and records what the function says, for the test `auto_ready` of the sdk
#   auto-ready.sh --print    only builds the function, and prints where it is
#
# Needs Go, and the module proxy or a module cache. PLANEWRIGHT_AUTO_READY_PORT is the port, 19443 unless it says another.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

module=github.com/crossplane-contrib/function-auto-ready@v0.7.0
port=${PLANEWRIGHT_AUTO_READY_PORT:-19443}
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
function=$target/${module##*/}

if [[ ! -x $function ]]; then
  # The module calls itself by the name of another organisation, so it is not `go install` that builds it.
  source=$(go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  CGO_ENABLED=0 go build -C "${source:?go does not say where the module is}" -trimpath -o "$function.new" . >&2
  mv "$function.new" "$function"
fi

arguments=("http://127.0.0.1:$port")
case ${1-} in
  '') ;;
  --record) arguments+=(sdk/tests/auto_ready/verdicts.jsonl "$module") ;;
  --print) echo "$function" && exit ;;
  *) echo "usage: auto-ready.sh [--record|--print]" >&2 && exit 2 ;;
esac

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }
if listens; then
  echo "error: something listens on port $port of the loopback interface; name another in PLANEWRIGHT_AUTO_READY_PORT" >&2
  exit 1
fi
"$function" --insecure --address "127.0.0.1:$port" &
served=$!
trap 'kill "$served"' EXIT
for ((attempt = 0; attempt < 100; attempt++)); do
  listens && break
  kill -0 "$served" || exit 1
  sleep 0.1
done
cargo run --locked --quiet --manifest-path tests/oracle/protocol/Cargo.toml --bin auto-ready -- "${arguments[@]}"
