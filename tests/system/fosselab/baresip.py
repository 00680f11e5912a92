"""Baresip: a real phone, without a sound card. It plays a tone and records what it hears."""
import json
import socket
import threading
import time
import wave

from . import audio
from .lab import ADDRESS, PEERS, Failure, wait_for


class Baresip:
    """One baresip on HOST, with one account; driven through its control port."""

    def __init__(self, lab, host, name, *, transport="udp", proxy=None, password="secret",
                 domain="example.test", tone=440, sip_port=5060, certificate=None,
                 parameters="", first_rtp=11000, registers=True):
        self.first_rtp = first_rtp
        self.lab, self.host, self.name, self.tone = lab, host, name, tone
        self.events, self.lock = [], threading.Lock()
        self.directory = lab.directory / f"baresip-{name}"
        self.directory.mkdir()
        aor_host = domain if proxy else ADDRESS[host]
        account = f"<sip:{name}@{aor_host};transport={transport}>;audio_codecs=pcmu"
        account += ";answermode=auto"
        if proxy:
            account += f';auth_user={name};auth_pass={password};pubint=0'
            account += f";regint={60 if registers else 0}"
            account += f';outbound="sip:{proxy[0]}:{proxy[1]};transport={transport}"'
        else:
            account += ";regint=0"
        (self.directory / "accounts").write_text(account + parameters + "\n")
        config = (PEERS / "baresip" / "config").read_text()
        for old, new in (("ausine,440", f"ausine,{tone}"), ("0.0.0.0:5060", f"0.0.0.0:{sip_port}"),
                         ("10000-10100", f"{first_rtp}-{first_rtp + 99}"),
                         ("127.0.0.1:4444", f"127.0.0.1:{sip_port + 1000}")):
            if old not in config:
                raise Failure(f"lab/peers/baresip/config has no {old}")
            config = config.replace(old, new)
        lines = [line for line in config.splitlines() if not line.startswith("sip_certificate")]
        if certificate:
            lines.append(f"sip_certificate {certificate}")
        (self.directory / "config").write_text("\n".join(lines) + "\n")
        (self.directory / "contacts").write_text("")
        self.process = lab.start(host, "baresip", "-4", "-f", self.directory,
                                 cwd=self.directory, log=f"baresip-{name}.log")
        self.control = self._connect(sip_port + 1000)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        if proxy and registers:
            self._await_registration(lab.directory / f"baresip-{name}.log")

    def _connect(self, port):
        def attempt():
            connection = self.lab.socket(self.host, socket.SOCK_STREAM)
            try:
                connection.connect(("127.0.0.1", port))
            except OSError:
                connection.close()
                return None
            return connection
        return wait_for(f"control port of {self.name}", attempt)

    def _await_registration(self, log):
        """The event is missed where the phone registered before its control port was reached."""
        def registered():
            return self.seen("REGISTER_OK") or "binding" in log.read_text(errors="replace")
        wait_for(f"REGISTER_OK at {self.name}", registered)

    def _read(self):
        buffer = b""
        while True:
            try:
                data = self.control.recv(65536)
            except OSError:
                return
            if not data:
                return
            buffer += data
            while b":" in buffer:
                length, rest = buffer.split(b":", 1)
                if len(rest) <= int(length):
                    break
                event = json.loads(rest[:int(length)])
                buffer = rest[int(length) + 1:]
                with self.lock:
                    self.events.append((time.monotonic(), event))

    def command(self, command, parameters=""):
        message = json.dumps({"command": command, "params": parameters, "token": "1"})
        self.control.sendall(b"%d:%s," % (len(message), message.encode()))

    def seen(self, kind, since=0.0):
        """The newest event of KIND, None if there was none."""
        with self.lock:
            found = [e for t, e in self.events if t >= since and e.get("type") == kind]
        return found[-1] if found else None

    def await_event(self, kind, seconds=8, since=0.0):
        return wait_for(f"{kind} at {self.name}", lambda: self.seen(kind, since), seconds)

    def call(self, uri, seconds=8):
        begun = time.monotonic()
        self.command("dial", uri)

        def outcome():
            closed = self.seen("CALL_CLOSED", begun)
            if closed:
                raise Failure(f"{self.name} -> {uri}: {closed.get('param')}")
            return self.seen("CALL_ESTABLISHED", begun)
        return wait_for(f"call of {self.name} to {uri}", outcome, seconds)

    def next_call(self, seconds=8, since=0.0):
        return self.await_event("CALL_ESTABLISHED", seconds, since)

    def hang_up(self):
        self.command("hangup")
        self.await_event("CALL_CLOSED", 5)

    def hold(self, on=True):
        self.command("hold" if on else "resume")

    def forget_recordings(self):
        """A call without sound leaves no recording: an older one must not be taken for it."""
        for file in self.directory.glob("*.wav"):
            file.rename(file.with_suffix(".old"))

    def recording(self):
        """What was heard in the call since forget_recordings(), once it has ended."""
        def newest():
            files = sorted(self.directory.glob("*-dec.wav"))
            try:
                return files and audio.read_wav(files[-1])
            except (wave.Error, EOFError):
                return None  # its header is written last
        return wait_for(f"recording of {self.name}", newest, 3)

    def hears(self, frequency, seconds, least_seconds):
        """Whether FREQUENCY sounds in the first and in the last SECONDS of the recording."""
        samples, count = self.recording(), int(seconds * audio.RATE)
        return all(audio.is_tone(frequency, part, least_seconds)
                   for part in (samples[:count], samples[-count:]))

    def close(self):
        self.control.close()
        if self.process in self.lab.processes:
            self.lab.stop(self.process)
