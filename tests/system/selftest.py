"""The framework itself: it must hear, count, see strays and kill mutants before it may judge.

No node is needed: real phones call each other directly, and two toy relays stand for the
nodes in front of the real firewalls."""
import pathlib
import time

from fosselab import plan
from fosselab.audio import is_tone
from fosselab.lab import ADDRESS, CONTROL, EDGE, wait_for
from fosselab.phone import Media
from fosselab.scenario import Scenario

scenario = Scenario("selftest", with_nodes=False)
TOY = pathlib.Path(__file__).with_name("toynode.py")

PINHOLES = {
    "inside": [f"ip saddr {CONTROL} ip daddr {EDGE} udp sport {{ 36002-59999 }} udp dport "
               f'{{ 36000-36001 }} counter accept comment "toy private>dmz: {purpose}"'
               for purpose in ("RTP", "RTCP")],
    "outside": [f"ip saddr {EDGE} udp sport {{ 36002-59999 }} udp dport {{ 1024-65535 }} "
                'counter accept comment "toy dmz>internet: media"',
                f"ip daddr {EDGE} udp sport {{ 1024-65535 }} udp dport {{ 36002-59999 }} "
                'counter accept comment "toy internet>dmz: media"',
                f"ip saddr {EDGE} udp sport {{ 40000-50000 }} udp dport {{ 5000-6000 }} "
                'counter accept comment "part dmz>internet: of the first"'],
}


INSIDE = [plan.Row("toy", "inside", "private", "", "private", CONTROL, "udp",
                   ((1024, 65535),), ((36002, 59999),)),
          plan.Row("toy", "inside", "private", CONTROL, "private", "", "udp",
                   ((36002, 59999),), ((1024, 65535),))]


def raw_phone(stage, host, tone, remote):
    """RTP without signalling."""
    media = Media(stage.lab, host, 20000, tone)
    media.remote = remote
    return media


def toy(stage):
    """The media of phone1 and of the public endpoint, with both toy nodes between them."""
    pins = [plan.pinhole(f, line) for f, lines in PINHOLES.items() for line in lines]
    stage.load(pins)
    stage.rows = [p.row for p in pins] + INSIDE
    phone1, public = ADDRESS["phone1"], ADDRESS["public"]
    for host, *ends in (("edge", f"{EDGE}:36000", "-", f"{EDGE}:36002", f"{public}:20000"),
                        ("control", f"{CONTROL}:36004", f"{phone1}:20000", f"{CONTROL}:36006",
                         f"{EDGE}:36000")):
        stage.lab.start(host, "/usr/bin/python3", TOY, *ends)
        stage.lab.await_listener(host, "udp", ends[2].split(":")[1])
    return (raw_phone(stage, "phone1", 440, (CONTROL, 36004)),
            raw_phone(stage, "public", 587, (EDGE, 36002)))


def hears(media, tone, seconds, least):
    now = time.monotonic()
    return is_tone(tone, media.heard(now - seconds, now), least)


@scenario.part("phones")
def phones(stage):
    """Real phones hear each other and nothing else, and every packet is counted."""
    first = stage.baresip("phone1", tone=440)
    second = stage.baresip("phone2", tone=587)
    judge = stage.phone("phone2", "judge", tone=740)
    address = ADDRESS["phone2"]
    stage.connect(first, f"sip:phone2@{address}", second, "direct").talk().hang_up()
    stage.require(not second.hears(740, 2, 0.3), "phone2 heard a tone that nobody played")
    call = stage.connect(first, f"sip:judge@{address}:5062", judge, "direct").talk(2.2)
    first.hold()
    wait_for("hold", lambda: call.callee.call.held_by_far)
    first.hold(False)
    wait_for("resume", lambda: not call.callee.call.held_by_far)
    call.talk(2.2).hang_up(by_callee=True)
    stage.require(not call.callee.hears(587), "the judge heard a tone that nobody played")


@scenario.part("endpoints")
def endpoints(stage):
    """H.323 endpoints hear each other, and the capture finds the packets of both."""
    first = stage.endpoint("phone1", tone=440)
    second = stage.endpoint("phone2", tone=587)
    call = stage.connect(first, f"{ADDRESS['phone2']} phone2", second, "direct").talk()
    call.hang_up(by_callee=True)
    stage.require(not call.callee.hears(587), "phone2 heard a tone that nobody played")


@scenario.part("audit")
def audit(stage):
    """A packet outside the plan is found by the audit, and by the firewall as well."""
    inside, public = toy(stage)
    inside.start()
    public.start()
    time.sleep(2.2)
    stage.require(hears(public, 440, 2, 1.4) and hears(inside, 587, 2, 1.4), "no audio")
    inside.running = public.running = False
    time.sleep(0.1)
    stage.require(not stage.lab.drops(), "the firewalls dropped what the plan allows")
    stage.require(not stage.audit(), "the audit found strays where there are none")
    for port, target in (36001, (EDGE, 36002)), (53, (ADDRESS["phone1"], 53)):
        with stage.lab.socket("control") as stranger:
            stranger.bind((CONTROL, port))
            stranger.sendto(b"stray", target)
    stray = wait_for("strays", lambda: len(stage.audit()) == 2 and stage.audit())
    drops = stage.lab.drops()
    stage.require([(d["sport"], d["dport"]) for d in drops] == [(36001, 36002)],
                  f"the firewall should have dropped one packet: {drops}")
    stage.expected = {"stray": len(stray), "drops": len(drops)}


@scenario.part("loss")
def loss(stage):
    """A firewall that loses every tenth packet is noticed by the count of RTP."""
    inside, public = toy(stage)
    stage.lab.run("outside", "nft", "insert rule ip lab forward udp dport 20000 "
                  "numgen inc mod 10 0 drop", check=True)
    began = time.time()
    inside.start()
    public.start()
    time.sleep(1.5)
    inside.running = public.running = False
    packets, during = stage.capture.so_far(), (began, time.time())
    outwards = stage.share(packets, during, ("phone1", {20000}), ("public", {20000}))
    inwards = stage.share(packets, during, ("public", {20000}), ("phone1", {20000}))
    stage.require(0.85 < outwards < 0.95 and inwards > 0.98,
                  f"received {outwards} of the packets out, {inwards} of those in")


@scenario.part("inside-first", kills=lambda row: row.from_zone != "internet", mutates=True)
def inside_first(stage):
    """Inside speaks first: the way out must be open."""
    inside, public = toy(stage)
    inside.start()
    time.sleep(0.3)
    public.start()
    time.sleep(2.2)
    stage.require(hears(public, 440, 2, 1.4), "public did not hear inside")


@scenario.part("public-first", kills=lambda row: row.from_zone == "internet", mutates=True)
def public_first(stage):
    """Inside is silent: what the public endpoint sends is no answer to anything."""
    inside, public = toy(stage)
    inside.sending = False
    inside.start()
    public.start()
    time.sleep(2.5)
    stage.require(hears(inside, 587, 2, 1.4), "inside did not hear public")
