"""A process of Control is killed several times in mid-call; nobody at an H.323 endpoint may notice.

Two calls are up: one tunnels H.245, the other one has a connection for it. Media loses nothing that a
socket can hold. Afterwards H.245 still goes from end to end, either end ends its call properly, new
calls work, and nobody had to register again."""
import json
import time

from crossing_kill import is_in_hand
from fosselab import capture
from fosselab.lab import CONTROL, wait_for
from fosselab.scenario import Scenario

scenario = Scenario("h323-kill", settings={"control": "h323: {enabled: true}\n"})
KILLS = 6
PAUSE = 2.6  # seconds between two kills: a node that loses a process five times in ten starts it later
NORMAL = 16  # Q.850: normal call clearing
HOSTS = (("phone1", 440), ("phone2", 587), ("manager", 740), ("dns", 880))


def endpoints(stage):
    """A pair that tunnels and one that does not, each endpoint on a host of its own."""
    return [stage.endpoint(host, f"phone{n + 1}", tone=tone, gatekeeper=CONTROL, password="secret",
                           h245="tunnel" if n < 2 else "separate")
            for n, (host, tone) in enumerate(HOSTS)]


def calls_of(stage, phones, when):
    return [stage.connect(a, b.name, b, f"{how}, {when}")
            for a, b, how in ((*phones[:2], "tunnel"), (*phones[2:], "separate"))]


def kill_often(stage, name):
    for _ in range(KILLS):
        begun = time.monotonic()
        killed = stage.control.kill_9(name)
        wait_for(f"successor of {name}",
                 lambda: stage.control.processes().get(name) not in (None, 0, killed), 5)
        time.sleep(max(0, begun + PAUSE - time.monotonic()))


def lost_between(packets, sender, receiver, began, ended):
    """The sequence numbers that SENDER sent between two times and RECEIVER never got."""
    sent = capture.rtp_packets(packets, sender.host, True, sender.ports, began, ended)
    got = capture.rtp_packets(packets, receiver.host, False, receiver.ports, began, ended + 1)
    return len(sent), sorted(int.from_bytes(number, "big") for number, _ in sent - got)


def media_lost(stage, calls, began):
    """Of each way of each call; nothing may have been sent from a time on that came nowhere."""
    ended = time.time()
    packets = stage.capture.so_far()
    lost = {}
    for call in calls:
        a, b = call.caller.phone, call.callee.phone
        for sender, receiver in (a, b), (b, a):
            way = f"{sender.name} to {receiver.name}"
            sent, lost[way] = lost_between(packets, sender, receiver, began, ended)
            stage.require(sent > KILLS * PAUSE * 40, f"{way}: only {sent} packets were sent")
    return lost


def h245_goes_through(call):
    """Both ways a round trip, and a hold with its end."""
    for end, far in (call.caller, call.callee), (call.callee, call.caller):
        begun = time.monotonic()
        end.phone.command("ping")
        end.phone.await_event("round-trip", 3, begun)
        end.phone.hold()
        far.phone.await_event("held", 3, begun)
        end.phone.hold(False)
        far.phone.await_event("resumed", 3, begun)
        end.phone.await_event("channel-open", 3, begun)


def released(end):
    return end.phone.seen("released", end.call.began, call=end.call.id)


def end_properly(stage, calls):
    """The first by its caller, the second by its callee."""
    for at, call in enumerate(calls):
        call.talk(2.4).hang_up(by_callee=at > 0)
        far = released(call.caller if at else call.callee)
        stage.require(far["cause"] == NORMAL and far["by"] == "far end", f"{call.path}: {far}")


def nothing_left(stage):
    def calls():
        return json.loads(stage.control.fosse("calls", "--json"))["calls"]
    wait_for("end of all calls on control", lambda: not calls(), 3)
    stage.require(not stage.control.status()["alarms"],
                  f"alarms: {stage.control.status()['alarms']}")


def nobody_registered_again(stage, phones, since):
    known = json.loads(stage.control.fosse("registrations", "--json"))["registrations"]
    names = {r["aor"] for r in known}
    stage.require(names == {p.name for p in phones}, f"registered are {names}")
    again = [(p.name, e) for p in phones for event in ("registered", "unregistered", "renewed")
             for e in p.all(event, since)]
    stage.require(not again, f"registered again: {again}")


def killed(stage, name):
    phones = endpoints(stage)
    calls = calls_of(stage, phones, f"{name} killed")
    calls[-1].talk(2.4)
    begun, began = time.monotonic(), time.time()
    kill_often(stage, name)
    lost = media_lost(stage, calls, began)
    stage.notes["lost"] = {way: len(numbers) for way, numbers in lost.items()}
    stage.control.await_ready()
    for call in calls:
        h245_goes_through(call)
    end_properly(stage, calls)
    end_properly(stage, calls_of(stage, phones, f"after {name} was killed"))
    nothing_left(stage)
    nobody_registered_again(stage, phones, begun)
    for phone in phones:
        phone.require_no_errors()
    stage.require(not any(lost.values()) or (name == "media" and is_in_hand(lost.values())),
                  f"media was lost: {lost}")


def declare(name):
    @scenario.part(name, seconds=40)
    def part(stage):
        killed(stage, name)


for process in "sig", "media":
    declare(process)
