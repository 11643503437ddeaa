#!/usr/bin/env bash
# Records what a real control plane makes of the XRDs in tests/xrds: for each folder NAME with an xrd.yaml, the stored
# CRDs as crd-xr.yaml and crd-claim.yaml. The tests compare the derivation with these files and need no cluster.
#
#   tests/record.sh [NAME...]     all folders by default
#
# Needs kubectl on PATH and a cluster without these XRDs: either KUBECONFIG names one in which Crossplane runs, or
# PLANEWRIGHT_SHARED (by default ../shared beside the checkout) has tools/cluster.sh, which starts and stops one.
# Python 3 with PyYAML writes the files.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${KUBECONFIG-}" ]; then
  cluster=${PLANEWRIGHT_SHARED:-$here/../../../shared}/tools/cluster.sh
  [ -x "$cluster" ] || { echo "skipped: neither KUBECONFIG nor $cluster"; exit 0; }
  "$cluster" build
  trap '"$cluster" down' EXIT
  eval "export $("$cluster" up | grep ^KUBECONFIG=)"
  export PATH="${PLANEWRIGHT_TOOLS:-$HOME/.cache/planewright-tools}/bin:$PATH"
fi

# stored CRD FILE: writes the CRD without what only its cluster knows.
stored() {
  kubectl get customresourcedefinition "$1" -o json | python3 -c '
import json, sys, yaml
crd = json.load(sys.stdin)
crd.pop("status", None)
for field in "uid", "resourceVersion", "generation", "managedFields", "creationTimestamp":
    crd["metadata"].pop(field, None)
for owner in crd["metadata"].get("ownerReferences", []):
    owner.pop("uid", None)
yaml.safe_dump(crd, sys.stdout, sort_keys=False, allow_unicode=True, width=1000)
' >"$2"
}

# v1 XRDs are deprecated, and kubectl says so every time.
kubectl() { command kubectl "$@" 2> >(grep -v 'is deprecated and will be removed' >&2); }

cd "$here/xrds"
[ $# -gt 0 ] || set -- *
for name in "$@"; do
  rm -f "$name"/crd-*.yaml
  kubectl create -f "$name/xrd.yaml" >/dev/null
  xrd=$(kubectl get -f "$name/xrd.yaml" -o jsonpath='{.metadata.name}')
  claim=$(kubectl get -f "$name/xrd.yaml" -o jsonpath='{.spec.claimNames.plural}')
  kubectl wait --for=condition=Established --timeout=60s "xrd/$xrd" >/dev/null
  stored "$xrd" "$name/crd-xr.yaml"
  if [ -n "$claim" ]; then
    kubectl wait --for=condition=Offered --timeout=60s "xrd/$xrd" >/dev/null
    stored "$claim.${xrd#*.}" "$name/crd-claim.yaml"
  fi
  kubectl delete -f "$name/xrd.yaml" --wait=true >/dev/null
  echo "recorded $name"
done
