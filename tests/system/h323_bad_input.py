"""Wrong, hostile and excessive H.323 for Control; a call that runs meanwhile must not notice.

Each part does one kind of harm beside a witness, a call that loses not one packet. What came must be
refused as the standard has it, or closed, or dropped, and counted, by processes that go on."""
import secrets
import socket
import struct
import time

from fosselab.lab import ADDRESS, CONTROL, wait_for
from fosselab.scenario import Scenario

ENABLED = "h323: {enabled: true}\n"
scenario = Scenario("h323-bad-input", settings={"control": ENABLED})
CALLS = (CONTROL, 1720)
HOSTILE = "manager"
SETUP, RELEASE_COMPLETE, STATUS = 0x05, 0x5A, 0x7D  # Q.931
CAUSE, DISPLAY, CALLED, USER_USER = 0x08, 0x28, 0x70, 0x7E
WRONG_REFERENCE, CONTENTS = 81, 100  # Q.850 causes


class Witness:
    """A call of two endpoints from the begin of a part to its end, and the processes that carry it."""

    def __init__(self, stage):
        self.stage = stage
        self.caller, self.callee = (stage.endpoint(host, tone=tone, gatekeeper=CONTROL,
                                                   password="secret")
                                    for host, tone in (("phone1", 440), ("phone2", 587)))
        self.processes = stage.control.processes()
        self.call = stage.connect(self.caller, "phone2", self.callee, "witness")
        self.guid = bytes.fromhex(self.caller.seen("connected")["guid"])
        self.id = self.caller.seen("registered")["endpoint"]
        self.call.talk(2.2)

    def ordinary_call(self):
        """A call beside it, which must come up as on any other day."""
        self.stage.connect(self.callee, "phone1", self.caller, "ordinary").talk(2.4).hang_up()

    def is_unharmed(self):
        self.ordinary_call()
        stage, call = self.stage, self.call
        stage.require(not (call.caller.is_over() or call.callee.is_over()), "the witness has ended")
        for end in call.caller, call.callee:
            figures = end.phone.stats(call=end.call.id)
            stage.require(figures["lost"] == figures["strange"] == 0 and figures["received"] > 100,
                          f"witness at {end.phone.name}: {figures}")
        call.talk(0.2).hang_up(by_callee=True)
        for phone in self.caller, self.callee:
            phone.require_no_errors()
        stage.require(stage.control.processes() == self.processes,
                      f"processes were {self.processes}, are {stage.control.processes()}")


def counters(stage):
    return stage.control.status()["counters"]["sig"]


class Counted:
    """Requires that counters grow by this much at least within a `with`."""

    def __init__(self, stage, **least):
        self.stage, self.least = stage, least

    def __enter__(self):
        self.before = counters(self.stage)
        return self

    def __exit__(self, kind, *_):
        if kind:
            return
        for name, least in self.least.items():
            wait_for(f"h323.{name} to grow by {least} (now {self.grown(name)})",
                     lambda n=name, m=least: self.grown(n) >= m, 3)

    def grown(self, name):
        return counters(self.stage)[f"h323.{name}"] - self.before[f"h323.{name}"]


# connections to the call signalling port


def connect(stage, host=HOSTILE):
    connection = stage.lab.socket(host, socket.SOCK_STREAM)
    connection.settimeout(3)
    connection.connect(CALLS)
    return connection


def read_until_end(connection, seconds=2.0):
    """(what came, whether the other side closed)."""
    data, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        connection.settimeout(max(0.01, end - time.monotonic()))
        try:
            more = connection.recv(65536)
        except TimeoutError:
            break
        except ConnectionError:
            return data, True
        if not more:
            return data, True
        data += more
    return data, False


def must_close(stage, name, data, seconds=2.0):
    with connect(stage) as connection:
        try:
            connection.sendall(data)
        except ConnectionError:
            return
        came, is_closed = read_until_end(connection, seconds)
        stage.require(is_closed and not came, f"{name}: came {came.hex()}, closed: {is_closed}")


def tpkt(payload, length=None):
    return struct.pack(">BBH", 3, 0, len(payload) + 4 if length is None else length) + payload


def q931(kind, *elements, crv=0x1234):
    return struct.pack(">BBHB", 8, 2, crv, kind) + b"".join(elements)


def element(name, content, length=None):
    """A variable one: its length is one octet, of user-user two (H.225.0 section 7.2.2.31)."""
    length = len(content) if length is None else length
    return struct.pack(">BH" if name == USER_USER else ">BB", name, length) + content


