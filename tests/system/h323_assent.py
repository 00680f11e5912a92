"""H.323 calls through both firewalls by our own profile: an endpoint inside, registered on Control, and one on
the Internet with an address of its own.

Control opens everything: RAS from 1719 to 6001, signalling from 15000-19999 to 2776, media to 36000 and 36001."""
import functools

from fosselab.lab import ADDRESS, CONTROL, EDGE, wait_for
from fosselab.scenario import Scenario, silences

ON = "h323: {enabled: true}\n"
scenario = Scenario("h323-assent", settings={"control": ON, "edge": ON})
PUBLIC = ADDRESS["public"]


def await_h323(stage):
    """Waits until both nodes say that the zone's RAS works."""
    for node in stage.control, stage.edge:
        wait_for(f"H.323 of {node.role}", lambda n=node: any(
            z.get("h323", {}).get("state") == "up" for z in n.status().get("zones", [])), 10)


def pair(stage, first, second):
    await_h323(stage)
    inside = stage.endpoint("phone1", tone=440, gatekeeper=CONTROL, password="secret", **first)
    return inside, stage.endpoint("public", tone=587, **second)


def outwards(stage, inside, public, path):
    return stage.connect(inside, f"public@{PUBLIC}", public, path)


def inwards(stage, public, inside, path):
    """The one on the Internet knows Edge's address and a name."""
    dial = functools.partial(public.call, command="dial")
    return stage.connect(public, f"{EDGE} {inside.name}", inside, path, place=dial)


def both_ways(stage, path, first, second):
    inside, public = pair(stage, first, second)
    outwards(stage, inside, public, f"out: {path}").talk().hang_up()
    inwards(stage, public, inside, f"in: {path}").talk().hang_up(by_callee=True)
    for phone in inside, public:
        phone.require_no_errors()


@scenario.part("tunnel")
def tunnel(stage):
    both_ways(stage, "tunnel > control > edge > tunnel", {}, {})


@scenario.part("separate")
def separate(stage):
    both_ways(stage, "separate > control > edge > separate", {"h245": "separate"},
              {"h245": "separate"})


@scenario.part("fast")
def fast(stage):
    both_ways(stage, "fast start", {"fast_start": True}, {"fast_start": True})


@scenario.part("silence", seconds=25)
def silence(stage):
    inside, public = pair(stage, {}, {})
    silences(stage, inside, f"public@{PUBLIC}", public, "control > edge")


@scenario.part("successor")
def successor(stage):
    """Edge's signalling dies; who comes after it calls inwards at once, before Control has said a word."""
    inside, public = pair(stage, {}, {})
    outwards(stage, inside, public, "before").talk().hang_up()
    gone = stage.edge.kill_9("sig")
    wait_for("a successor", lambda: stage.edge.processes().get("sig") not in (None, gone), 5)
    inwards(stage, public, inside, "after").talk().hang_up()
