"""Edge and H.323 endpoints that are registered nowhere, in and out; the other end is inside, behind Control.

Out: the target is a plain address, or what DNS says (SRV, A). In: the endpoint knows Edge's address and a
name."""
import functools
import time

from fosselab.lab import ADDRESS, CONTROL, EDGE
from fosselab.scenario import Scenario, silences
from h323_assent import ON, await_h323

scenario = Scenario("h323-public", settings={"control": ON, "edge": ON})
PUBLIC = ADDRESS["public"]


def pair(stage, first=None, second=None):
    """One endpoint inside, registered on Control, and one on the Internet, registered nowhere."""
    await_h323(stage)
    inside = stage.endpoint("phone1", tone=440, gatekeeper=CONTROL, password="secret", calls=8,
                            **first or {})
    return inside, stage.endpoint("public", tone=587, calls=8, **second or {})


def inwards(stage, public, inside, path):
    dial = functools.partial(public.call, command="dial")
    return stage.connect(public, f"{EDGE} {inside.name}", inside, path, place=dial)


def both_ways(stage, path, first=None, second=None):
    inside, public = pair(stage, first, second)
    calls = [stage.connect(inside, "public@h323.public.test", public, f"out: {path}"),
             inwards(stage, public, inside, f"in: {path}")]
    calls[-1].talk()
    calls[0].hang_up()
    calls[1].hang_up(by_callee=True)
    for phone in inside, public:
        phone.require_no_errors()


@scenario.part("out")
def out(stage):
    """By SRV, by SRV past a dead target, by A, by address with an alias or a user: all at once."""
    inside, public = pair(stage)
    calls = [stage.connect(inside, target, public, f"control > edge > {how}") for target, how in (
        ("public@h323.public.test", "SRV"), ("public@h323dead.public.test", "the second target"),
        ("public@host.public.test", "A"), ("public@host.public.test:1720", "A and a port"),
        (f"public@{PUBLIC}", "address"), (f"public##{PUBLIC}", "alias at an address"))]
    calls[-1].talk()
    for at, call in enumerate(calls):
        call.hang_up(by_callee=at % 2 == 1)
    for phone in inside, public:
        phone.require_no_errors()


@scenario.part("tunnel")
def tunnel(stage):
    both_ways(stage, "tunnel > control > edge > tunnel")


@scenario.part("separate")
def separate(stage):
    """H.245 on connections of its own, to the endpoint."""
    both_ways(stage, "tunnel > control > edge > separate", {}, {"h245": "separate"})


@scenario.part("late")
def late(stage):
    """The endpoint leaves the tunnel when the call is up, and gets a connection."""
    both_ways(stage, "tunnel > control > edge > late", {}, {"h245": "late"})


@scenario.part("fast")
def fast(stage):
    both_ways(stage, "fast start", {"fast_start": True}, {"fast_start": True})


@scenario.part("refused")
def refused(stage):
    """Nobody on the Internet is led back to the Internet, by name, by address or by another's address."""
    inside, public = pair(stage)
    for alias in "public@h323.public.test", f"public@{PUBLIC}", f"public##{PUBLIC}":
        begun = time.monotonic()
        public.command("dial", EDGE, alias)
        public.await_event("released", 5, begun)
        stage.require(not public.all("incoming", begun), f"{alias} came back")
    stage.require(not inside.all("connected"), "a call came in")
    inwards(stage, public, inside, "after that").talk().hang_up()


@scenario.part("silence", seconds=25)
def silence(stage):
    inside, public = pair(stage)
    silences(stage, inside, "public@h323.public.test", public, "control > edge > public")
