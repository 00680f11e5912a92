"""An H.323 endpoint of our own, fosse-h323: on the product's codec, with call logic of its own.

It plays a tone, measures what it hears, and tells all that happens as JSON events, one a line; times are
those of time.monotonic(). Without a lab it runs where we are, on an address of the loopback."""
import json
import os
import subprocess
import threading
import time

from .lab import ADDRESS, Failure, wait_for
from .nodes import build_directory


def tool(kind="debug"):
    return build_directory(kind) / "tests" / "h323ep" / "fosse-h323"


class Endpoint:
    """One fosse-h323 on HOST; options are those of the program: tone=587, video=True, h245="separate"."""

    def __init__(self, lab, host, name, *, gatekeeper=None, tone=440, kind="debug",
                 answers=True, registers=True,
                 address=None, media_port=20000, program=None, role="endpoint", **options):
        self.lab, self.host, self.name, self.tone = lab, host, name, tone
        self.address = address or ADDRESS[host]
        self.ports = set(range(media_port, media_port + 100))
        self.events, self.lock = [], threading.Lock()
        words = [program or tool(kind), role, "--local", self.address]
        if role == "endpoint":
            options |= {"alias": name, "tone": tone, "media_port": media_port, "gk": gatekeeper,
                        "auto_answer": answers,
                        # what it sends, for another decoder to judge: lines KIND HEX
                        "trace": os.environ.get("FOSSE_H323_TRACE")}
        for option, value in options.items():
            if value is None or value is False:
                continue
            words.append("--" + option.replace("_", "-"))
            if value is not True:
                words.append(value)
        words = lab.inside(host, *words) if lab else list(map(str, words))
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, start_new_session=True)
        if lab:
            lab.processes.append(self.process)
        self.errors = []  # what it says on stderr: reports of the sanitizers
        for stream, keep in (self.process.stdout, self._event), (self.process.stderr,
                                                                   self.errors.append):
            threading.Thread(target=self._read, args=(stream, keep), daemon=True).start()
        self.await_event("ready")
        if gatekeeper and registers:
            self.await_event("registered")

    def _read(self, stream, keep):
        for line in stream:
            keep(line)

    def _event(self, line):
        with self.lock:
            self.events.append(json.loads(line))

    # events and commands

    def command(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def all(self, event, since=0.0, **fields):
        """The events of this name since a time that have these values, oldest first."""
        with self.lock:
            return [e for e in self.events if e["event"] == event and e["t"] >= since
                    and all(e.get(k) == v for k, v in fields.items())]

    def seen(self, event, since=0.0, **fields):
        """The newest of them, None if there was none."""
        return next(reversed(self.all(event, since, **fields)), None)

    def await_event(self, event, seconds=8, since=0.0, **fields):
        def outcome():
            if self.process.poll() is not None and not self.seen(event, since, **fields):
                raise Failure(f"{self.name} has ended: {''.join(self.errors)[-2000:]}")
            return self.seen(event, since, **fields)
        return wait_for(f"{event} at {self.name}", outcome, seconds)

    def require_no_errors(self):
        """Nothing was refused or misunderstood, no report of a sanitizer."""
        found = [e for e in self.all("error")] + self.errors
        if found:
            raise Failure(f"{self.name}: {found}")

    # calls

    def call(self, target, seconds=8, command="call"):
        begun = time.monotonic()
        self.command(command, target)

        def outcome():
            released = self.seen("released", begun)
            if released:
                raise Failure(f"{self.name} -> {target}: {released}")
            return self.seen("connected", begun)
        return wait_for(f"call of {self.name} to {target}", outcome, seconds)

    def dial(self, target, seconds=8):
        """Straight to an address, whatever the gatekeeper thinks."""
        return self.call(target, seconds, "dial")

    def next_call(self, seconds=8, since=0.0):
        return self.await_event("connected", seconds, since)

    def hang_up(self, call=0):
        """The newest call, or the one with this number; so do the following."""
        begun = time.monotonic()
        self.command(f"@{call}", "hangup")
        self.await_event("released", 5, begun)

    def hold(self, on=True):
        self.command("hold" if on else "resume")

    def silence(self, on=True, call=0):
        self.command(f"@{call}", "silence", "on" if on else "off")

    def stats(self, channel="audio", call=0):
        begun = time.monotonic()
        self.command(f"@{call}", "stats")
        self.await_event("stats-end", 5, begun)
        return self.seen("stats", begun, channel=channel)

    # what was heard

    def report(self, since=0.0, channel="audio", **fields):
        """The figures of the call that has ended."""
        return self.await_event("media-end", 5, since, channel=channel, **fields)

    def close(self):
        if self.process.poll() is None:
            try:
                self.command("quit")
                self.process.wait(2)
            except (OSError, subprocess.TimeoutExpired):
                self.process.kill()
                self.process.wait()
        if self.lab and self.process in self.lab.processes:
            self.lab.processes.remove(self.process)
        return self.process.returncode


class ToyGatekeeper(Endpoint):
    """The program's own gatekeeper, which confirms all."""

    def __init__(self, address, program, **options):
        super().__init__(None, None, "toy", address=address, program=program, role="toygk", **options)


class EndpointCall:
    """A call of an Endpoint, with the questions that are asked of a Phone's."""

    def __init__(self, phone, connected):
        self.phone, self.id, self.began = phone, connected["call"], connected["t"]

    @property
    def ended(self):
        released = self.phone.seen("released", self.began, call=self.id)
        return released and released["t"]

    def speak(self, on=True):
        self.phone.silence(not on, self.id)

    def hears(self, tone, begin, end, least_seconds):
        """Whether TONE sounded for LEAST_SECONDS between two times, in the call or after it."""
        report = self.phone.report(call=self.id) if self.ended else self.phone.stats(call=self.id)
        heard = (min(end, to) - max(begin, since)
                 for since, to, hz in report["tones"] if abs(hz - tone) <= 8)
        return sum(max(0.0, seconds) for seconds in heard) >= least_seconds


class EndpointEnd:
    """One end of a call, at an Endpoint."""

    def __init__(self, phone, connected):
        self.phone, self.ports = phone, phone.ports
        self.call = EndpointCall(phone, connected)

    def is_over(self):
        return self.call.ended is not None

    def hang_up(self):
        self.phone.hang_up(self.call.id)

    def hears(self, tone, window=2.0, least=1.4):
        self.phone.await_event("released", 5, self.call.began, call=self.call.id)
        began, ended = self.call.began, self.call.ended
        return (self.call.hears(tone, began, began + window, least)
                and self.call.hears(tone, ended - window, ended, least))
