"""What comes from outside may be wrong, hostile or late; calls of others must not notice.

Each part does one kind of harm and then, or meanwhile, places an ordinary call."""
import re
import secrets
import select
import socket
import time

from fosselab import audio, capture
from fosselab.lab import ADDRESS, CONTROL, EDGE, Failure
from fosselab.phone import Message
from fosselab.scenario import Scenario

scenario = Scenario("bad-input")
INSIDE = (CONTROL, 5060)
OUTSIDE = (EDGE, 5060)
PUBLIC = ADDRESS["public"]
# of Control, of its neighbours, of Edge itself, loopback, cloud metadata, multicast, nobody
FORBIDDEN = (CONTROL, ADDRESS["manager"], EDGE, "127.0.0.1", "169.254.169.254", "224.0.0.1",
             "0.0.0.0", "255.255.255.255")


def phones(stage):
    inside = stage.phone("phone1", proxy=INSIDE, tone=440)
    inside.register()
    judge = stage.phone("public", "judge", domain="public.test", tone=587)
    return inside, judge


def ordinary_call(stage, inside, judge):
    stage.connect(inside, f"sip:judge@{PUBLIC}:{judge.sip_port}", judge,
                  "ordinary").talk(2.4).hang_up()


@scenario.part("addresses")
def addresses(stage):
    """Addresses in SDP that nobody outside may name: refused, or never sent to."""
    inside, judge = phones(stage)
    liar = stage.phone("public", "liar", domain="public.test", proxy=OUTSIDE, sip_port=5070)
    for address in FORBIDDEN:
        liar.sdp_address = address
        try:
            call = liar.call("sip:phone1@example.test", 3)
        except Failure:
            continue
        call.speak(False)
        time.sleep(0.4)
        call.hang_up()
    ordinary_call(stage, inside, judge)
    link = {36000, 36001}
    hit = {p.target for p in stage.capture.so_far()
           if p.protocol == capture.UDP and p.source == EDGE and p.switch == "dmz"
           and p.target in FORBIDDEN and p.sport not in link}
    stage.require(not hit, f"Edge sent media to {hit}")


@scenario.part("injection")
def injection(stage):
    """RTP from a stranger into a call: relayed to nobody, and it moves nothing."""
    inside, judge = phones(stage)
    call = stage.connect(inside, f"sip:judge@{PUBLIC}:{judge.sip_port}", judge, "injected")
    time.sleep(0.5)
    target = judge.calls[call.callee.call.call_id].media.remote
    ssrc = secrets.token_bytes(4)
    with stage.lab.socket("publicdns") as stranger:
        stranger.bind((ADDRESS["publicdns"], 20000))
        for n in range(100):
            header = b"\x80\x00" + (5000 + n).to_bytes(2, "big") + (n * 160).to_bytes(4, "big")
            stranger.sendto(header + ssrc + audio.tone(1000, n * 160), target)
            time.sleep(0.02)
        got = select.select([stranger], [], [], 0)[0]
    stage.require(not got, "the stranger was sent media")
    heard = {bytes(p) for _, _, p in inside.calls[call.caller.call.call_id].media.received}
    injected = {audio.tone(1000, n * 160) for n in range(100)}
    stage.require(not heard & injected, "a stranger's audio was relayed")
    call.talk(2.2).hang_up()


@scenario.part("foreign-challenge")
def foreign_challenge(stage):
    """A stranger who asks for a password gets none, and the call ends."""
    inside, judge = phones(stage)
    thief = stage.phone("public", "thief", domain="public.test", sip_port=5070, answer=407)
    thief.answer_headers = [("proxy-authenticate", 'Digest realm="example.test", nonce="1", '
                             'algorithm=MD5, qop="auth"')]
    try:
        inside.call(f"sip:thief@{PUBLIC}:5070", 4)
        stage.require(False, "the call was answered")
    except Failure as failure:
        stage.require("SIP/2.0" in str(failure), str(failure))
    leaked = [r for r in thief.requests if r.get("authorization")
              or r.get("proxy-authorization")]
    stage.require(not leaked, "credentials were sent to a stranger")
    ordinary_call(stage, inside, judge)


