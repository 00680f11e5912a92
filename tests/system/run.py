#!/usr/bin/python3
"""Runs scenarios: run.py scenario NAME[:PART] [--keep] [--release] | check | mutate | list

scenario  prints one verdict as JSON; exit status 0 when every part passed
check     the lab's own proof, every part of every scenario and the mutation proof, several
          labs side by side; a line for each, `ok` or `FAILED` first
mutate    the mutation proof alone"""
import argparse
import concurrent.futures
import importlib
import json
import pathlib
import signal
import subprocess
import sys
import threading
import time

from fosselab import mutation
from fosselab.lab import REPOSITORY
from fosselab.scenario import run_part

HERE = pathlib.Path(__file__).resolve().parent
SCENARIOS = ("selftest", "sip-internal", "h323-internal", "h323-assent", "h323-h46018", "h323-public",
             "sip-traversal", "sip-public", "sip-nat", "bad-input", "crossing-kill", "h323-kill",
             "h323-bad-input")
SLOTS = 3  # labs at a time: they wait more than they work
PART_SECONDS = 240


def load(name):
    module = importlib.import_module(name.replace("-", "_"))
    return module.scenario


class Workshop:
    """Runs parts, each in a process of its own, a few at a time."""

    def __init__(self, kind, slots=SLOTS):
        self.kind, self.slots = kind, threading.Semaphore(slots)
        self.print_lock = threading.Lock()
        self.failed = 0

    def part(self, scenario, part, without=(), quick=False, keep=False, kind=None):
        words = [sys.executable, __file__, "part", f"{scenario.name}:{part.name}",
                 "--kind", kind or self.kind]
        words += [w for line in without for w in ("--without", line)]
        words += ["--quick"] * quick + ["--keep"] * keep
        with self.slots:
            process = subprocess.Popen(words, text=True, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)
            try:
                output, errors = process.communicate(timeout=PART_SECONDS)
            except subprocess.TimeoutExpired:
                process.terminate()  # takes its lab down
                output, errors = process.communicate()
                errors = f"not done within {PART_SECONDS} s\n{errors}"
        try:
            return json.loads(output)
        except ValueError:
            return {"scenario": f"{scenario.name}:{part.name}", "verdict": "fail", "drops": [],
                    "stray": [], "calls": [], "error": errors or output or "no verdict"}

    def command(self, *words):
        """(whether it succeeded, how long it took once its turn had come, what it said)."""
        with self.slots:
            begun = time.monotonic()
            done = subprocess.run(words, text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, cwd=REPOSITORY, check=False)
        return done.returncode == 0, time.monotonic() - begun, done.stdout

    def report(self, name, is_ok, seconds, detail=""):
        with self.print_lock:
            print(f"{'ok' if is_ok else 'FAILED'} system/{name} {seconds:.1f} s"
                  f"{'  ' + detail if detail else ''}", flush=True)
            self.failed += not is_ok


def why(verdict):
    """One line that says what was wrong, and where the files are."""
    words = []
    if verdict.get("error"):
        words.append(verdict["error"].strip().splitlines()[-1])
    for key in "faults", "drops", "stray":
        if len(verdict.get(key, [])) != verdict.get("expected", {}).get(key, 0):
            words.append(f"{key}: {json.dumps(verdict[key][:3])}")
    words += [f"call {json.dumps(c)}" for c in verdict.get("calls", [])
              if not (c["audio_ab"] and c["audio_ba"]
                      and min(c.get("received_ab", 1), c.get("received_ba", 1)) >= 0.98)]
    if verdict.get("files"):
        words.append(f"files: {verdict['files']}")
    return "; ".join(words)


def run_and_report(workshop, scenario, part, kind):
    verdict = workshop.part(scenario, part, kind=kind)
    suffix = " (release)" if kind != workshop.kind else ""
    workshop.report(f"{scenario.name}:{part.name}{suffix}", verdict["verdict"] == "pass",
                    verdict.get("seconds", 0),
                    why(verdict) if verdict["verdict"] != "pass" else "")


def run_mutation(workshop, scenarios, name):
    """The mutation proof over the variants of SCENARIOS."""
    begun, home = time.monotonic(), {}
    for scenario in scenarios:
        for part in scenario.parts.values():
            if part.mutates:
                home[part.name] = (scenario, part)

    def run_all(jobs):
        with concurrent.futures.ThreadPoolExecutor(SLOTS) as pool:
            return list(pool.map(lambda job: workshop.part(*home[job[0].name], job[1], True),
                                 jobs))
    outcome = mutation.mutate([part for _, part in home.values()], run_all)
    workshop.report(f"mutation:{name}", outcome.is_complete, time.monotonic() - begun,
                    outcome.summary())
    for group, variant in outcome.killed:
        print(f"  killed by {variant}: {group[0].row}")
    for group in outcome.survived:
        print(f"  SURVIVED: {group[0].row}")
    for group in outcome.exempt:
        print(f"  exempt: {group[0].row}")
    if outcome.broken:
        print(f"  fail with every row in place: {', '.join(outcome.broken)}")


