#!/usr/bin/env bash
# A platform on a real control plane, from nothing to nothing: its packages are pushed to a registry, Crossplane's package manager
# installs them from there, the function with the Configuration that depends on it; the program is the function behind mutual TLS,
# a board becomes ready, is edited, is upgraded in place by the platform's next release, and leaves nothing behind. In between,
# `render` is asked what it makes of the board as it is in the cluster.
#
# Needs tools/cluster.sh and tools/engine.sh in PLANEWRIGHT_SHARED (or ../shared beside the checkout), which start etcd, the API
# server, Crossplane, provider-kubernetes and a registry on the loopback interface. Where it cannot run, the last line says
# `skipped: REASON` and the exit status is 77.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

SHARED=${PLANEWRIGHT_SHARED:-../shared}
TOOLS=${PLANEWRIGHT_TOOLS:-$HOME/.cache/planewright-tools}
FIRST_PORT=${PLANEWRIGHT_CLUSTER_PORT:-26440}
CLUSTER=$SHARED/tools/cluster.sh
REGISTRY=127.0.0.1:$((FIRST_PORT + 12))
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
  kubectl get locks.pkg.crossplane.io,configurations.pkg.crossplane.io,functions.pkg.crossplane.io -o yaml || true
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

# is_pushed PROGRAM: pushes a platform's packages to the registry. The program in the image is one that does nothing, but statically:
# nobody runs it here, where there is no runtime for Pods.
is_pushed() {
  DOCKER_CONFIG=$WORK/none "$TARGET/debug/planewright" push --platform "$1" --registry "$REGISTRY" \
    --binary "linux/amd64=$WORK/static"
}

# serves EDITION PORT: starts the function.
serves() {
  local edition=$1 address=127.0.0.1:$2 log=$WORK/function-$1.log
  TLS_SERVER_CERTS_DIR=$TLS "$WORK/bulletin-$edition" --address "$address" --metrics-address '' 2>"$log" >/dev/null &
  FUNCTIONS+=($!)
  within 10 "the $edition edition serves" grep -q '"serving"' "$log"
}

# runs PACKAGE PORT: does what a package runtime would, which says of a function's revision where it serves.
runs() {
  local revision
  revision=$(kubectl get functionrevisions.pkg.crossplane.io -o json |
    jq -r --arg package "$1" '.items[] | select(.spec.image == $package) | .metadata.name') && [[ $revision ]] &&
    kubectl apply --server-side --force-conflicts --subresource=status -f - <<EOF
apiVersion: pkg.crossplane.io/v1
kind: FunctionRevision
metadata: {name: $revision}
status:
  endpoint: 127.0.0.1:$2
  tlsServerSecretName: package-tls
  conditions: [{type: RuntimeHealthy, status: "True", reason: External, lastTransitionTime: "$(date -u +%FT%TZ)"}]
EOF
}

# healthy KIND PACKAGE: whether a package is installed, and well.
healthy() {
  kubectl get "$1.pkg.crossplane.io" -o json | jq -e --arg package "$2" '.items[] | select(.spec.package == $package)
    | [.status.conditions[] | select(.type == "Installed" or .type == "Healthy") | .status] == ["True", "True"]'
}

