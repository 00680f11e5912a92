"""What comes from outside may be wrong, hostile or late; calls of others must not notice.

Each part does one kind of harm and then, or meanwhile, places an ordinary call."""
import re
import secrets
import select
import socket
import time

from fosselab import audio, capture
from fosselab.lab import ADDRESS, CONTROL, EDGE, Failure, wait_for
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
    seen = stage.edge.status()["counters"]["media"]["media.unknown_source"]
    stage.require(seen >= 100, f"of 100 packets from a stranger {seen} were counted")
    heard = {bytes(p) for _, _, p in inside.calls[call.caller.call.call_id].media.received}
    injected = {audio.tone(1000, n * 160) for n in range(100)}
    stage.require(not heard & injected, "a stranger's audio was relayed")
    call.talk(2.2).hang_up()


# what a stranger may say about himself, his route and his contact


def told(method, uri, lines, via=f"{PUBLIC}:5090;rport"):
    return (f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {via};branch="
            f"z9hG4bK{secrets.token_hex(6)}\r\nFrom: <sip:x@public.test>;tag=1\r\n"
            f"Call-ID: {secrets.token_hex(6)}\r\nCSeq: 1 {method}\r\nMax-Forwards: 70\r\n"
            f"{lines}Content-Length: 0\r\n\r\n").encode()


@scenario.part("headers")
def headers(stage):
    """Addresses in Via, Route, Contact and Request-URI that nobody outside may name."""
    inside, judge = phones(stage)
    liar = stage.phone("public", "liar", domain="public.test", proxy=OUTSIDE, sip_port=5070)
    with stage.lab.socket("public") as sender:
        sender.bind((PUBLIC, 5090))
        for address in FORBIDDEN:
            to = "To: <sip:phone1@example.test>\r\n"
            for data in (told("OPTIONS", "sip:example.test", to, via=f"{address}:5099"),
                         told("OPTIONS", f"sip:x@{address}:5099", to),
                         told("INVITE", f"sip:x@{address}:5099;transport=tcp",
                              to + "Contact: <sip:x@public.test>\r\n"),
                         told("OPTIONS", "sip:phone1@example.test",
                              to + f"Route: <sip:{address}:5099;lr>\r\n"),
                         told("INVITE", "sip:nobody@example.test",
                              to + f"Route: <sip:{OUTSIDE[0]};lr>, <sip:{address}:5099;lr>\r\n"
                              f"Contact: <sip:x@{address}:5099>\r\n")):
                sender.sendto(data, OUTSIDE)
            time.sleep(0.3)  # below the rate at which strangers are not answered any more
    for address in FORBIDDEN[:4]:
        liar.contact_host = address
        call = liar.call("sip:phone1@example.test")
        inside.next_call().hang_up()
        wait_for(f"end of the call with contact {address}", lambda c=call: c.far_hung_up, 3)
    ordinary_call(stage, inside, judge)
    hit = {(p.target, p.dport) for p in stage.capture.so_far()
           if p.source == EDGE and p.switch == "dmz" and p.dport in (5099, liar.sip_port)
           and p.target != PUBLIC}
    stage.require(not hit, f"Edge sent signalling to {hit}")


def alarms(node):
    return {a["id"] for a in node.status().get("alarms", [])}


def refused(stage, phone, uri):
    """A call that must get 503 with a Reason."""
    try:
        phone.call(uri, 4)
    except Failure as failure:
        stage.require("503" in str(failure), f"over a limit: {failure}")
        reasons = [c.reason for c in phone.calls.values() if c.status == 503]
        stage.require(reasons and all(reasons), "503 without a Reason")
        return
    stage.require(False, "a call over the limit was answered")


PAIRS = 31  # of ports in the smallest range for media


@scenario.part("limits", settings={"control": f"limits: {{calls: {PAIRS + 1}}}\n",
                                   "edge": "ports: {media: 36000-36063}\n"})
def limits(stage):
    """Ports and calls run out: 503 with a Reason, an alarm, and room again at once."""
    inside, judge = phones(stage)
    others = [stage.phone("phone2", f"phone{n}", proxy=INSIDE, sip_port=5060 + 10 * n)
              for n in (2, 3)]
    for phone in others:
        phone.register()
    caller = stage.phone("public", "caller", domain="public.test", proxy=OUTSIDE, sip_port=5090)
    caller.speaks = inside.speaks = False
    calls = [caller.call("sip:phone1@example.test") for _ in range(PAIRS)]
    refused(stage, caller, "sip:phone1@example.test")  # by Edge, that has no port
    stage.require("PRT-002" in alarms(stage.edge), "no alarm about ports")
    calls.append(others[0].call("sip:phone3@example.test"))
    refused(stage, others[1], "sip:phone2@example.test")  # by Control, that has its calls
    stage.require("CAL-001" in alarms(stage.control), "no alarm about calls")
    for call in calls[-2:]:
        call.hang_up()
    time.sleep(0.3)  # a pair rests a quarter of a second at least
    inside.speaks = True
    ordinary_call(stage, inside, judge)
    for call in calls[:-2]:
        call.hang_up()
    wait_for("end of the alarms", lambda: "PRT-002" not in alarms(stage.edge)
             and "CAL-001" not in alarms(stage.control), 3)


BROKEN = """limits: {calls: many, flavour: sweet}
dnss: {servers: [203.0.113.53]}
zone_nobody_knows: 1
"""


@scenario.part("configuration")
def configuration(stage):
    """A file with errors changes nothing and says all that is wrong; a good one is in use."""
    inside, judge = phones(stage)
    call = stage.connect(inside, f"sip:judge@{PUBLIC}:{judge.sip_port}", judge, "meanwhile")
    good = stage.edge.config.read_text()
    broken, better = (stage.edge.config.with_name(f"{n}.yaml") for n in ("broken", "better"))
    broken.write_text(good + BROKEN)
    better.write_text(good + "limits: {calls: 100}\n")
    before = stage.edge.status()["revision"]
    said = stage.edge.refused("apply", broken)
    lines = good.count("\n")
    for line, word in (1, "calls"), (1, "flavour"), (2, "did you mean dns"), (3, "zone_nobody"):
        stage.require(re.search(rf"broken\.yaml:{lines + line}:\d+: .*{word}", said),
                      f"nothing is said about line {lines + line}: {said}")
    stage.require(stage.edge.status()["revision"] == before, "a broken file is in use")
    stage.edge.fosse("apply", better)
    stage.require(stage.edge.status()["revision"] != before, "a good file is not in use")
    call.talk(2.4).hang_up()
    ordinary_call(stage, inside, judge)


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
