"""An endpoint behind a home NAT that knows no SIP registers at Edge, calls and is called.

Signalling goes back over the endpoint's own flow; media goes to the port it comes from."""
from fosselab.lab import CONTROL, EDGE
from fosselab.scenario import Scenario, silences

scenario = Scenario("sip-nat")
TALK = 6  # seconds: who is behind a NAT is heard from its fourth packet on, and hears from then on
INSIDE = (CONTROL, 5060)
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
