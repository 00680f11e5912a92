#!/usr/bin/python3
"""The H.323 endpoint of the scenarios calls itself on the loopback: selftest.py PROGRAM [PORT].

Each case has two endpoints with two addresses of its own, and all cases run at once."""
import contextlib
import os
import pathlib
import socket
import sys
import threading
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
from fosselab.h323 import Endpoint, EndpointEnd, ToyGatekeeper  # noqa: E402
from fosselab.lab import Failure, wait_for  # noqa: E402

CASES = []
PORT = int((sys.argv + [10000 + os.getpid() % 40000])[2])  # two runs at once do not meet
TALK = 1.2


def case(function):
    CASES.append(function)
    return function


def require(condition, sentence):
    if not condition:
        raise Failure(sentence)


class Pair:
    """alice (440 Hz) and bob (587 Hz); options of both, or of one as alice={..}."""

    def __init__(self, number, alice=None, bob=None, **both):
        self.a = Endpoint(None, None, "alice", address=f"127.0.23.{2 * number + 1}", program=sys.argv[1],
                          call_port=PORT, **both | (alice or {}))
        self.b = Endpoint(None, None, "bob", address=f"127.0.23.{2 * number + 2}", program=sys.argv[1],
                          call_port=PORT, tone=587, **both | (bob or {}))
        self.target = f"{self.b.address}:{PORT} bob"

    def call(self):
        ends = [EndpointEnd(self.a, self.a.call(self.target)),
                EndpointEnd(self.b, self.b.next_call())]
        for phone in self.a, self.b:
            phone.await_event("media", channel="audio")
        return ends

    def talk(self):
        """A whole call, heard at both of its ends from begin to end."""
        ends = self.call()
        time.sleep(TALK)
        self.a.hang_up()
        wait_for("end at bob", ends[1].is_over)
        for end, tone in zip(ends, (587, 440)):
            require(end.hears(tone, 0.8, 0.5), f"{end.phone.name} does not hear {tone} Hz: "
                    f"{end.phone.report()}")
            report = end.phone.report()
            require(report["lost"] == report["strange"] == 0 and report["rtcp"] > 0, str(report))
        return self

    def tunnels(self, expected):
        for phone in self.a, self.b:
            require(phone.seen("connected")["tunnel"] == expected,
                    f"{phone.name}: {phone.seen('connected')}")
            require(bool(phone.seen("h245")) != expected, f"{phone.name}: H.245 took another way")

    def close(self):
        for phone in self.a, self.b:
            code = phone.close()
            require(code == 0, f"{phone.name} ended with {code}: {''.join(phone.errors)[-800:]}")
            phone.require_no_errors()


@case
def tunnelled_call_is_heard_both_ways(n):
    pair = Pair(n).talk()
    pair.tunnels(True)
    require(pair.b.seen("incoming")["from"] == "alice" and pair.b.seen("incoming")["called"] == "bob",
            str(pair.b.seen("incoming")))
    require(pair.b.seen("released")["cause"] == 16, str(pair.b.seen("released")))
    statuses = {p.seen("determined")["status"] for p in (pair.a, pair.b)}
    require(statuses == {"master", "slave"}, str(statuses))
    pair.close()


@case
def separate_h245_is_heard_both_ways(n):
    pair = Pair(n, h245="separate").talk()
    pair.tunnels(False)
    pair.close()


@case
def one_side_that_does_not_tunnel_decides(n):
    pair = Pair(n, alice={"h245": "separate"}).talk()
    pair.tunnels(False)
    pair.close()


@case
def separate_h245_begins_after_the_connect(n):
    pair = Pair(n, h245="late").talk()
    pair.tunnels(False)
    pair.close()


@case
def tunnel_is_left_in_a_call(n):
    pair = Pair(n)
    pair.call()
    pair.a.command("start-h245")
    pair.a.await_event("h245")
    for phone in pair.a, pair.b:
        phone.command("ping")
        phone.await_event("round-trip")
    pair.b.command("digits 4#")
    pair.a.await_event("digits", digits="#")
    pair.a.command("h245 {'command':{'miscellaneousCommand':{'logicalChannelNumber':101,"
                   "'type':{'videoFastUpdatePicture':null}}}}")
    pair.b.await_event("h245-message", name="miscellaneousCommand")
    pair.a.hang_up()
    pair.close()


@case
def fast_start_opens_channels_with_the_connect(n):
    pair = Pair(n, fast_start=True).talk()
    for phone in pair.a, pair.b:
        require(phone.seen("connected")["fast_start"], f"{phone.name}: no fast start")
        require(len(phone.all("channel-open")) == 2, f"{phone.name}: {phone.all('channel-open')}")
    pair.close()