BEARER = element(0x04, b"\x88\x93\xa5")


@scenario.part("tpkt", seconds=25)
def framing(stage):
    """Lengths that cannot be, versions that are not, octets that mean nothing, and silence."""
    witness = Witness(stage)
    silent = connect(stage)
    begun = time.monotonic()
    broken = [(f"TPKT of length {n}", tpkt(b"", n)) for n in range(4)]
    broken += [("TPKT of version 2", b"\x02\x00\x00\x08" + bytes(4)),
               ("the longest TPKT, of zeros", tpkt(bytes(65531))),
               ("the longest TPKT, of noise", tpkt(b"\xff" + secrets.token_bytes(65530))),
               ("a line of SIP", b"OPTIONS sip:example.test SIP/2.0\r\n\r\n"),
               ("noise", b"\x7f" + secrets.token_bytes(3000))]
    with Counted(stage, broken=len(broken)):
        for name, data in broken:
            must_close(stage, name, data)
    with Counted(stage, conn_timeouts=2):  # of the silent one, and of a frame that does not end
        must_close(stage, "a TPKT that does not end", tpkt(b"\x08\x02" + bytes(100), 65535), 15)
        _, is_closed = read_until_end(silent, 15)
    stage.require(is_closed, "a connection that says nothing was not closed")
    stage.notes["silent closed after"] = round(time.monotonic() - begun, 1)
    silent.close()
    witness.is_unharmed()


def a_setup(stage):
    """The Setup of an endpoint of ours, as it goes to us, who only listen: (octets, its guid)."""
    phone = stage.endpoint(HOSTILE, "stranger", ras_port=1729, call_port=1730)
    with stage.lab.socket(HOSTILE, socket.SOCK_STREAM) as listener:
        listener.bind((ADDRESS[HOSTILE], 1750))
        listener.listen()
        listener.settimeout(3)
        phone.command("dial", f"{ADDRESS[HOSTILE]}:1750 phone2")
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(3)
            data = connection.recv(65536)
    phone.await_event("released", 5)
    phone.close()
    stage.phones.remove(phone)
    return data[4:], bytes.fromhex(phone.seen("calling")["guid"])


def split_setup(setup):
    """(elements before user-user, the UUIE)."""
    at = setup.index(b"\x7e", 5)
    while struct.unpack_from(">H", setup, at + 1)[0] != len(setup) - at - 3:
        at = setup.index(b"\x7e", at + 1)
    return setup[:at], setup[at + 4:]


def cause_of(data):
    """(message type, cause, whether it has a UUIE) of the first message that came; Nones: none."""
    if len(data) < 9:
        return None, None, False
    message = data[4:struct.unpack_from(">H", data, 2)[0]]
    at, cause, has_uuie = 5, None, False
    while at + 2 <= len(message):
        name = message[at]
        if name == USER_USER:
            has_uuie = True
            at += 3 + struct.unpack_from(">H", message, at + 1)[0]
        elif name & 0x80:
            at += 1
        else:
            if name == CAUSE:
                cause = message[at + 3] & 0x7F
            at += 2 + message[at + 1]
    return message[4], cause, has_uuie


