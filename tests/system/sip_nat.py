"""An endpoint behind a home NAT that knows no SIP registers at Edge, calls and is called.

Signalling goes back over the endpoint's own flow; media goes to the port it comes from."""
import select
import time

from fosselab import audio, capture
from fosselab.lab import CONTROL, EDGE, wait_for
from fosselab.scenario import Scenario, silences

scenario = Scenario("sip-nat")
TALK = 6  # seconds: who is behind a NAT is heard from its fourth packet on, and hears from then on
INSIDE = (CONTROL, 5060)
NAT = "203.0.113.30"  # of the home
EDGE_PORT = {"udp": (EDGE, 5060), "tcp": (EDGE, 5060), "tls": (EDGE, 5061)}


def real_phones(stage, transport):
    inside = stage.baresip("phone1", proxy=INSIDE, tone=440)
    remote = stage.baresip("remote1", transport=transport, proxy=EDGE_PORT[transport], tone=587)
    stage.connect(remote, "sip:phone1@example.test", inside,
                  f"nat > {transport} > edge > control").talk(TALK).hang_up()
    stage.connect(inside, "sip:remote1@example.test", remote,
                  f"control > edge > {transport} > nat").talk(TALK).hang_up(by_callee=True)


@scenario.part("udp")
def udp(stage):
    real_phones(stage, "udp")


@scenario.part("tcp")
def tcp(stage):
    real_phones(stage, "tcp")


@scenario.part("tls")
def tls(stage):
    real_phones(stage, "tls")


@scenario.part("neighbours")
def neighbours(stage):
    """Two phones of the same home call each other through Edge."""
    first = stage.phone("remote1", proxy=EDGE_PORT["udp"], tone=440)
    second = stage.phone("remote2", proxy=EDGE_PORT["tls"], transport="tls", tone=587)
    first.register()
    second.register()
    stage.connect(first, "sip:remote2@example.test", second,
                  "nat > edge > nat").talk(TALK).hang_up(by_callee=True)


@scenario.part("silence", seconds=25)
def silence(stage):
    inside = stage.phone("phone1", proxy=INSIDE, tone=440)
    remote = stage.phone("remote1", proxy=EDGE_PORT["udp"], tone=587)
    inside.register()
    remote.register()
    silences(stage, inside, "sip:remote1@example.test", remote, "control > edge > nat")


@scenario.part("srtp", seconds=25)
def srtp(stage):
    """SRTP whose keys are in the SDP. A neighbour forges the phone's packets, from its very
    address, while it says nothing for longer than a source of plain RTP keeps its place. The
    process that had checked its tags is killed before."""
    mandatory = ";mediaenc=srtp-mand"
    inside = stage.baresip("phone1", proxy=INSIDE, tone=440, parameters=mandatory)
    remote = stage.baresip("remote1", proxy=EDGE_PORT["udp"], tone=587, parameters=mandatory)
    call = stage.connect(remote, "sip:phone1@example.test", inside, "nat > srtp > edge > control")
    call.talk(3)
    stage.require('"proof": "srtp"' in stage.edge.fosse("calls", "--json").replace('":"', '": "'),
                  "the phone behind the NAT was not proved by its tags")
    last = [p for p in stage.capture.so_far()
            if p.protocol == capture.UDP and p.switch == "internet" and p.source == NAT
            and p.dport >= 36002 and p.payload[:1] == b"\x80" and not p.payload[1] & 0x40][-1]
    stage.lab.run("remote1", "nft", "add table inet quiet;"
                  "add chain inet quiet out { type filter hook output priority 0; };"
                  "add rule inet quiet out udp sport 11000-11099 drop", check=True)
    killed = stage.edge.kill_9("media")  # its successor has the keys, or lets the forger in
    wait_for("the successor", lambda: stage.edge.processes().get("media") not in
             (None, 0, killed))
    with stage.lab.socket("remote2") as forger:
        forger.bind(("", 20000))
        first = int.from_bytes(last.payload[2:4], "big") + 200
        for n in range(150):
            header = last.payload[:2] + (first + n & 0xFFFF).to_bytes(2, "big")
            forger.sendto(header + last.payload[4:12] + audio.tone(1000, n * 160) + bytes(10),
                          (EDGE, last.dport))
            time.sleep(0.02)
        got = select.select([forger], [], [], 0)[0]
    stage.lab.run("remote1", "nft", "delete table inet quiet", check=True)
    stage.require(not got, "the forger was sent media")
    seen = stage.edge.status()["counters"]["media"]["media.srtp_refused"]
    stage.require(seen >= 150, f"of 150 forged packets {seen} were refused")
    call.talk(3).hang_up()
    stage.connect(inside, "sip:remote1@example.test", remote,
                  "control > srtp > edge > nat").talk(TALK).hang_up(by_callee=True)