@case
def one_law_of_g711_is_enough(n):
    for options in {}, {"fast_start": True}:
        pair = Pair(n, bob={"codec": "pcmu"}, **options).talk()
        for phone in pair.a, pair.b:
            types = {e["payload_type"] for e in phone.all("channel-open")}
            require(types == {0}, f"{phone.name}: {types}")
        pair.close()


@case
def fast_start_that_is_refused_leaves_h245(n):
    pair = Pair(n, alice={"fast_start": True}).talk()
    require(not pair.a.seen("connected")["fast_start"], "fast start with one who does not do it")
    pair.close()


@case
def video_and_a_second_video_arrive_whole(n):
    pair = Pair(n, video=True)
    pair.call()
    pair.a.await_event("media", channel="video")
    pair.a.command("present on")
    pair.b.await_event("media", channel="content")
    require(pair.a.seen("token")["granted"] and pair.b.seen("presents")["who"] == "far", "no token")
    time.sleep(0.5)
    pair.a.command("present off")
    pair.b.await_event("channel-closed", channel="content", direction="receive")
    pair.a.hang_up()
    for channel in "video", "content":
        report = pair.b.report(channel=channel)
        require(report["received"] > 5 and report["lost"] == report["strange"] == 0, str(report))
    pair.close()


@case
def busy_and_refusal_say_why(n):
    for options, cause, reason in (({"calls": 0}, 17, "inConf"),
                                   ({"refuse": "destinationRejection"}, 21, "destinationRejection")):
        pair = Pair(n, bob=options)
        try:
            pair.a.call(pair.target)
        except Failure:
            released = pair.a.seen("released")
        else:
            raise Failure("a call that is refused was connected")
        require(released["cause"] == cause and released["reason"] == reason, str(released))
        pair.close()


@case
def nobody_there_is_an_end_without_call(n):
    pair = Pair(n)
    pair.b.close()
    try:
        pair.a.call(pair.target)
    except Failure:
        require(pair.a.seen("released")["by"] == "network", str(pair.a.seen("released")))
    else:
        raise Failure("a call to nobody was connected")
    pair.a.close()


@case
def held_and_resumed_stops_and_begins_again(n):
    pair = Pair(n)
    ends = pair.call()
    pair.a.hold()
    held = pair.b.await_event("held")["t"]
    pair.b.await_event("channel-closed", direction="send")
    time.sleep(0.5)
    pair.a.hold(False)
    resumed = pair.b.await_event("resumed")["t"]
    pair.b.await_event("channel-open", since=resumed, direction="send")
    time.sleep(0.6)
    pair.a.hang_up()
    require(ends[0].call.hears(587, resumed, resumed + 0.6, 0.3), "not heard when resumed")
    require(not ends[0].call.hears(587, held + 0.2, resumed, 0.2), "heard while held")
    pair.close()


@case
def silence_is_silence(n):
    pair = Pair(n)
    pair.call()
    time.sleep(0.3)
    pair.b.silence()
    time.sleep(0.2)
    before = pair.a.stats()
    time.sleep(1.2)
    after = pair.a.stats()
    require(after["received"] == before["received"] and after["rtcp"] == before["rtcp"],
            f"{before} {after}")
    pair.b.silence(False)
    wait_for("sound", lambda: pair.a.stats()["received"] > after["received"])
    pair.a.hang_up()
    pair.close()


class Gatekeeper:
    """A toy gatekeeper, and the options of an endpoint that registers with it."""

    def __init__(self, number, **options):
        address = f"127.0.24.{number + 1}:{PORT}"
        self.toy = ToyGatekeeper(address, sys.argv[1], **options)
        self.options = {"gatekeeper": address, "ras_port": PORT}

    def got(self, kind):
        return len(self.toy.all("got", kind=kind))

    def close(self):
        self.toy.close()


@case
def gatekeeper_is_asked_for_everything(n):
    gatekeeper = Gatekeeper(n, password="secret", ttl=1)
    pair = Pair(n, password="secret", e164="4711", **gatekeeper.options)
    pair.target = "bob"
    pair.talk()
    for phone in pair.a, pair.b:
        phone.await_event("disengaged", answer="disengageConfirm")
        phone.await_event("renewed")
    require(gatekeeper.got("infoRequestResponse") >= 2, "no reports of the call")
    for kind, count in (("gatekeeperRequest", 2), ("admissionRequest", 2), ("disengageRequest", 2)):
        require(gatekeeper.got(kind) == count, f"{kind}: {gatekeeper.got(kind)}")
    try:
        pair.a.call("nobody")
    except Failure:
        require(pair.a.seen("released")["reason"] == "calledPartyNotRegistered", "another reason")
    gatekeeper.toy.command("forget")
    pair.a.await_event("unregistered", reason="fullRegistrationRequired")
    wait_for("registered again", lambda: len(pair.a.all("registered")) == 2)
    gatekeeper.toy.command("urq alice")
    pair.a.await_event("unregistered", reason="reregistrationRequired")
    wait_for("registered again", lambda: len(pair.a.all("registered")) == 3)
    pair.close()
    require(gatekeeper.got("unregistrationRequest") == 2, "nobody signed off")
    gatekeeper.close()


