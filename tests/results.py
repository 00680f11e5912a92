#!/usr/bin/python3
"""results.py unit|sim|fuzz BUILD: runs that kind of test and prints a line for each.

unit: the programs that mirror src/. sim: the simulated network. fuzz: each decoder's corpus."""
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


def show(kind, test, logs):
    output = test.get("stdout", "") + test.get("stderr", "")
    cases = re.findall(r"^(ok|not ok)\b", test.get("stdout", ""), re.MULTILINE)
    is_ok = test["result"] == "OK" and "not ok" not in cases
    name = test["name"].split(" / ")[-1].strip()
    line = f"{'ok' if is_ok else 'FAILED'} {kind}/{name} {test['duration']:.1f} s"
    if len(cases) > 1:
        line += f" ({len(cases)} cases)"
    if not is_ok:
        log = logs / (re.sub(r"\W+", "-", test["name"]) + ".log")
        log.write_text(output)
        wrong = [l for l in output.splitlines() if l.startswith("not ok") or "ERROR" in l]
        line += f"  {test['result']}; see {log}\n" + "\n".join("  " + l for l in wrong[:5])
    print(line, flush=True)


def main():
    kind, build = sys.argv[1], pathlib.Path(sys.argv[2])
    logs = pathlib.Path("build/logs")
    logs.mkdir(parents=True, exist_ok=True)
    results = build / "meson-logs" / f"{kind}.json"
    results.unlink(missing_ok=True)  # one of an earlier run would be believed
    done = subprocess.run(["meson", "test", "-C", build, "--no-rebuild", "--logbase", kind,
                           "--num-processes", "2", *SUITES[kind]], text=True,
                          env=os.environ | OPTIONS, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    if not results.exists():
        print(f"FAILED {kind}/none  {done.stdout.strip().splitlines()[-1]}")
        return
    for line in results.read_text().splitlines():
        show(kind, json.loads(line), logs)


main()
