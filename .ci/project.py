#!/usr/bin/env python3
"""Looks into the packages of a project as `crossplane project build` wrote them.

    project.py PACKAGES PROGRAM

The package of the function must run PROGRAM, and have one layer with the package, for Crossplane takes no image with two.
"""

import io
import json
import sys
import tarfile

packages, program = sys.argv[1:]
with tarfile.open(packages) as archive:
    read = lambda name: archive.extractfile(name).read()
    images = {image["RepoTags"][0]: image for image in json.loads(read("manifest.json"))}
    image = images["registry.example.org/planewright/reference-platform_compositions:amd64"]
    config = json.loads(read(image["Config"]))
    assert config["architecture"] == "amd64" and config["config"]["Entrypoint"] == ["/function"], config
    bases = [label for label, value in config["config"]["Labels"].items() if value == "base"]
    assert len(bases) == 1, bases
    with tarfile.open(fileobj=io.BytesIO(read(image["Layers"][0]))) as layer:
        with open(program, "rb") as file:
            assert layer.extractfile("function").read() == file.read(), "another program"
print("a project's function runs the program of the tarball")