@case
def wrong_password_is_told(n):
    gatekeeper = Gatekeeper(n, password="secret")
    phone = Endpoint(None, None, "alice", address=f"127.0.23.{2 * n + 1}", program=sys.argv[1],
                     call_port=PORT, registers=False, password="guessed", **gatekeeper.options)
    phone.await_event("register-failed", reason="securityDenial")
    phone.close()
    gatekeeper.close()


@case
def gatekeeper_ends_a_call(n):
    gatekeeper = Gatekeeper(n)
    pair = Pair(n, **gatekeeper.options)
    pair.target = "bob"
    pair.call()
    gatekeeper.toy.command("drq bob", pair.b.seen("connected")["guid"], 1)
    for phone in pair.a, pair.b:
        phone.await_event("released")
    pair.close()
    gatekeeper.close()


class Server:
    """The other end of H.460.18: pairs the connection that was asked for with a caller's."""

    def __init__(self, address):
        self.listener = socket.create_server((address, PORT))
        self.address = f"{address}:{PORT}"

    @staticmethod
    def _frame(connection):
        head = connection.recv(4, socket.MSG_WAITALL)
        return connection.recv(int.from_bytes(head[2:], "big") - 4, socket.MSG_WAITALL)

    def pair(self, gatekeeper, alias):
        caller, _ = self.listener.accept()
        guid = os.urandom(16)
        gatekeeper.toy.command("sci", alias, self.address, guid.hex())
        called, _ = self.listener.accept()
        facility = self._frame(called)
        require(facility[4] == 0x62 and guid in facility, f"no Facility: {facility.hex()}")
        for source, target in (caller, called), (called, caller):
            threading.Thread(target=self._copy, args=(source, target), daemon=True).start()

    @staticmethod
    def _copy(source, target):
        with contextlib.suppress(OSError):  # whichever side goes first
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@case
def call_is_fetched_through_a_firewall(n):
    gatekeeper = Gatekeeper(n)
    server = Server(f"127.0.25.{n + 1}")
    pair = Pair(n, bob=gatekeeper.options | {"h46018": True})
    pair.target = f"{server.address} bob"
    threading.Thread(target=server.pair, args=(gatekeeper, "bob"), daemon=True).start()
    pair.talk()
    require(pair.b.seen("fetch"), "nothing was fetched")
    pair.close()
    gatekeeper.close()


@case
def multiplexed_media_carry_numbers(n):
    pair = Pair(n, mux=True, video=True).talk()
    for phone in pair.a, pair.b:
        require(phone.seen("traversal")["mux"], f"{phone.name}: no number")
        ports = {e["port"] for e in phone.all("channel-open")}
        require(len(ports) == 1, f"{phone.name} uses several ports: {ports}")
    pair.close()


@case
def load_of_calls_comes_through_a_relay(n):
    addresses = [f"127.0.26.{n * 4 + i}" for i in range(3)]
    relay = Endpoint(None, None, "relay", address=f"{addresses[2]}:{PORT}", program=sys.argv[1],
                     role="relay", to=f"{addresses[1]}:{PORT}")
    load = Endpoint(None, None, "load", address=addresses[0], program=sys.argv[1], role="load",
                    callee=addresses[1], to=f"{addresses[2]}:{PORT}", call_port=PORT, calls=300,
                    hold=1, media=1)
    figures = load.await_event("figures", 20)
    require(figures["calls"] == 300 and figures["failed"] == 0 and figures["held_max"] >= 200,
            str(figures))
    load.process.wait(5)
    relay.process.kill()
    load.close()
    relay.close()


def run(number, function, results):
    try:
        function(number)
        results[number] = ""
    except Exception:  # whatever it was, the verdict must say so
        results[number] = traceback.format_exc()


def main():
    results = [""] * len(CASES)
    threads = [threading.Thread(target=run, args=(n, f, results)) for n, f in enumerate(CASES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"1..{len(CASES)}")
    for number, (function, result) in enumerate(zip(CASES, results), 1):
        for line in result.splitlines():
            print("#", line)
        print(f"{'not ok' if result else 'ok'} {number} - {function.__name__}")
    return any(results)


if __name__ == "__main__":
    sys.exit(main())
