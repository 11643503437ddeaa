#!/usr/bin/env bash
# A platform on a real control plane, from nothing to nothing: what its program emits is installed, the program is the
# function behind mutual TLS, a board becomes ready, is edited, is upgraded in place by the platform's next release, and
# leaves nothing behind. In between, `render` is asked what it makes of the board as it is in the cluster.
#
# Needs tools/cluster.sh in PLANEWRIGHT_SHARED (or ../shared beside the checkout), which starts etcd, the API server,
# Crossplane and provider-kubernetes on the loopback interface. Where it cannot run, the last line says `skipped: REASON`
# and the exit status is 77.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

SHARED=${PLANEWRIGHT_SHARED:-../shared}
TOOLS=${PLANEWRIGHT_TOOLS:-$HOME/.cache/planewright-tools}
FIRST_PORT=${PLANEWRIGHT_CLUSTER_PORT:-26440}
CLUSTER=$SHARED/tools/cluster.sh
TLS=$TOOLS/run/tls
TARGET=${CARGO_TARGET_DIR:-target}
HERE=tests/e2e
WORK=$(mktemp -d)
FUNCTIONS=()
export KUBECONFIG=$TOOLS/run/kubeconfig PATH=$TOOLS/bin:$PATH

skip() {
  echo "skipped: $1"
  exit 77
}

fail() {
  echo "error: $1" >&2
  exit 1
}