def shell_scripts():
    return [str(p) for p in (REPOSITORY / "run", REPOSITORY / ".ci" / "run",
                             REPOSITORY / "lab" / "lab.sh", REPOSITORY / "lab/peers/peers.sh",
                             HERE / "certificates.sh") if p.exists()]


def run_command(workshop, name, *words):
    is_ok, seconds, output = workshop.command(*words)
    workshop.report(name, is_ok, seconds)
    if not is_ok:
        print(output)


def has_nodes(kind):
    from fosselab import nodes
    try:
        return bool(nodes.executable(kind, "fossewayd") and nodes.executable(kind, "fosse"))
    except nodes.Failure:
        return False


def kinds_of(scenario, part, kind):
    """The builds with which a part runs: the release build too, because that has filters of its own
    and nothing that only a sanitizer needs."""
    is_fixed = "kind" in part.options or not scenario.options.get("with_nodes", True)
    return (kind,) if is_fixed else tuple(dict.fromkeys((kind, "release")))


def check(kind):
    workshop = Workshop(kind)
    scenarios = [load(name) for name in SCENARIOS]
    if not has_nodes(kind):
        workshop.report("nodes", False, 0, f"fossewayd and fosse are not in build/{kind}")
        scenarios = scenarios[:1]
    units = [(part.options.get("seconds", 15), run_and_report, (scenario, part, each))
             for scenario in scenarios for part in scenario.parts.values() if not part.mutates
             for each in kinds_of(scenario, part, kind)]
    units.append((15, run_command, ("lab", "/usr/bin/python3", "lab/check.py")))
    units.append((3, run_command, ("shellcheck", "shellcheck", *shell_scripts())))
    units.append((90, run_mutation, (scenarios[:1], "selftest")))
    if len(scenarios) > 1:
        units.append((600, run_mutation, (scenarios[1:], "crossing")))
    units.sort(key=lambda unit: -unit[0])
    with concurrent.futures.ThreadPoolExecutor(len(units)) as pool:
        for future in [pool.submit(run, workshop, *words) for _, run, words in units]:
            future.result()
    return workshop.failed == 0


def scenario_command(name, kind, keep):
    """One scenario, or one part of it, as one JSON verdict."""
    name, _, wanted = name.partition(":")
    scenario = load(name)
    parts = [p for p in scenario.parts.values() if wanted in ("", p.name)]
    if not parts:
        sys.exit(f"scenario {name} has the parts {', '.join(scenario.parts)}")
    workshop = Workshop(kind)
    with concurrent.futures.ThreadPoolExecutor(SLOTS) as pool:
        verdicts = list(pool.map(lambda p: workshop.part(scenario, p, keep=keep), parts))
    is_ok = all(v["verdict"] == "pass" for v in verdicts)
    for verdict in verdicts:
        verdict.pop("pinholes", None)
    print(json.dumps({"scenario": name, "verdict": "pass" if is_ok else "fail",
                      "calls": [c for v in verdicts for c in v["calls"]],
                      "drops": [d for v in verdicts for d in v["drops"]],
                      "stray": [s for v in verdicts for s in v["stray"]],
                      "parts": verdicts}, indent=1))
    return is_ok


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("scenario", "part", "check", "mutate", "list"))
    parser.add_argument("name", nargs="?")
    parser.add_argument("--kind", default="debug", choices=("debug", "release"))
    parser.add_argument("--release", dest="kind", action="store_const", const="release")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--without", action="append", default=[])
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # unwinds: a part takes its lab down
    if arguments.command == "list":
        for name in SCENARIOS:
            print(*(f"{name}:{part}" for part in load(name).parts), sep="\n")
    elif arguments.command == "part":
        name, _, part = arguments.name.partition(":")
        scenario = load(name)
        verdict = run_part(scenario, scenario.parts[part], kind=arguments.kind,
                           keep=arguments.keep, without=arguments.without, quick=arguments.quick)
        print(json.dumps(verdict))
    elif arguments.command == "scenario":
        return 0 if scenario_command(arguments.name, arguments.kind, arguments.keep) else 1
    elif arguments.command == "mutate":
        workshop = Workshop(arguments.kind)
        names = [arguments.name] if arguments.name else SCENARIOS[1:]
        run_mutation(workshop, [load(n) for n in names], arguments.name or "crossing")
        return 1 if workshop.failed else 0
    else:
        return 0 if check(arguments.kind) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