# accepts EDITION: applies all that a cluster needs of an edition besides its packages.
accepts() {
  # The package manager makes the Function.
  rm -f "$WORK/$1"/cluster/bootstrap/function.yaml
  within 60 "all else that the $1 edition emits is accepted" kubectl apply --server-side --recursive -f "$WORK/$1/cluster"
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
for port in $(seq "$FIRST_PORT" $((FIRST_PORT + 12))); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then skip "port $port is taken"; fi
done
timeout "${PLANEWRIGHT_E2E_BUILD_SECONDS:-1200}" bash "$CLUSTER" build >"$WORK/build.log" 2>&1 ||
  { tail -n 5 "$WORK/build.log" && skip "the control plane cannot be built here, or not in time"; }

registry=$(timeout 1200 bash "$SHARED/tools/engine.sh" --print registry) || skip "the registry cannot be built here"

cargo build --locked --quiet -p planewright-cli -p reference-platform
# It runs nowhere, and looks as if it had the command that the reference platform's Promises run.
echo 'fn main() { println!("/kratix/input/object.yaml"); }' >"$WORK/static.rs"
rustc -C target-feature=+crt-static -o "$WORK/static" "$WORK/static.rs"
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
"$registry" -port="${REGISTRY##*:}" >"$WORK/registry.log" 2>&1 &
FUNCTIONS+=($!)
REGISTRY_PROCESS=$!
for edition in first second; do emits $edition; done
FUNCTION=registry.example.org/planewright/function-bulletin
CONFIGURATION=registry.example.org/planewright/bulletin
BEGUN=$SECONDS

echo '-- the packages, from a registry that stands for the one that they name'
within 30 "the first edition is pushed" is_pushed "$WORK/bulletin-first"
serves first $((FIRST_PORT + 10))
kubectl apply -f - >/dev/null <<EOF
apiVersion: pkg.crossplane.io/v1beta1
kind: ImageConfig
metadata: {name: mirror}
spec:
  matchImages: [{type: Prefix, prefix: registry.example.org/planewright}]
  rewriteImage: {prefix: $REGISTRY/planewright}
---
apiVersion: pkg.crossplane.io/v1
kind: Configuration
metadata: {name: planewright-bulletin}
spec: {package: "$CONFIGURATION:v0.1.0"}
EOF
within 90 "the package manager brings the function that the Configuration depends on" runs "$FUNCTION:v0.1.0" $((FIRST_PORT + 10))
within 90 "the Function is healthy" healthy functions "$FUNCTION:v0.1.0"
within 90 "the Configuration is healthy" healthy configurations "$CONFIGURATION:v0.1.0"
equal "the Function is the one that would have been applied" \
  "$(jq -r '.metadata.name + " " + .spec.package' "$WORK/first/cluster/bootstrap/function.yaml")" \
  "$(kubectl get functions.pkg.crossplane.io -o json | jq -r '.items[] | .metadata.name + " " + .spec.package')"
accepts first

echo '-- those of the reference platform, whose providers are not to be had here'
within 60 "they are pushed" is_pushed "$TARGET/debug/reference-platform"
"$TARGET/debug/reference-platform" emit --output json >"$WORK/reference.json"
jq '.files[] | select(.path == "cluster/bootstrap/function.yaml").object' "$WORK/reference.json" | kubectl apply -f - >/dev/null
package_of() { jq -r --arg kind "$1" '.packages[] | select(.kind == $kind) | .repository + ":" + .version' "$WORK/reference.json"; }
kubectl apply -f - >/dev/null <<EOF
apiVersion: pkg.crossplane.io/v1
kind: Configuration
metadata: {name: reference-platform}
spec: {package: "$(package_of Configuration)", skipDependencyResolution: true}
EOF
within 90 "its function is fetched" runs "$(package_of Function)" $((FIRST_PORT + 10))
within 90 "its Function is healthy" healthy functions "$(package_of Function)"
within 90 "its Configuration is healthy" healthy configurations "$(package_of Configuration)"
for xrd in $(jq -r '.files[].object | select(.kind == "CompositeResourceDefinition") | .metadata.name' "$WORK/reference.json"); do
  within 60 "the API server serves $xrd" kubectl wait --for=condition=Established --timeout=2s "xrd/$xrd"
done

echo '-- a board'
kubectl wait --for=condition=Established --timeout=60s xrd/boards.bulletin.example.org >/dev/null
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
within 30 "the second edition is pushed" is_pushed "$WORK/bulletin-second"
serves second $((FIRST_PORT + 11))
# The Configuration names its function's version, and the package manager upgrades no dependency: first the one, then the other.
name=$(jq -r .metadata.name "$WORK/second/cluster/bootstrap/function.yaml")
kubectl patch functions.pkg.crossplane.io "$name" --type=merge -p "{\"spec\": {\"package\": \"$FUNCTION:v0.2.0\"}}" >/dev/null
within 90 "its function is fetched" runs "$FUNCTION:v0.2.0" $((FIRST_PORT + 11))
kubectl patch configurations.pkg.crossplane.io planewright-bulletin --type=merge \
  -p "{\"spec\": {\"package\": \"$CONFIGURATION:v0.2.0\"}}" >/dev/null
within 90 "the Function is healthy" healthy functions "$FUNCTION:v0.2.0"
within 90 "the Configuration is healthy" healthy configurations "$CONFIGURATION:v0.2.0"
accepts second
kill "${FUNCTIONS[1]}"
wait "${FUNCTIONS[1]}" || fail "the first edition did not end well: $(tail -n 1 "$WORK/function-first.log")"
FUNCTIONS=("$REGISTRY_PROCESS" "${FUNCTIONS[2]}")
for notice in tea cups; do
  within 180 "$notice is of the second edition" is "configmap/kitchen-$notice" '{.data.edition}' second
done
within 60 "the board is ready" \
  kubectl wait -n default --for=condition=Ready --timeout=2s boards.bulletin.example.org/kitchen
equal "all of it is what it was, changed in place" "$before" "$(uids)"
within 30 "the function knows the revision that calls it" grep -q '"composition_version":"0.2.0"' "$WORK/function-second.log"
within 30 "render and cluster agree" agrees second

echo '-- the end'
kubectl delete -n default boards.bulletin.example.org kitchen --timeout=90s >/dev/null
within 90 "no Object is left" objects_are 0
for map in tea list; do within 30 "the ConfigMap of the $map is gone" gone "configmap/kitchen-$map"; done
equal "no request failed" '' "$(grep -h '"level":"ERROR"' "$WORK"/function-*.log || true)"
echo "all of it in $((SECONDS - BEGUN)) s"
