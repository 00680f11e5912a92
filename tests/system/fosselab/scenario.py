"""Scenarios: named parts on a stage (a lab with both nodes), each with a verdict as JSON."""
import contextlib
import dataclasses
import json
import os
import shutil
import time
import traceback

from . import audio, capture, nodes, plan
from .baresip import Baresip
from .h323 import Endpoint, EndpointEnd
from .lab import ADDRESS, PEERS, REPOSITORY, Failure, Lab, wait_for
from .phone import Phone

WINDOW = 2.0  # seconds at each end of a call in which the far tone must be heard
LEAST = 1.4  # of them
SHARE = 0.98  # of the RTP packets that the far phone sent
CERTIFICATES_SH = REPOSITORY / "tests" / "system" / "certificates.sh"
SIPP_CALLER = PEERS / "sipp" / "uac_rtp.xml"


@dataclasses.dataclass
class Part:
    name: str
    run: object
    options: dict
    kills: object = None  # row -> bool: pinholes that this short part should not do without
    mutates: bool = False  # takes part in the mutation of pinholes


class Scenario:
    """The parts of one scenario, in the order in which the file declares them."""

    def __init__(self, name, **options):
        self.name, self.options, self.parts = name, options, {}

    def part(self, name, kills=None, mutates=False, **options):
        def declare(function):
            self.parts[name] = Part(name, function, self.options | options, kills, mutates)
            return function
        return declare


class PhoneEnd:
    """One end of a call, at a Phone."""

    def __init__(self, call):
        self.call, self.phone = call, call.phone
        self.ports = {call.media.port}

    def is_over(self):
        return self.call.ended is not None

    def hang_up(self):
        self.call.hang_up()

    def hears(self, tone):
        began, ended = self.call.began, self.call.ended
        return (self.call.hears(tone, began, began + WINDOW, LEAST)
                and self.call.hears(tone, ended - WINDOW, ended, LEAST))


class BaresipEnd:
    """One end of a call, at a Baresip."""

    def __init__(self, phone, since):
        self.phone, self.since = phone, since
        self.ports = set(range(phone.first_rtp, phone.first_rtp + 100))

    def is_over(self):
        return self.phone.seen("CALL_CLOSED", self.since) is not None

    def hang_up(self):
        self.phone.hang_up()

    def hears(self, tone):
        return self.phone.hears(tone, WINDOW, LEAST)


class Connection:
    """A call that is up, seen from both of its ends."""

    def __init__(self, stage, caller, callee, path):
        self.stage, self.caller, self.callee, self.path = stage, caller, callee, path
        self.report, self.began, self.ended = None, 0.0, 0.0  # wall clock, as the capture's

    def talk(self, seconds=4.2):
        time.sleep(seconds)
        return self

    def hang_up(self, by_callee=False):
        """Ends the call from one side; the other must see it end, and both must have heard."""
        first, second = (self.callee, self.caller) if by_callee else (self.caller, self.callee)
        self.ended = time.time()  # what is sent after this has nobody to hear it
        first.hang_up()
        wait_for(f"end of the call at {second.phone.name}", second.is_over, 4)
        a, b = self.caller.phone, self.callee.phone
        self.report = {"from": a.name, "to": b.name, "path": self.path,
                       "audio_ab": self.callee.hears(a.tone), "audio_ba": self.caller.hears(b.tone)}
        self.stage.calls.append(self)
        return self


def silences(stage, caller, uri, callee, path):
    """Two calls at once, in each of which one side says nothing for three UDP timeouts.

    The other side must be heard all the while, and the silent one as soon as it speaks."""
    calls = [stage.connect(caller, uri, callee, f"{path}, {who} silent")
             for who in ("caller", "callee")]
    pairs = [(calls[0].caller, calls[0].callee), (calls[1].callee, calls[1].caller)]
    calls[0].talk(WINDOW + 0.4)
    for silent, _ in pairs:
        silent.call.speak(False)
    time.sleep(3 * stage.lab.udp_timeout)
    now = time.monotonic()
    for silent, speaker in pairs:
        stage.require(silent.call.hears(speaker.phone.tone, now - WINDOW, now, LEAST),
                      f"{silent.phone.name}, saying nothing, no longer hears {speaker.phone.name}")
        silent.call.speak()
    calls[0].talk(WINDOW + 0.4)
    calls[0].hang_up()
    calls[1].hang_up(by_callee=True)