@scenario.part("q931", seconds=25)
def q931_lies(stage):
    """Headers and elements whose lengths lie, and an H.323 part that is empty or nothing."""
    witness = Witness(stage)
    setup, guid = a_setup(stage)
    before, uuie = split_setup(setup)
    closed = [("no header", b"\x08"), ("another protocol", b"\x41" + setup[1:]),
              ("a call reference of 15 octets", b"\x08\x0f" + setup[2:]),
              ("a call reference that does not end", b"\x08\x02\x12"),
              ("no message type", b"\x08\x02\x12\x34"),
              ("an element that does not end", q931(SETUP, BEARER, element(DISPLAY, b"x", 200))),
              ("a length that is missing", q931(SETUP, BEARER, bytes([CALLED]))),
              ("a UUIE longer than the message",
               before + struct.pack(">BH", USER_USER, 65535) + b"\x05" + uuie),
              ("a UUIE of length 0", before + element(USER_USER, b"")),
              ("a UUIE of nothing but its first octet", before + element(USER_USER, b"\x05"))]
    with Counted(stage, broken=len(closed)):
        for name, message in closed:
            must_close(stage, name, tpkt(message))
    refused = [("a UUIE that is cut", uuie[:len(uuie) // 2]), ("a UUIE of noise", b"\x20" * 40),
               ("all ones", b"\xff" * 300)]
    with Counted(stage, broken=len(refused)):
        for name, content in refused:
            with connect(stage) as connection:
                connection.sendall(tpkt(before + element(USER_USER, b"\x05" + content)))
                came, _ = read_until_end(connection, 0.5)
            kind, cause, has_uuie = cause_of(came)
            stage.require((kind, cause, has_uuie) == (RELEASE_COMPLETE, CONTENTS, True),
                          f"{name}: message {kind}, cause {cause}, UUIE {has_uuie}: {came.hex()}")
    with Counted(stage, setups=1), connect(stage) as whole:  # the same Setup, as it was
        whole.sendall(tpkt(setup.replace(guid, secrets.token_bytes(16))))
        came, _ = read_until_end(whole, 0.5)
        stage.require(cause_of(came)[0] not in (None, STATUS), f"a whole Setup got {came.hex()}")
    witness.is_unharmed()


def other_pair(stage):
    """Two more endpoints, on the hosts that the witness does not use."""
    return [stage.endpoint(host, name, tone=tone, gatekeeper=CONTROL, password="secret")
            for host, name, tone in ((HOSTILE, "phone3", 740), ("dns", "phone4", 880))]


@scenario.part("identity", seconds=25)
def identity(stage):
    """Setups, releases and H.245 in the name of the witness, of a stranger and of somebody registered."""
    witness = Witness(stage)
    setup, guid = a_setup(stage)
    stage.require(setup.count(guid) == 1, "no callIdentifier in the Setup")
    other_pair(stage)  # both hosts are registered from here on
    stolen = setup.replace(guid, witness.guid)
    for host in HOSTILE, "dns":
        with Counted(stage, invalid_cid=1), connect(stage, host) as connection:
            connection.sendall(tpkt(stolen))
            came, _ = read_until_end(connection, 0.5)
        kind, cause, has_uuie = cause_of(came)
        stage.require((kind, cause, has_uuie) == (RELEASE_COMPLETE, WRONG_REFERENCE, True),
                      f"Setup with the witness's identifier: {came.hex()}")
    with Counted(stage, no_call=200), connect(stage) as connection:
        for _ in range(100):  # a reference is one of its connection: these name nothing
            crv = secrets.randbelow(0x8000)
            for flag in 0, 0x8000:
                connection.sendall(tpkt(q931(RELEASE_COMPLETE, element(CAUSE, b"\x80\x90"),
                                             crv=crv | flag)))
        came, is_closed = read_until_end(connection, 0.5)
        stage.require(not came, f"releases of no call were answered {came.hex()}")
    witness.is_unharmed()


CHANNELS, ASKED = 300, 64  # OpenLogicalChannel that come; that go through in a minute


def open_channel(number):
    """A codec that the other end does not have: all that it gets are refused there."""
    return ("h245 {'request':{'openLogicalChannel':{'forwardLogicalChannelNumber':%d,"
            "'forwardLogicalChannelParameters':{'dataType':{'audioData':{'g728':10}},"
            "'multiplexParameters':{'h2250LogicalChannelParameters':{'sessionID':1,"
            "'mediaGuaranteedDelivery':false,'mediaControlChannel':{'unicastAddress':{'iPAddress':"
            "{'network':'%s','tsapIdentifier':20001}}},'silenceSuppression':false}}}}}}"
            % (number, socket.inet_aton(ADDRESS[HOSTILE]).hex()))


@scenario.part("channels", seconds=25)
def channels(stage):
    """A flood of OpenLogicalChannel, and H.245 that is none: refused, and their call goes on, too."""
    witness = Witness(stage)
    first, second = other_pair(stage)
    call = stage.connect(first, second.name, second, "flooded")
    call.talk(2.2)
    with Counted(stage, channels_refused=CHANNELS - ASKED) as counted:
        for number in range(1000, 1000 + CHANNELS):
            first.command(open_channel(number))
            time.sleep(0.002)
    stage.notes["channels"] = {"asked": CHANNELS, "refused": counted.grown("channels_refused")}
    begun = time.monotonic()
    first.command("ping")
    first.await_event("round-trip", 3, begun)
    call.talk(2.4).hang_up()
    for phone in first, second:
        phone.require_no_errors()
    witness.is_unharmed()