@scenario.part("dead-dns")
def dead_dns(stage):
    """While the name server is silent, calls that need no name are as quick as ever."""
    inside, judge = phones(stage)
    stage.lab.run("publicdns", "nft", "-f", "-", check=True, input="""table ip dead {
        chain input { type filter hook input priority 0; udp dport 53 drop; }
        }""")
    waiting = stage.phone("phone2", proxy=INSIDE, sip_port=5070)
    waiting.register()
    waiting.start_call("sip:somebody@udp.public.test")
    time.sleep(0.3)
    begun = time.monotonic()
    call = stage.connect(inside, f"sip:judge@{PUBLIC}:{judge.sip_port}", judge, "by address")
    took = time.monotonic() - begun
    stage.require(took < 0.5, f"a call by address took {took:.2f} s beside a dead name server")
    call.talk(2.4).hang_up()


# SIP over TCP, as nobody should send it


def options(n=1, more=b"", length=None):
    body = b""
    return (f"OPTIONS sip:example.test SIP/2.0\r\nVia: SIP/2.0/TCP {PUBLIC}:5090;rport;branch="
            f"z9hG4bK{secrets.token_hex(6)}\r\nFrom: <sip:x@public.test>;tag={n}\r\n"
            f"To: <sip:example.test>\r\nCall-ID: {secrets.token_hex(6)}\r\nCSeq: {n} OPTIONS\r\n"
            f"Max-Forwards: 70\r\n").encode() + more + (
                f"Content-Length: {len(body) if length is None else length}\r\n\r\n").encode()


def connect(stage):
    connection = stage.lab.socket("public", socket.SOCK_STREAM)
    connection.settimeout(3)
    connection.connect(OUTSIDE)
    return connection


def answers(connection, count, seconds=3):
    """(statuses of COUNT responses or of fewer, whether the connection was closed)."""
    data, end = b"", time.monotonic() + seconds
    while data.count(b"SIP/2.0 ") < count and time.monotonic() < end:
        try:
            more = connection.recv(65536)
        except (TimeoutError, ConnectionError):
            break
        if not more:
            break
        data += more
    statuses = [int(s) for s in re.findall(rb"^SIP/2\.0 (\d+)", data, re.MULTILINE)]
    try:
        connection.settimeout(0.3)
        is_closed = connection.recv(1) == b""
    except TimeoutError:
        is_closed = False
    except ConnectionError:
        is_closed = True
    return statuses, is_closed


@scenario.part("stream")
def stream(stage):
    """Split at every byte, pipelined, endless or lying: answered as if whole, or closed."""
    inside, judge = phones(stage)
    with connect(stage) as whole:
        whole.sendall(options())
        expected, closed = answers(whole, 1)
        stage.require(len(expected) == 1 and not closed, f"OPTIONS got {expected}")
    with connect(stage) as split:
        split.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in options():
            split.sendall(bytes([byte]))
        stage.require(answers(split, 1) == (expected, False), "a split OPTIONS got another answer")
    with connect(stage) as pipelined:
        pipelined.sendall(b"".join(options(n) for n in range(1, 21)))
        statuses, _ = answers(pipelined, 20)
        stage.require(statuses == expected * 20,
                      f"20 pipelined OPTIONS got {len(statuses)} answers")
    endless = options(more=b"X-Filler: " + b"x" * 200_000 + b"\r\n")
    for name, data in (("endless header", endless), ("endless start line", b"x" * 200_000),
                       ("length below zero", options(length=-1)),
                       ("two lengths", options(more=b"Content-Length: 5\r\n")),
                       ("length of 4 GiB", options(length=4_294_967_296))):
        with connect(stage) as broken:
            try:
                broken.sendall(data)
            except ConnectionError:
                continue
            statuses, closed = answers(broken, 1)
            stage.require(closed or statuses and statuses[0] >= 400,
                          f"{name}: answered {statuses}, not closed")
    with connect(stage) as torn:
        torn.sendall(options()[:80])
    ordinary_call(stage, inside, judge)


@scenario.part("datagrams")
def datagrams(stage):
    """Garbage and torn messages over UDP do no harm."""
    inside, judge = phones(stage)
    whole = options().replace(b"SIP/2.0/TCP", b"SIP/2.0/UDP")
    with stage.lab.socket("public") as sender:
        sender.bind((PUBLIC, 5090))
        for size in range(0, len(whole), 7):
            sender.sendto(whole[:size], OUTSIDE)
        for size in (1, 12, 100, 1400, 60000):
            sender.sendto(secrets.token_bytes(size), OUTSIDE)
        sender.sendto(whole, OUTSIDE)
        sender.settimeout(3)
        answered = []
        try:
            while len(answered) < 200:
                answered.append(Message.parse(sender.recv(65536)))
        except TimeoutError:
            pass
    stage.require(any(m.status in (200, 401, 403, 404, 405, 407, 480) for m in answered),
                  "the whole OPTIONS got no answer")
    ordinary_call(stage, inside, judge)
