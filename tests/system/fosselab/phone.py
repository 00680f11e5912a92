"""A SIP phone whose every packet is under control: what it sends, when, and what it received.

It registers, calls and answers over UDP, TCP or TLS, plays a tone, and can be silent to the
last packet, which no ordinary phone can. It is a judge, so it is strict where a peer's fault
would hide (sequence numbers, tags, methods) and has no features beyond the scenarios' needs.
One thread reads and re-sends signalling, one thread per call does media."""
import collections
import hashlib
import itertools
import os
import queue
import re
import secrets
import select
import socket
import ssl
import struct
import threading
import time

from . import audio
from .lab import ADDRESS, Failure, wait_for

T1 = 0.5
SHORT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact",
         "l": "content-length", "c": "content-type", "k": "supported"}
rtp_ports = itertools.count(10000, 2)


class Message:
    """A SIP message: start line, headers in order, body."""

    def __init__(self, start, headers, body=b""):
        self.start, self.headers, self.body = start, headers, body

    @classmethod
    def parse(cls, data):
        head, _, body = data.partition(b"\r\n\r\n")
        lines = re.sub(r"\r\n[ \t]+", " ", head.decode("utf-8", "replace")).split("\r\n")
        headers = []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            headers.append((SHORT.get(name, name), value.strip()))
        return cls(lines[0], headers, body)

    def encode(self):
        lines = [self.start, *(f"{n}: {v}" for n, v in self.headers),
                 f"content-length: {len(self.body)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body

    def all(self, name):
        return [v for n, v in self.headers if n == name]

    def get(self, name, default=""):
        return next(iter(self.all(name)), default)

    @property
    def is_request(self):
        return not self.start.startswith("SIP/2.0 ")

    @property
    def method(self):
        return self.start.split(" ")[0] if self.is_request else self.get("cseq").split(" ")[-1]

    @property
    def status(self):
        return int(self.start.split(" ")[1])

    @property
    def branch(self):
        found = re.search(r"branch=([^;,\s]+)", self.get("via"))
        return found[1] if found else ""

    def tag(self, name):
        found = re.search(r";\s*tag=([^;,\s]+)", self.get(name))
        return found[1] if found else ""

    def routes(self, name):
        """The URIs of Record-Route or Route values, several in one line or not."""
        return re.findall(r"<[^>]+>[^,]*", ", ".join(self.all(name)))


def uri_of(value):
    """The URI of a From, To or Contact value."""
    found = re.search(r"<([^>]*)>", value)
    return found[1] if found else value.split(";")[0].strip()


def target_of(uri):
    """(transport, (host, port)) to which a URI with a numeric host leads."""
    found = re.match(r"(sips?):(?:[^@]*@)?([0-9.]+)(?::(\d+))?(.*)", uri)
    if not found:
        raise Failure(f"no address in {uri}")
    transport = re.search(r"transport=(\w+)", found[4], re.IGNORECASE)
    transport = "tls" if found[1] == "sips" else transport[1].lower() if transport else "udp"
    return transport, (found[2], int(found[3] or (5061 if transport == "tls" else 5060)))


class Digest:
    """Answers to the challenges of one realm (RFC 7616, RFC 8760)."""

    def __init__(self, user, password):
        self.user, self.password, self.count = user, password, 0

    def answer(self, response, method, uri):
        name = "www-authenticate" if response.status == 401 else "proxy-authenticate"
        best = None
        for challenge in response.all(name):
            fields = {k.lower(): v for k, v in
                      re.findall(r'(\w+)="?((?<=")[^"]*|[^",\s]+)', challenge)}
            if fields.get("algorithm", "MD5").upper() in ("MD5", "SHA-256"):
                best = best or fields
        if best is None:
            raise Failure(f"no challenge to answer in {response.start}")
        algorithm = best.get("algorithm", "MD5").upper()

        def digest(*words):
            hashed = hashlib.new("sha256" if algorithm == "SHA-256" else "md5")
            hashed.update(":".join(words).encode())
            return hashed.hexdigest()

        self.count += 1
        nc, cnonce = f"{self.count:08x}", secrets.token_hex(8)
        ha1, ha2 = digest(self.user, best["realm"], self.password), digest(method, uri)
        words = [f'username="{self.user}"', f'realm="{best["realm"]}"',
                 f'nonce="{best["nonce"]}"', f'uri="{uri}"', f"algorithm={algorithm}"]
        if "qop" in best:
            hashed = digest(ha1, best["nonce"], nc, cnonce, "auth", ha2)
            words += [f"qop=auth, nc={nc}", f'cnonce="{cnonce}"']
        else:
            hashed = digest(ha1, best["nonce"], ha2)
        words.append(f'response="{hashed}"')
        if "opaque" in best:
            words.append(f'opaque="{best["opaque"]}"')
        header = "authorization" if response.status == 401 else "proxy-authorization"
        return header, "Digest " + ", ".join(words)


class Stream:
    """A TCP or TLS connection and what of it is no whole message yet."""

    def __init__(self, connection, transport):
        self.connection, self.transport = connection, transport
        self.lock, self.buffer, self.is_open = threading.Lock(), b"", True

    def fileno(self):
        return self.connection.fileno()

    def send(self, data):
        with self.lock:
            while data:
                try:
                    data = data[self.connection.send(data):]
                except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                    select.select([], [self.connection], [], 1)

    def receive(self):
        """The whole messages that have come; sets is_open to False at the end of the stream."""
        while True:
            try:
                with self.lock:
                    data = self.connection.recv(65536)
            except (BlockingIOError, ssl.SSLWantReadError):
                break
            except OSError:
                data = b""
            if not data:
                self.is_open = False
                break
            self.buffer += data
        messages = []
        while True:
            self.buffer = self.buffer.lstrip(b"\r\n")
            head, end, rest = self.buffer.partition(b"\r\n\r\n")
            if not end:
                return messages
            message = Message.parse(head + end)
            length = int(message.get("content-length", "0"))
            if len(rest) < length:
                return messages
            message.body, self.buffer = rest[:length], rest[length:]
            messages.append(message)


class Transaction:
    def __init__(self, data, flow, is_udp):
        self.data, self.flow, self.is_udp = data, flow, is_udp
        self.responses, self.interval = queue.Queue(), T1
        self.next_send = time.monotonic() + T1
        self.end = time.monotonic() + 64 * T1
        self.has_answer = self.has_final = False


class Media(threading.Thread):
    """RTP and RTCP of one call; `sending` False means not one packet of either."""

    def __init__(self, lab, host, port, tone):
        super().__init__(daemon=True)
        self.port, self.tone = port, tone
        self.rtp, self.rtcp = (lab.socket(host) for _ in range(2))
        self.rtp.bind((ADDRESS[host], port))
        self.rtcp.bind((ADDRESS[host], port + 1))
        self.remote = None
        self.sending, self.far_listens = True, True
        self.sent, self.received = [], []  # (time, sequence), (time, sequence, payload)
        self.sources, self.rtcp_received = collections.Counter(), 0
        self.ssrc = secrets.token_bytes(4)
        self.sequence, self.samples = secrets.randbelow(30000), 0
        self.running = True

    def run(self):
        next_frame = next_report = time.monotonic()
        while self.running:
            now = time.monotonic()
            if now >= next_frame:
                self._send_frame(now)
                # after a stall, go on from now: a burst would be a test of its own
                next_frame = next_frame + 0.02 if now - next_frame < 0.2 else now + 0.02
            if now >= next_report:
                self._send_report()
                next_report = now + 1
            ready, _, _ = select.select([self.rtp, self.rtcp], [], [],
                                        max(0, next_frame - time.monotonic()))
            if self.rtp in ready:
                self._receive()
            if self.rtcp in ready:
                self.rtcp.recv(2048)
                self.rtcp_received += 1
        self.rtp.close()
        self.rtcp.close()

    def _send_frame(self, now):
        self.sequence = self.sequence + 1 & 0xFFFF
        self.samples += audio.FRAME
        if not (self.sending and self.far_listens and self.remote):
            return
        header = struct.pack(">BBHI", 0x80, 0, self.sequence, self.samples) + self.ssrc
        self.rtp.sendto(header + audio.tone(self.tone, self.samples), self.remote)
        self.sent.append((now, self.sequence))

    def _send_report(self):
        if self.sending and self.remote:
            report = struct.pack(">BBH4sQIII", 0x80, 200, 6, self.ssrc, 0, self.samples,
                                 len(self.sent), 0)
            self.rtcp.sendto(report, (self.remote[0], self.remote[1] + 1))

    def _receive(self):
        data, source = self.rtp.recvfrom(2048)
        if len(data) > 12 and data[0] & 0xC0 == 0x80 and data[1] & 0x7F == 0:
            self.sources[source] += 1
            self.received.append((time.monotonic(), struct.unpack_from(">H", data, 2)[0],
                                  data[12:]))

    def heard(self, begin, end):
        """The samples that arrived between two times, in the order of their sequence."""
        packets = {s: p for t, s, p in self.received if begin <= t <= end}
        return audio.expand(b"".join(packets[s] for s in sorted(packets)))


    def lost_on_the_way_to(self, far, since):
        """Sequence numbers sent here since SINCE, but not in the last 0.3 s, that FAR has not got."""
        until = time.monotonic() - 0.3
        received = {s for _, s, _ in list(far.received)}
        return [s for t, s in list(self.sent) if since <= t <= until and s not in received]


class Call:
    """One dialog and its media."""

    def __init__(self, phone, is_caller):
        self.phone, self.is_caller = phone, is_caller
        self.local_tag, self.remote_tag = secrets.token_hex(6), ""
        self.call_id, self.cseq, self.remote_cseq = secrets.token_hex(12), 0, -1
        self.local_uri = self.remote_uri = self.target = ""
        self.routes, self.flow = [], None
        self.media = Media(phone.lab, phone.host, next(rtp_ports), phone.tone)
        self.media.sending = phone.speaks
        self.began = self.ended = None
        self.status, self.reason = 0, ""
        self.far_hung_up, self.held_by_far = False, False
        self.sdp_version, self.direction = 1, "sendrecv"
        self.retransmission = None  # of our 200, until its ACK has come
        self.ack_seen = threading.Event()

    @property
    def is_up(self):
        return self.began is not None and self.ended is None

    def sdp(self):
        address, port = self.phone.sdp_address, self.media.port
        self.sdp_version += 1
        return (f"v=0\r\no=- 1 {self.sdp_version} IN IP4 {address}\r\ns=-\r\n"
                f"c=IN IP4 {address}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n"
                f"a=rtpmap:0 PCMU/8000\r\na={self.direction}\r\n").encode()

    def apply_sdp(self, body):
        text = body.decode("utf-8", "replace")
        address = re.search(r"^c=IN IP4 ([0-9.]+)", text, re.MULTILINE)
        port = re.search(r"^m=audio (\d+) ", text, re.MULTILINE)
        if not address or not port or port[1] == "0":
            raise Failure(f"{self.phone.name}: no audio in {text!r}")
        self.media.remote = (address[1], int(port[1]))
        direction = re.search(r"^a=(sendrecv|sendonly|recvonly|inactive)", text, re.MULTILINE)
        self.media.far_listens = not direction or direction[1] in ("sendrecv", "recvonly")
        self.held_by_far = not self.media.far_listens

    def establish(self):
        if self.began is None:
            self.began = time.monotonic()
            self.media.start()

    def end(self):
        if self.ended is None:
            self.ended = time.monotonic()
            self.media.running = False

    # what a scenario does

    def speak(self, on=True):
        self.media.sending = on

    def hang_up(self):
        self.end()
        response = self.phone.in_dialog(self, "BYE")
        if response.status != 200:
            raise Failure(f"{self.phone.name}: BYE answered {response.start}")

    def hold(self, on=True):
        self.direction = "sendonly" if on else "sendrecv"
        response = self.phone.in_dialog(self, "INVITE", self.sdp())
        if response.status != 200:
            raise Failure(f"{self.phone.name}: re-INVITE answered {response.start}")
        self.apply_sdp(response.body)

    def hears(self, frequency, begin, end, least_seconds):
        return audio.is_tone(frequency, self.media.heard(begin, end), least_seconds)


class Phone:
    """A SIP endpoint at HOST. With a PROXY all its requests go there, on one flow."""

    def __init__(self, lab, host, name, *, transport="udp", proxy=None, password="secret",
                 domain="example.test", tone=440, sip_port=5062, certificate=None, answer=200):
        self.lab, self.host, self.name, self.tone = lab, host, name, tone
        self.transport, self.proxy, self.domain = transport, proxy, domain
        self.digest, self.answer, self.speaks = Digest(name, password), answer, True
        self.answer_headers = []  # of a refusal
        self.address, self.sip_port, self.is_registered = ADDRESS[host], sip_port, False
        self.sdp_address = self.contact_host = self.address  # a lying phone says another one
        self.registered_expires = 0
        self.calls, self.transactions, self.answered = {}, {}, {}
        self.incoming, self.requests, self.faults = queue.Queue(), [], []
        self.streams, self.listeners = [], {}
        self.running, self.cseq = True, itertools.count(1)
        self.udp = lab.socket(host)
        self.udp.bind((self.address, sip_port))
        self.server_context = None
        for kind, port in ("tcp", sip_port), ("tls", sip_port + 1):
            if kind == "tls" and certificate is None:
                continue
            listener = lab.socket(host, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self.address, port))
            listener.listen()
            self.listeners[listener] = kind
        if certificate is not None:
            self.server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.server_context.load_cert_chain(certificate)
        self.client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.client_context.check_hostname = False
        self.client_context.verify_mode = ssl.CERT_NONE
        self.connections = {}
        self.wake_read, self.wake_write = os.pipe()
        self.thread = threading.Thread(target=self._loop, daemon=True)
        self.thread.start()

    def close(self):
        for call in list(self.calls.values()):
            call.end()
        self.running = False
        os.write(self.wake_write, b"x")
        self.thread.join(2)
        for s in (self.udp, *self.listeners, *(s.connection for s in self.streams)):
            s.close()

    # what a scenario does

    def register(self, expires=60, seconds=5):
        uri = f"sip:{self.domain}"
        aor = f"<sip:{self.name}@{self.domain}>"
        headers = [("from", f"{aor};tag={secrets.token_hex(6)}"), ("to", aor),
                   ("call-id", secrets.token_hex(12)), ("contact", f"<{self.contact()}>"),
                   ("expires", str(expires))]
        flow = self._flow(self.transport, self.proxy)
        response = self._transact("REGISTER", uri, flow, headers, seconds=seconds)
        if response.status != 200:
            raise Failure(f"{self.name}: REGISTER answered {response.start}")
        self.is_registered = expires > 0
        return response

    def call(self, uri, seconds=8):
        """An established call to URI; a Failure with the final status otherwise."""
        call = Call(self, is_caller=True)
        call.local_uri, call.remote_uri = f"sip:{self.name}@{self.domain}", uri
        call.flow = self._flow(self.transport, self.proxy or target_of(uri)[1])
        call.target = uri
        self.calls[call.call_id] = call
        response = self._invite(call, seconds)
        call.status, call.reason = response.status, response.get("reason")
        if response.status != 200:
            raise Failure(f"{self.name} -> {uri}: {response.start}")
        return call

    def start_call(self, uri):
        """Sends an INVITE and cares no more."""
        def attempt():
            try:
                self.call(uri)
            except Failure:
                pass
        threading.Thread(target=attempt, daemon=True).start()

    def next_call(self, seconds=8):
        try:
            call = self.incoming.get(timeout=seconds)
        except queue.Empty:
            raise Failure(f"{self.name} was not called within {seconds:g} s") from None
        wait_for(f"ACK at {self.name}", call.ack_seen.is_set, seconds)
        return call

    def options(self, uri):
        headers = [("from", f"<sip:{self.name}@{self.domain}>;tag={secrets.token_hex(6)}"),
                   ("to", f"<{uri}>"), ("call-id", secrets.token_hex(12))]
        return self._transact("OPTIONS", uri, self._flow(self.transport, self.proxy), headers)

    # dialogs

    def in_dialog(self, call, method, body=b""):
        if method == "INVITE":
            return self._invite(call, 8, body)
        return self._transact(method, call.target, self._dialog_flow(call),
                              self._dialog_headers(call), body, 8, call)

    def _dialog_headers(self, call):
        remote = f"<{call.remote_uri}>" + (f";tag={call.remote_tag}" if call.remote_tag else "")
        return [("from", f"<{call.local_uri}>;tag={call.local_tag}"), ("to", remote),
                ("call-id", call.call_id), *(("route", r) for r in call.routes),
                ("contact", f"<{self.contact(call.flow)}>")]

    def _dialog_flow(self, call):
        if self.is_registered:
            return self._flow(self.transport, self.proxy)
        if isinstance(call.flow, Stream) and call.flow.is_open:
            return call.flow
        return self._flow(*target_of(uri_of(call.routes[0]) if call.routes else call.target))

    def _invite(self, call, seconds, body=None):
        flow = self._dialog_flow(call) if call.remote_tag else call.flow
        call.cseq = next(self.cseq)
        headers = self._dialog_headers(call)
        response = self._transact("INVITE", call.target, flow, headers,
                                  body if body is not None else call.sdp(), seconds, call)
        if response.status != 200:
            return response
        if not call.remote_tag:
            call.remote_tag = response.tag("to")
            call.routes = response.routes("record-route")[::-1]
        call.target = uri_of(response.get("contact", call.target))
        call.apply_sdp(response.body)
        self._ack(call, response)
        call.establish()
        return response

    def _ack(self, call, response):
        sequence = response.get("cseq").split(" ")[0]
        ack = self._message("ACK", call.target, self._dialog_flow(call),
                            self._dialog_headers(call), f"{sequence} ACK")
        self._send(self._dialog_flow(call), ack.encode())

    # transactions

    def contact(self, flow=None):
        transport = flow.transport if isinstance(flow, Stream) else \
            flow[0] if flow else self.transport
        port = self.sip_port + (transport == "tls")
        suffix = "" if transport == "udp" else f";transport={transport}"
        return f"sip:{self.name}@{self.contact_host}:{port}{suffix}"

    def _message(self, method, uri, flow, headers, cseq, body=b"", branch=None):
        transport = flow.transport if isinstance(flow, Stream) else "udp"
        port = self.sip_port + (transport == "tls")
        via = (f"SIP/2.0/{transport.upper()} {self.address}:{port};rport;"
               f"branch={branch or 'z9hG4bK' + secrets.token_hex(8)}")
        more = [("content-type", "application/sdp")] if body else []
        return Message(f"{method} {uri} SIP/2.0",
                       [("via", via), ("max-forwards", "70"), *headers, ("cseq", cseq),
                        ("user-agent", "judge"), *more], body)

    def _transact(self, method, uri, flow, headers, body=b"", seconds=8, call=None):
        """The final response, after at most one challenge has been answered."""
        end, authorization = time.monotonic() + seconds, []
        for _ in range(2):
            sequence = call.cseq if call and method == "INVITE" and not authorization \
                else next(self.cseq)
            if call and method == "INVITE":
                call.cseq = sequence
            message = self._message(method, uri, flow, headers + authorization,
                                    f"{sequence} {method}", body)
            response = self._final(message, flow, end)
            if response.status not in (401, 407) or authorization:
                return response
            authorization = [self.digest.answer(response, method, uri)]
        return response

    def _final(self, message, flow, end):
        transaction = Transaction(message.encode(), flow, not isinstance(flow, Stream))
        self.transactions[message.branch, message.method] = transaction
        self._send(flow, transaction.data)
        while True:
            try:
                response = transaction.responses.get(timeout=max(0.001, end - time.monotonic()))
            except queue.Empty:
                if message.method == "INVITE":
                    self._cancel(message, flow)
                raise Failure(f"{self.name}: no answer to {message.start}") from None
            if response.status < 200:
                continue
            if message.method == "INVITE" and response.status >= 300:
                self._ack_refusal(message, response, flow)
            return response

    def _same_transaction(self, message, method, to):
        kept = [(n, v) for n, v in message.headers
                if n in ("via", "from", "call-id", "max-forwards", "route")]
        sequence = message.get("cseq").split(" ")[0]
        uri = message.start.split(" ")[1]
        return Message(f"{method} {uri} SIP/2.0", [*kept, ("to", to),
                                                   ("cseq", f"{sequence} {method}")])

    def _ack_refusal(self, message, response, flow):
        self._send(flow, self._same_transaction(message, "ACK", response.get("to")).encode())

    def _cancel(self, message, flow):
        self._send(flow, self._same_transaction(message, "CANCEL", message.get("to")).encode())

    # flows: ("udp", address) or a Stream

    def _flow(self, transport, address):
        if transport == "udp":
            return ("udp", address)
        stream = self.connections.get((transport, address))
        if stream and stream.is_open:
            return stream
        connection = self.lab.socket(self.host, socket.SOCK_STREAM)
        connection.settimeout(3)
        try:
            connection.connect(address)
            if transport == "tls":
                connection = self.client_context.wrap_socket(connection)
        except OSError as error:
            raise Failure(f"{self.name}: {transport} to {address}: {error}") from None
        return self._keep(connection, transport, address)

    def _keep(self, connection, transport, address):
        connection.setblocking(False)
        stream = Stream(connection, transport)
        self.connections[transport, address] = stream
        self.streams.append(stream)
        os.write(self.wake_write, b"x")
        return stream

    def _send(self, flow, data):
        try:
            if isinstance(flow, Stream):
                flow.send(data)
            else:
                self.udp.sendto(data, flow[1])
        except OSError as error:
            self.faults.append(f"send: {error}")

    # the signalling thread

    def _loop(self):
        while self.running:
            if not all(s.is_open for s in self.streams):
                self.streams = [s for s in self.streams if s.is_open]
                self._connection_lost()
            ready, _, _ = select.select([self.udp, self.wake_read, *self.listeners,
                                         *self.streams], [], [], 0.05)
            for source in ready:
                try:
                    self._readable(source)
                except (OSError, Failure, ValueError, IndexError) as error:
                    self.faults.append(f"{type(error).__name__}: {error}")
            self._retransmit()

    def _connection_lost(self):
        """A registered phone that loses its connection registers again, as real ones do."""
        if self.is_registered and self.transport != "udp" and self.running:
            threading.Thread(target=self._register_again, daemon=True).start()

    def _register_again(self):
        for _ in range(20):
            try:
                self.register()
                return
            except Failure as failure:
                self.faults.append(str(failure))
                time.sleep(0.2)

    def _readable(self, source):
        if source is self.wake_read:
            os.read(self.wake_read, 64)
        elif source is self.udp:
            data, address = self.udp.recvfrom(65536)
            if data.strip(b"\r\n\0"):
                self._received(Message.parse(data), ("udp", address))
        elif source in self.listeners:
            connection, address = source.accept()
            kind = self.listeners[source]
            if kind == "tls":
                connection.settimeout(3)
                connection = self.server_context.wrap_socket(connection, server_side=True)
            self._keep(connection, kind, address)
        else:
            for message in source.receive():
                self._received(message, source)

    def _retransmit(self):
        now = time.monotonic()
        for key, t in list(self.transactions.items()):
            if now > t.end:
                del self.transactions[key]
            elif t.is_udp and not t.has_answer and now > t.next_send:
                self._send(t.flow, t.data)
                t.interval = t.interval * 2 if key[1] == "INVITE" else min(4, t.interval * 2)
                t.next_send = now + t.interval
        for call in list(self.calls.values()):
            if call.retransmission and now > call.retransmission[0]:
                _, interval, flow, data = call.retransmission
                self._send(flow, data)
                call.retransmission = (now + interval * 2, interval * 2, flow, data)

    def _received(self, message, flow):
        if message.is_request:
            self._request(message, flow)
            return
        transaction = self.transactions.get((message.branch, message.method))
        if transaction is None:
            return
        transaction.has_answer = True  # no more retransmissions
        if not transaction.has_final:
            transaction.has_final = message.status >= 200
            transaction.responses.put(message)
        elif message.method == "INVITE" and message.status == 200:
            call = self.calls.get(message.get("call-id"))
            if call:  # our ACK was lost
                self._ack(call, message)

    def _request(self, message, flow):
        key = (message.branch, message.method)
        if key in self.answered:  # a retransmission
            self._send(flow, self.answered[key])
            return
        self.requests.append(message)
        call = self.calls.get(message.get("call-id"))
        if message.method == "ACK":
            if call:
                call.retransmission = None
                call.establish()
                call.ack_seen.set()
        elif message.method == "INVITE":
            self._on_invite(message, flow, call)
        elif message.method == "BYE" and call:
            call.far_hung_up = True
            call.end()
            self._respond(message, flow, 200)
        elif message.method == "CANCEL":
            self._respond(message, flow, 200)
        elif call is None and message.method == "BYE":
            self._respond(message, flow, 481)
        else:
            self._respond(message, flow, 200)

    def _on_invite(self, message, flow, call):
        if call is None and message.tag("to"):
            self._respond(message, flow, 481)
            return
        if call is None:
            call = self._new_incoming(message, flow)
            if self.answer != 200:
                self._respond(message, flow, self.answer, call, headers=self.answer_headers)
                return
            self._respond(message, flow, 180, call, remember=False)
        elif message.tag("from") != call.remote_tag:
            self.faults.append(f"re-INVITE with another tag: {message.get('from')}")
        if message.get("contact"):
            call.target = uri_of(message.get("contact"))
        if message.body:
            call.apply_sdp(message.body)
            call.direction = "recvonly" if call.held_by_far else "sendrecv"
        data = self._respond(message, flow, 200, call, call.sdp())
        call.retransmission = None if isinstance(flow, Stream) else \
            (time.monotonic() + T1, T1, flow, data)

    def _new_incoming(self, message, flow):
        call = Call(self, is_caller=False)
        call.call_id, call.flow = message.get("call-id"), flow
        call.remote_tag, call.remote_uri = message.tag("from"), uri_of(message.get("from"))
        call.local_uri = uri_of(message.get("to"))
        call.routes = message.routes("record-route")
        self.calls[call.call_id] = call
        self.incoming.put(call)
        return call

    def _respond(self, message, flow, status, call=None, body=b"", remember=True, headers=()):
        to = message.get("to")
        if not message.tag("to") and status != 100:
            to += f";tag={call.local_tag if call else secrets.token_hex(6)}"
        headers = [("via", v) for v in message.all("via")] + list(headers)
        headers += [("record-route", r) for r in message.all("record-route")]
        headers += [("from", message.get("from")), ("to", to),
                    ("call-id", message.get("call-id")), ("cseq", message.get("cseq"))]
        if call:
            headers.append(("contact", f"<{self.contact(flow)}>"))
        if body:
            headers.append(("content-type", "application/sdp"))
        data = Message(f"SIP/2.0 {status} Judged", headers, body).encode()
        if remember:
            self.answered[message.branch, message.method] = data
        self._send(flow, data)
        return data