class Stage:
    """A lab with both nodes, their pinholes and phones; judges at the end."""

    def __init__(self, name, *, kind="debug", udp_timeout=2, keepalive="1s", transport="tls",
                 settings=None, zone="", without=(), with_capture=True, with_nodes=True, lab=None):
        self.name, self.kind, self.without = name, kind, without
        self.lab = Lab(lab or f"f{os.getpid()}", udp_timeout)
        self.options = {"transport": transport, "keepalive": keepalive,
                        "settings": settings or {},  # role -> more lines of its configuration
                        "zone": zone,  # more lines of the traversal zone, on both nodes
                        "trust": self.lab.directory / "tls" / "ca.pem"}
        self.with_nodes, self.capture = with_nodes, None
        if with_capture:
            self.capture = capture.Capture(self.lab)
        self.control = nodes.Node(self.lab, "control", kind)
        self.edge = nodes.Node(self.lab, "edge", kind)
        self.phones, self.calls, self.faults, self.rows, self.pins = [], [], [], [], []
        self.notes = {}
        self.expected = {"drops": 0, "stray": 0}  # a part that provokes some says how many

    def open(self):
        self.lab.command("up")
        self.lab.dns()
        self.certificates()
        if self.capture:
            self.capture.start()
        if self.with_nodes:
            self.start_nodes()
        return self

    def start_nodes(self):
        nodes.configure(self.control, self.edge, self.options, self.open_firewalls)
        for node in self.edge, self.control:
            node.start()
        for node in self.edge, self.control:
            node.await_ready()

    def open_firewalls(self):
        self.rows = self.control.rows() + self.edge.rows()
        self.load(plan.union(self.control.pinholes(), self.edge.pinholes()))

    def load(self, pins):
        """Makes PINS the only pinholes, but for those that this run goes without."""
        self.pins = pins
        gone = {p.row.packets for p in pins if p.line in self.without}
        plan.load(self.lab, [p for p in pins if p.row.packets not in gone])

    def audit(self):
        """The strays so far."""
        return capture.audit(self.capture.so_far(), self.rows, self.lab.udp_timeout)

    def certificates(self):
        """A CA of the lab's own and one certificate per phone host."""
        folder = self.lab.directory / "tls"
        folder.mkdir()
        self.lab.run("wire", CERTIFICATES_SH, folder, "tls.public.test", check=True)

    @property
    def certificate(self):
        """The certificate that a phone shows which is called by its name."""
        return self.lab.directory / "tls" / "tls.public.test.pem"

    # phones

    def phone(self, host, name=None, **options):
        phone = Phone(self.lab, host, name or host, **options)
        self.phones.append(phone)
        return phone

    def baresip(self, host, name=None, **options):
        phone = Baresip(self.lab, host, name or host, **options)
        self.phones.append(phone)
        return phone

    def endpoint(self, host, name=None, **options):
        """An H.323 endpoint."""
        phone = Endpoint(self.lab, host, name or host, kind=self.kind, **options)
        self.phones.append(phone)
        return phone

    def connect(self, caller, uri, callee, path, seconds=8, place=None):
        """A call from one phone to another that answers by itself; PLACE: how it is made."""
        begun, began = time.monotonic(), time.time()
        ends = []
        for phone in caller, callee:
            if isinstance(phone, Baresip):
                phone.forget_recordings()
        placed = (place or caller.call)(uri, seconds)
        for phone, call in (caller, placed), (callee, None):
            if isinstance(phone, Baresip):
                phone.next_call(seconds, begun)
                ends.append(BaresipEnd(phone, begun))
            elif isinstance(phone, Endpoint):
                ends.append(EndpointEnd(phone, call or phone.next_call(seconds, begun)))
            else:
                ends.append(PhoneEnd(call or phone.next_call(seconds)))
        connection = Connection(self, *ends, path)
        connection.began = began
        return connection

    def sipp(self, host, uri, target, transport):
        """SIPp on HOST calls URI by way of TARGET, streams three seconds of 440 Hz, hangs up."""
        folder = self.lab.directory / f"sipp-{transport}"
        folder.mkdir()
        (folder / "tone.pcmu").write_bytes(audio.tone(440, 0, 2 * audio.RATE))
        text = SIPP_CALLER.read_text()
        for place in "INVITE sip:[service]@[remote_ip]:[remote_port]", \
                     "To: <sip:[service]@[remote_ip]:[remote_port]>":
            self.require(place in text, f"{SIPP_CALLER} has no {place}")
        text = text.replace("sip:[service]@[remote_ip]:[remote_port]", uri)
        (folder / "caller.xml").write_text(text)
        done = self.lab.run(host, "sipp", "-sf", "caller.xml", target, "-i", ADDRESS[host],
                            "-mi", ADDRESS[host], "-p", 5090, "-m", 1, "-nostdin", "-t", transport,
                            "-timeout", "15s", "-trace_err", cwd=folder, check=False)
        (folder / "out.txt").write_text(done.stdout + done.stderr)
        self.require(done.returncode == 0, f"sipp: exit {done.returncode}, see {folder}")

    def require(self, condition, sentence):
        if not condition:
            raise Failure(sentence)

    # the end

    def close(self, leave_running=False):
        """Ends phones and nodes and judges what was seen; the lab stays until down()."""
        if not leave_running:
            for phone in self.phones:
                with contextlib.suppress(OSError):
                    phone.close()
                if isinstance(phone, Endpoint) and phone.errors:
                    self.faults.append(f"{phone.name}: {''.join(phone.errors)[-1000:]}")
        for node in self.control, self.edge:
            if node.process and not leave_running:
                node.stop()
            report = node.sanitizer_report()
            if report:
                self.faults.append(f"{node.role}: {report}")
        packets = self.capture.stop() if self.capture and self.capture.process else []
        stray = capture.audit(packets, self.rows, self.lab.udp_timeout) if self.rows else []
        return {"calls": [self.judge(c, packets) for c in self.calls],
                "drops": self.lab.drops(), "stray": stray, "faults": self.faults,
                "expected": self.expected, **self.notes,
                "pinholes": [[p.firewall, p.line] for p in self.pins]}

    def judge(self, connection, packets):
        report = connection.report
        if not self.capture:
            return report
        for key, a, b in (("received_ab", connection.caller, connection.callee),
                          ("received_ba", connection.callee, connection.caller)):
            report[key] = self.share(packets, (connection.began, connection.ended),
                                     (a.phone.host, a.ports), (b.phone.host, b.ports))
        return report

    @staticmethod
    def share(packets, during, sender, receiver):
        """Share of the RTP packets of one (host, ports) sent in the call that came to another."""
        began, ended = during
        sent = capture.rtp_packets(packets, sender[0], True, sender[1], began, ended)
        got = capture.rtp_packets(packets, receiver[0], False, receiver[1], began, ended + 1)
        return round(len(sent & got) / len(sent), 4) if sent else 0.0

    def down(self, keep_files):
        self.lab.down()
        if not keep_files:
            shutil.rmtree(self.lab.directory, ignore_errors=True)


