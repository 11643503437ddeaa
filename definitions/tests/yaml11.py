#!/usr/bin/env python3
"""What the writer writes, read by a YAML 1.1 reader (PyYAML): every value must come back as it was.

Reads lines from standard input, each a JSON array [value, text]; `examples/yaml_corpus.rs` writes them.
Says "skipped" loudly and succeeds where PyYAML is not installed.
"""
import json
import sys

try:
    import yaml
except ImportError:
    print("skipped: PyYAML is not installed, nothing was checked")
    sys.exit(0)

passed = failed = 0
for line in sys.stdin:
    value, text = json.loads(line)
    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError as error:
        read = f"error: {error}"
    if type(read) is type(value) and read == value:
        passed += 1
    else:
        failed += 1
        print(f"wrote {value!r} as {text!r}, read {read!r}")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0 or passed == 0)
