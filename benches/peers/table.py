#!/usr/bin/env python3
"""Prints the goals of bench-peers with what was measured.

usage: table.py RESULTS.json PROGRAM FOLDER

RESULTS.json is what `tools/peers` measured; FOLDER holds `memory` (KiB idle, after 10,000 requests of 200 resources, after requests of
1,999) and, where cold builds were measured, `bench-peers.time`, `kinds.time` and `rust-fn.time` (wall, user and system seconds).
"""
import json
import os
import statistics
import sys

# CPU at 200 resources against the Go SDK's in the run that was recorded with all peers.
RECORDED = {"go-templating": 78 / 23.6, "KCL": 254 / 23.6}


def main(results, program, folder):
    with open(results, encoding="utf-8") as file:
        measured = json.load(file)["impl"]
    for name, sizes in ((name, found["equal"]) for name, found in measured.items()):
        for size, outcome in sizes.items():
            if not outcome.startswith("EQUAL"):
                sys.exit("%s answers %s otherwise than the Go function: %s" % (name, size, outcome))

    def cpu(name, size):
        return statistics.median(found[size]["c1"]["cpu_ms_stat"] for found in measured[name]["rounds"])

    def start(name):
        times = [found[1] for found in measured[name]["cold"] if found]
        return statistics.median(times), min(times)

    floor, prost, sdk, go, ours = "raw-rust", "echo-rust", "rust", "go", "planewright"
    rows = []

    def row(figure, goal, value, met):
        rows.append((figure, goal, value, "yes" if met else "no"))

    def ratio(figure, size, other, goal):
        """CPU against a peer; the goal is at most `goal` times the peer's."""
        value = cpu(ours, size) / other
        shown = (lambda ratio: "%.1f×" % ratio) if goal >= 1 else (lambda ratio: "1/%.1f" % (1 / ratio))
        row(figure, "≤ " + shown(goal).replace(".0", ""), shown(value), value <= goal)

    for size, count, goal in (("medium", 25, 3), ("large", 200, 4)):
        ratio("CPU against the transport floor, %d" % count, size, cpu(floor, size), goal)
    for size, count, goal in (("medium", 25, 1 / 7), ("large", 200, 1 / 10)):
        ratio("CPU against function-sdk-rust by hand, %d" % count, size, cpu(sdk, size), goal)
    for size, count, goal in (("medium", 25, 1 / 15), ("large", 200, 1 / 25)):
        ratio("CPU against the Go SDK, %d" % count, size, cpu(go, size), goal)
    for (name, factor), goal in zip(RECORDED.items(), (1 / 80, 1 / 250)):
        ratio("CPU against %s (by its recorded ratio to Go), 200" % name, "large", cpu(go, "large") * factor, goal)
    each = {size: cpu(ours, size) / count for size, count in (("large", 200), ("huge", 1999))}
    growth = each["huge"] / each["large"] - 1
    row(
        "CPU a resource from 200 to 1,999",
        "± 20 %",
        "%.1f to %.1f µs, %+.0f %%" % (each["large"] * 1e3, each["huge"] * 1e3, growth * 100),
        growth <= 0.2,
    )
    with open(os.path.join(folder, "memory"), encoding="utf-8") as file:
        memory = [int(value) / 1024 for value in file.read().split()]
    for figure, goal, value in zip(("idle", "after 10,000 of 200", "after 1,999"), (8, 16, 40), memory):
        row("RSS " + figure, "≤ %d MiB" % goal, "%.1f MiB" % value, value <= goal)
    times = "%.1f (best %.1f), function-sdk-rust %.1f (%.1f), Go %.1f (%.1f)" % (start(ours) + start(sdk) + start(go))
    row("exec to first answer, ms", "≤ 6", times, start(ours)[0] <= 6)
    size = os.path.getsize(program) / 2**20
    row("release program, stripped", "≤ 6 MiB", "%.2f MiB" % size, size <= 6)
    times = [os.path.join(folder, name + ".time") for name in ("bench-peers", "rust-fn", "kinds")]
    if all(map(os.path.exists, times)):
        built = [[float(value) for value in open(path, encoding="utf-8").read().split()] for path in times]
        shown = ["%.0f s wall, %.0f s CPU" % (wall, user + system) for wall, user, system in built]
        goal = "≤ function-sdk-rust's %s, and the generated kinds' %s" % tuple(shown[1:])
        row("cold release build", goal, shown[0], built[0][0] <= built[1][0] + built[2][0])
    else:
        rows.append(("cold release build", "≤ function-sdk-rust's, and the generated kinds'", "not measured", "–"))

    print("rounds: %d, load when they began: %s" % (
        len(measured[ours]["rounds"]),
        ", ".join("%.1f" % found["load"] for found in measured[ours]["rounds"]),
    ))
    print("answers equal to the Go function's:", measured[ours]["equal"])
    print("\n| CPU ms a request | 25 | 200 | 1,999 |\n|---|---:|---:|---:|")
    names = {floor: "transport floor", prost: "prost decode and encode", ours: "bench-peers", sdk: "function-sdk-rust", go: "Go SDK"}
    for name, shown in names.items():
        print("| %s | %.3f | %.3f | %.2f |" % (shown, cpu(name, "medium"), cpu(name, "large"), cpu(name, "huge")))
    print("\n| figure | goal | here | met |\n|---|---|---|---|")
    for found in rows:
        print("| %s |" % " | ".join(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