def passed(verdict):
    return (not verdict.get("error") and not verdict["faults"]
            and all(len(verdict[k]) == n for k, n in verdict["expected"].items())
            and all(c["audio_ab"] and c["audio_ba"]
                    and min(c.get("received_ab", 1), c.get("received_ba", 1)) >= SHARE
                    for c in verdict["calls"]))


def run_part(scenario, part, *, kind="debug", keep=False, without=(), quick=False):
    """Runs one part and returns its verdict. With QUICK there is no capture: a mutation run."""
    options = {k: v for k, v in part.options.items() if k != "seconds"}
    begun = time.monotonic()
    verdict = {"drops": [], "stray": [], "faults": [], "calls": [], "expected": {}}
    stage = Stage(f"{scenario.name}:{part.name}", kind=options.pop("kind", kind),
                  without=without, with_capture=not quick, **options)
    try:
        try:
            stage.open()
            part.run(stage)
        except Exception as error:  # whatever it was, the verdict must say so
            verdict["error"] = str(error) if isinstance(error, Failure) else traceback.format_exc()
        try:
            verdict.update(stage.close(leave_running=keep))
        except Exception:
            verdict.setdefault("error", traceback.format_exc())
    except BaseException:  # interrupted: the lab must go
        stage.down(keep_files=False)
        raise
    verdict = {"scenario": stage.name, "verdict": "pass" if passed(verdict) else "fail",
               "seconds": round(time.monotonic() - begun, 1), **verdict}
    is_kept = verdict["verdict"] == "fail" and not quick
    if is_kept:
        verdict["files"] = str(stage.lab.directory)
        (stage.lab.directory / "verdict.json").write_text(json.dumps(verdict, indent=1))
    if keep:
        verdict["lab"] = stage.lab.name
    else:
        stage.down(is_kept)
    return verdict
