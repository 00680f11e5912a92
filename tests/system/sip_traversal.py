"""Calls through both firewalls: inside to outside and outside to inside, over the traversal zone.

Control opens everything: signalling from 25000-29999 to 7001, media to 36000 and 36001."""
from fosselab.lab import ADDRESS, CONTROL, EDGE, Failure
from fosselab.scenario import Scenario, silences

scenario = Scenario("sip-traversal")
INSIDE = (CONTROL, 5060)
OUTSIDE = (EDGE, 5060)
PUBLIC = ADDRESS["public"]


def both_ways(stage, link):
    """A real phone inside and a real phone on the internet call each other."""
    inside = stage.baresip("phone1", proxy=INSIDE, tone=440)
    public = stage.baresip("public", tone=587)
    stage.connect(inside, f"sip:public@{PUBLIC}", public,
                  f"udp > control > {link} 7001 > edge > udp").talk().hang_up()
    caller = stage.phone("public", "caller", domain="public.test", proxy=OUTSIDE, tone=740)
    stage.connect(caller, "sip:phone1@example.test", inside,
                  f"udp > edge > {link} 7001 > control > udp").talk().hang_up(by_callee=True)


@scenario.part("tls", transport="tls")
def tls(stage):
    both_ways(stage, "tls")


@scenario.part("tcp", transport="tcp")
def tcp(stage):
    both_ways(stage, "tcp")


@scenario.part("release", transport="tls", kind="release")
def release(stage):
    """The release build, under the filters that its processes run with."""
    both_ways(stage, "tls")


def silent_sides(stage):
    inside = stage.phone("phone1", proxy=INSIDE, tone=440)
    inside.register()
    public = stage.phone("public", "judge", domain="public.test", proxy=OUTSIDE, tone=587)
    silences(stage, inside, f"sip:judge@{PUBLIC}:{public.sip_port}", public, "control > edge")
    silences(stage, public, "sip:phone1@example.test", inside, "edge > control")


@scenario.part("silence", seconds=25)
def silence(stage):
    silent_sides(stage)


@scenario.part("silence-20s", seconds=80, udp_timeout=20, keepalive="10s")
def silence_20s(stage):
    """At the document's own patience, and the default keep-alive."""
    inside = stage.phone("phone1", proxy=INSIDE, tone=440)
    inside.register()
    public = stage.phone("public", "judge", domain="public.test", proxy=OUTSIDE, tone=587)
    silences(stage, inside, f"sip:judge@{PUBLIC}:{public.sip_port}", public, "control > edge")


@scenario.part("refused", seconds=5)
def refused(stage):
    """Nobody on the internet may call the internet through Edge."""
    judge = stage.phone("public", "judge", sip_port=5064, domain="public.test")
    caller = stage.phone("public", "caller", domain="public.test", proxy=OUTSIDE)
    try:
        caller.call(f"sip:judge@{PUBLIC}:5064")
    except Failure as refusal:
        stage.require("SIP/2.0 4" in str(refusal) or "SIP/2.0 6" in str(refusal),
                      f"not a refusal: {refusal}")
    else:
        stage.require(False, "a call from the internet to the internet was relayed")
    stage.require(judge.incoming.empty(), "the refused call rang")
