#!/usr/bin/env python3
"""oracle.py FOLDER PROGRAM - the codec against an encoder and decoder that shares no code with it.

FOLDER holds reference/oracle/h323oracle (built) and corpus/h323 (lines "FRAME KIND HEX", and their texts);
PROGRAM is tests/h323/h323_pdu. Three comparisons, each counted: the captured and generated messages of the
corpus, byte- and text-equal; 12,000 messages that the other one makes; 6,000 that we make. Messages beyond
our limits (depth, lists) count as refused and are told; more than one in a thousand is a failure.
"""
import random
import subprocess
import sys
from pathlib import Path

KINDS = ("ras", "cs", "h245", "olc", "tp", "ici", "lka", "pwd")
FROM_ORACLE, FROM_US = 1500, 750


class Pipe:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")


class Count:
    def __init__(self, name):
        self.name, self.n, self.equal, self.refused, self.shown = name, 0, 0, 0, 0

    def add(self, is_equal, what, is_refused=False):
        self.n += 1
        self.equal += is_equal
        self.refused += is_refused
        if not is_equal and self.shown < 3:
            self.shown += 1
            print(f"# {self.name}: {what[:200]}")

    def verdict(self):
        good = self.n > 0 and self.equal + self.refused == self.n and self.refused * 1000 <= self.n
        print(f"{'ok' if good else 'FAILED'} oracle/{self.name}  {self.n} messages, {self.equal} equal in bytes and "
              f"value, {self.refused} beyond our limits")
        return good


def captured(folder, ours, count):
    for file in sorted(folder.glob("*.pdus")):
        texts = file.with_suffix(".jsonl").read_text().splitlines()
        for line, text in zip(file.read_text().splitlines(), texts):
            kind, octets = line.split()[-2:]
            answer = ours.ask(f"{kind} {octets}")
            count.add(answer == f"ok {octets} {text}", f"{file.name} {line[:60]}: {answer}")


def from_oracle(oracle, ours, judge, seed, count):
    for kind in KINDS:
        made = subprocess.run([oracle, "gen", kind, str(FROM_ORACLE), str(seed)], check=True, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout
        for line in made.splitlines():
            octets = line.split()[-1]
            answer = ours.ask(f"{kind} {octets}")
            text = judge.ask(f"decode {kind} {octets}")
            count.add(answer == f"ok {octets} {text[3:]}", f"{kind} {octets[:60]}: {answer}",
                      answer.startswith("error a limit is reached"))


def from_us(program, judge, seed, count):
    for kind in KINDS:
        made = subprocess.run([program, "make", kind, str(FROM_US), str(seed)], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        for line in made.splitlines():
            _, octets, text = line.split(" ", 2)
            count.add(judge.ask(f"decode {kind} {octets}") == "ok " + text, line[:120])


def main():
    folder, program = Path(sys.argv[1]), sys.argv[2]
    oracle = str(folder / "reference/oracle/h323oracle")
    seed = random.randrange(1, 1 << 30)
    ours, judge = Pipe(program, "read"), Pipe(oracle, "serve")
    counts = [Count("corpus"), Count("made-by-the-oracle"), Count("made-by-us")]
    print(f"# seed {seed}")
    captured(folder / "corpus/h323", ours, counts[0])
    from_oracle(oracle, ours, judge, seed, counts[1])
    from_us(program, judge, seed, counts[2])
    return 0 if all([c.verdict() for c in counts]) else 1


sys.exit(main())