# Whatever happens, what was started ends.
cleanup() {
  local status=$?
  trap - EXIT
  if ((status != 0 && status != 77)) && [[ -n ${UP:-} ]]; then
    evidence >&2 || true
  fi
  ((${#FUNCTIONS[@]} == 0)) || kill "${FUNCTIONS[@]}" 2>/dev/null || true
  [[ -z ${UP:-} ]] || bash "$CLUSTER" down || true
  rm -rf "$WORK"
  exit "$status"
}
trap cleanup EXIT

# What somebody needs who wants to know why it failed.
evidence() {
  echo '== boards, objects and events'
  kubectl get boards.bulletin.example.org,objects.kubernetes.m.crossplane.io -n default -o yaml || true
  kubectl get events -n default | tail -n 20
  tail -n 20 "$WORK"/*.log "$TOOLS"/run/crossplane-core.log
}

# within SECONDS WHAT COMMAND…: tries until the command succeeds, and says how long that took.
within() {
  local seconds=$1 what=$2 start=$EPOCHREALTIME
  local deadline=$((SECONDS + seconds))
  shift 2
  until "$@" >"$WORK/within" 2>&1; do
    ((SECONDS < deadline)) || { cat "$WORK/within" >&2 && fail "$what: not within $seconds s"; }
    sleep 0.2
  done
  printf '%6d ms  %s\n' "$(((${EPOCHREALTIME/./} - ${start/./}) / 1000))" "$what"
}

equal() {
  [[ $2 == "$3" ]] || fail "$1: expected '$2', found '$3'"
  echo "       ok  $1"
}

value() { kubectl get -n default "$1" -o "jsonpath=$2"; }
is() { [[ $(value "$1" "$2") == "$3" ]]; }
gone() { [[ -z $(kubectl get -n default "$1" --ignore-not-found -o name) ]]; }
lists() {
  local uid
  uid=$(value "configmap/kitchen-$1" '{.metadata.uid}') && is configmap/kitchen-list "{.data.$1}" "$uid"
}
objects_are() { [[ $(kubectl get -A objects.kubernetes.m.crossplane.io -o name | wc -l) == "$1" ]]; }

# The uids of what the board is made of, by name.
uids() {
  kubectl get -n default objects.kubernetes.m.crossplane.io,configmap -o json |
    jq -c '[.items[] | select(.metadata.name != "kube-root-ca.crt") | {(.kind + "/" + .metadata.name): .metadata.uid}] | add'
}

# function_serves EDITION PORT: starts the function, and installs it as a package that says so.
function_serves() {
  local edition=$1 address=127.0.0.1:$2 log=$WORK/function-$1.log
  TLS_SERVER_CERTS_DIR=$TLS "$WORK/bulletin-$edition" --address "$address" --metrics-address '' 2>"$log" >/dev/null &
  FUNCTIONS+=($!)
  within 10 "the $edition edition serves" grep -q '"serving"' "$log"
  emits "$edition"
  within 60 "the $edition edition is installed" bash "$CLUSTER" function "$(jq -r .metadata.name "$WORK/$edition/cluster/bootstrap/function.yaml")" \
    "$address" "$WORK/$edition"/packages/function/{crossplane,inputs/*}.yaml
  # Its package is installed by now.
  rm "$WORK/$edition"/cluster/bootstrap/function.yaml
  within 60 "all that the $edition edition emits is accepted" \
    kubectl apply --server-side --recursive -f "$WORK/$edition/apis" -f "$WORK/$edition/cluster"
}

# emits EDITION: writes what the program emits into a folder.
emits() {
  local file path
  "$WORK/bulletin-$1" emit --output json | jq -c '.files[]' | while read -r file; do
    path=$WORK/$1/$(jq -r .path <<<"$file")
    mkdir -p "$(dirname "$path")"
    jq .object <<<"$file" >"$path"
  done
}

# What render makes of the board as it is in the cluster is what is in the cluster, once that has come to rest. The condition
# Responsive is left out: it tells how much has happened to the board of late.
agrees() {
  kubectl get -n default boards.bulletin.example.org kitchen -o json >"$WORK/xr.json"
  kubectl get -n default objects.kubernetes.m.crossplane.io -o json >"$WORK/observed.json"
  "$WORK/bulletin-$1" render "$WORK/xr.json" --observed "$WORK/observed.json" --output json >"$WORK/render.json"
  local composite='{references: .spec.crossplane.resourceRefs,
    status: (.status | .conditions |= (map(select(.type != "Responsive") | del(.lastTransitionTime)) | sort_by(.type)))}'
  local object='{metadata: (.metadata | {name, generateName, namespace, labels, ownerReferences,
    key: .annotations["crossplane.io/composition-resource-name"]}), manifest: .spec.forProvider.manifest}'
  diff <(jq -S "$composite" "$WORK/xr.json") <(jq -S ".composite | $composite" "$WORK/render.json") &&
    diff <(jq -S "[.items[] | $object] | sort_by(.metadata.key)" "$WORK/observed.json") \
      <(jq -S "[.resources[].resource | $object] | sort_by(.metadata.key)" "$WORK/render.json")
}

[[ -f $CLUSTER ]] || skip "there is no tools/cluster.sh in PLANEWRIGHT_SHARED (or ../shared)"
for program in jq curl openssl go; do
  command -v $program >/dev/null || skip "$program is not installed"
done
[[ ! -s $TOOLS/run/pids ]] || skip "a control plane is up already (cluster.sh down ends it)"
for port in $(seq "$FIRST_PORT" $((FIRST_PORT + 11))); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then skip "port $port is taken"; fi
done
timeout "${PLANEWRIGHT_E2E_BUILD_SECONDS:-1200}" bash "$CLUSTER" build >"$WORK/build.log" 2>&1 ||
  { tail -n 5 "$WORK/build.log" && skip "the control plane cannot be built here, or not in time"; }

for edition in first second; do
  features=()
  [[ $edition == first ]] || features=(--features second-edition)
  cargo build --locked --quiet -p bulletin "${features[@]}"
  cp "$TARGET/debug/bulletin" "$WORK/bulletin-$edition"
done

# One self-signed certificate is everybody's. By OpenSSL's own configuration it would say that it is an authority's, which
# rustls takes from no client; those that Crossplane makes do not say so.
printf '[req]\ndistinguished_name = name\n[name]\n' >"$WORK/openssl.cnf"

UP=yes
within 90 "the control plane is up" env OPENSSL_CONF="$WORK/openssl.cnf" bash "$CLUSTER" up
function_serves first $((FIRST_PORT + 10))
kubectl wait --for=condition=Established --timeout=60s xrd/boards.bulletin.example.org >/dev/null
BEGUN=$SECONDS

echo '-- a board'
# The API server may serve the kind a moment after it says so.
within 30 "the board is accepted" kubectl apply -f "$HERE/board.yaml"
within 120 "the board is ready" \
  kubectl wait -n default --for=condition=Ready --timeout=2s boards.bulletin.example.org/kitchen
tea=$(value configmap/kitchen-tea '{.metadata.uid}')
equal "the notices are there" 'first There is tea.' "$(value configmap/kitchen-tea '{.data.edition} {.data.text}')"
equal "the list has the notices' uids" \
  "$(value configmap/kitchen-tea '{.metadata.uid}') $(value configmap/kitchen-cups '{.metadata.uid}')" \
  "$(value configmap/kitchen-list '{.data.tea} {.data.cups}')"
equal "the status has them too" "$tea" \
  "$(value boards.bulletin.example.org/kitchen '{.status.notices.tea}')"
within 30 "render and cluster agree" agrees first

echo '-- an edit: one notice changes, one comes'
kubectl patch -n default boards.bulletin.example.org kitchen --type=merge \
  -p '{"spec": {"notices": [{"name": "tea", "text": "There is no tea."}, {"name": "cups", "text": "Wash your cups."}, {"name": "cake", "text": "Eat the cake."}]}}' >/dev/null
within 60 "the notice follows" is configmap/kitchen-tea '{.data.text}' 'There is no tea.'
within 60 "the new one is listed" lists cake
within 120 "the board is ready" \
  kubectl wait -n default --for=condition=Ready --timeout=2s boards.bulletin.example.org/kitchen
within 30 "render and cluster agree" agrees first

echo '-- what the spec no longer names goes'
# provider-kubernetes lets go of an Object half a minute after its creation at the earliest.
kubectl patch -n default boards.bulletin.example.org kitchen --type=merge \
  -p '{"spec": {"notices": [{"name": "tea", "text": "There is no tea."}, {"name": "cups", "text": "Wash your cups."}]}}' >/dev/null
within 90 "the cake is gone" gone configmap/kitchen-cake
within 60 "its Object too" objects_are 3
within 60 "it is no longer listed" is configmap/kitchen-list '{.data.cake}' ''
equal "the tea stays" "$tea" "$(value configmap/kitchen-tea '{.metadata.uid}')"
within 30 "render and cluster agree" agrees first

# By now Crossplane forgives the many events of the beginning: after a hundred at once it would look at the board rarely.
echo '-- an upgrade of the function'
before=$(uids)
function_serves second $((FIRST_PORT + 11))
kill "${FUNCTIONS[0]}"
wait "${FUNCTIONS[0]}" || fail "the first edition did not end well: $(tail -n 1 "$WORK/function-first.log")"
FUNCTIONS=("${FUNCTIONS[1]}")
for notice in tea cups; do
  within 180 "$notice is of the second edition" is "configmap/kitchen-$notice" '{.data.edition}' second
done
within 60 "the board is ready" \
  kubectl wait -n default --for=condition=Ready --timeout=2s boards.bulletin.example.org/kitchen
equal "all of it is what it was, changed in place" "$before" "$(uids)"
within 30 "render and cluster agree" agrees second

echo '-- the end'
kubectl delete -n default boards.bulletin.example.org kitchen --timeout=90s >/dev/null
within 90 "no Object is left" objects_are 0
for map in tea list; do within 30 "the ConfigMap of the $map is gone" gone "configmap/kitchen-$map"; done
equal "no request failed" '' "$(grep -h '"level":"ERROR"' "$WORK"/function-*.log || true)"
echo "all of it in $((SECONDS - BEGUN)) s"
