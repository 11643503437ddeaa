#!/usr/bin/env python3
"""Compare readiness and connection details of a recorded case with those of a render.

usage: case.py CASE RENDER.json        (RENDER.json: what `render --output json` printed)

CASE is a folder with `ready.yaml` (readiness that the function itself sets, by key) and perhaps `expected-connection.yaml`
(the composite resource's connection details, base64). Prints what differs; exit status 0 equal, 1 different.
"""
import base64
import json
import os
import sys

import yaml

# The published database function forgets to encode these two: what was recorded is what decoding them as base64 left.
NOT_ENCODED = {"SQLInstance": ("endpoint", "host")}


def load(case, name):
    path = os.path.join(case, name)
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file) or {}


def main(case, render):
    with open(render, encoding="utf-8") as file:
        rendered = json.load(file)
    composite = rendered["composite"]["kind"]
    ready = {key: resource["ready"] for key, resource in rendered["resources"].items()}
    connection = dict(rendered["connection"])
    expected = {key: str(value) for key, value in load(case, "expected-connection.yaml").items()}
    for name in NOT_ENCODED.get(composite, ()):
        published, ours = expected.pop(name, None), connection.pop(name, None)
        if published is None and ours is None:
            continue
        # Decoding stops at the first byte that is not base64, so the recorded bytes begin the text.
        text = base64.b64decode(ours or "").decode()
        if not published or not text.startswith(published):
            print("connection detail %s: expected a text that begins with %r, actual %r" % (name, published, text))
            return 1
    status = 0
    for what, wanted, actual in (("ready", load(case, "ready.yaml"), ready), ("connection", expected, connection)):
        for key in sorted(set(wanted) | set(actual)):
            if wanted.get(key) != actual.get(key):
                print("%s %s: expected %r, actual %r" % (what, key, wanted.get(key), actual.get(key)))
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
