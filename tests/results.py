#!/usr/bin/python3
"""results.py unit|sim|fuzz BUILD...: runs that kind of test of each build and prints a line for each.

unit: the programs that mirror src/. sim: the simulated network, all its seeds in an optimised build and
a share of them in one with sanitizers. fuzz: each decoder's corpus."""
import json
import os
import pathlib
import re
import subprocess
import sys

SUITES = {"unit": ["--no-suite", "sim", "--no-suite", "fuzz"], "sim": ["--suite", "sim"],
          "fuzz": ["--suite", "fuzz"]}
# a report must end the program: a test that goes on after one may pass
OPTIONS = {"ASAN_OPTIONS": "abort_on_error=1:detect_stack_use_after_return=1",
           "UBSAN_OPTIONS": "halt_on_error=1:abort_on_error=1:print_stacktrace=1"}
# meson's pattern in freed memory would touch every page of every world's pools; ASan sees more than it
UNPATTERNED = {"MALLOC_PERTURB_": "0"}
SEEDS_MIN = 200  # that must have run in one build
SEEDS_LINE = re.compile(r"^# (\d+) seeds, .*$", re.MULTILINE)


def show(kind, build, test, logs):
    output = test.get("stdout", "") + test.get("stderr", "")
    cases = re.findall(r"^(ok|not ok)\b", test.get("stdout", ""), re.MULTILINE)
    is_ok = test["result"] == "OK" and "not ok" not in cases
    name = test["name"].split(" / ")[-1].strip()
    where = ""
    if kind == "sim":  # it runs in two builds
        where, name = f"{build.name}/", name.removeprefix("sim/")
    line = f"{'ok' if is_ok else 'FAILED'} {kind}/{where}{name} {test['duration']:.1f} s"
    if len(cases) > 1:
        line += f" ({len(cases)} cases)"
    if not is_ok:
        log = logs / (re.sub(r"\W+", "-", where + test["name"]) + ".log")
        log.write_text(output)
        wrong = [l for l in output.splitlines() if l.startswith("not ok") or "ERROR" in l]
        line += f"  {test['result']}; see {log}\n" + "\n".join("  " + l for l in wrong[:5])
    print(line, flush=True)


def run(kind, build, logs):
    """How many seeds the simulation had in it, at most."""
    results = build / "meson-logs" / f"{kind}.json"
    results.unlink(missing_ok=True)  # one of an earlier run would be believed
    options = OPTIONS | (UNPATTERNED if kind == "sim" else {})
    done = subprocess.run(["meson", "test", "-C", build, "--no-rebuild", "--logbase", kind,
                           "--num-processes", "2", *SUITES[kind]], text=True,
                          env=os.environ | options, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    if not results.exists():
        print(f"FAILED {kind}/none  {done.stdout.strip().splitlines()[-1]}")
        return 0
    n_seeds = 0
    for line in results.read_text().splitlines():
        test = json.loads(line)
        show(kind, build, test, logs)
        for told in SEEDS_LINE.finditer(test.get("stdout", "")):
            print("  " + told.group(), flush=True)
            n_seeds = max(n_seeds, int(told.group(1)))
    return n_seeds


def main():
    kind, builds = sys.argv[1], [pathlib.Path(b) for b in sys.argv[2:]]
    logs = pathlib.Path("build/logs")
    logs.mkdir(parents=True, exist_ok=True)
    n_seeds = max(run(kind, build, logs) for build in builds)
    if kind == "sim":
        verdict = "ok" if n_seeds >= SEEDS_MIN else "FAILED"
        print(f"{verdict} sim/seeds {n_seeds} in one build, {SEEDS_MIN} at least")


main()
