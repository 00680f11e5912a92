"""Phones registered on Control over UDP, TCP and TLS call each other; Control anchors the media.

No firewall is in the way: what counts is that Control's packets come from the listed ports."""
from fosselab.lab import CONTROL
from fosselab.scenario import Scenario, silences

scenario = Scenario("sip-internal")
PROXY = {"udp": (CONTROL, 5060), "tcp": (CONTROL, 5060), "tls": (CONTROL, 5061)}


def real_phones(stage, transport):
    """Two baresips call each other, once in each direction."""
    first = stage.baresip("phone1", transport=transport, proxy=PROXY[transport], tone=440)
    second = stage.baresip("phone2", transport=transport, proxy=PROXY[transport], tone=587)
    path = f"{transport} > control > {transport}"
    stage.connect(first, "sip:phone2@example.test", second, path).talk().hang_up()
    stage.connect(second, "sip:phone1@example.test", first, path).talk().hang_up(by_callee=True)


@scenario.part("udp")
def udp(stage):
    real_phones(stage, "udp")


@scenario.part("tcp")
def tcp(stage):
    real_phones(stage, "tcp")


@scenario.part("tls")
def tls(stage):
    real_phones(stage, "tls")


@scenario.part("mixed")
def mixed(stage):
    """Every transport calls every other one, all at the same time."""
    callers, callees = {}, {}
    for at, transport in enumerate(PROXY):
        options = {"transport": transport, "proxy": PROXY[transport], "sip_port": 5070 + 10 * at}
        callers[transport] = stage.phone("phone1", f"phone{3 + at}", tone=440 + 20 * at, **options)
        callees[transport] = stage.phone("phone2", f"phone{6 + at}", tone=700 + 20 * at, **options)
    for phone in [*callers.values(), *callees.values()]:
        phone.register()
    calls = [stage.connect(a, f"sip:{b.name}@example.test", b, f"{ta} > control > {tb}")
             for ta, a in callers.items() for tb, b in callees.items()]
    calls[-1].talk()
    for at, call in enumerate(calls):
        call.hang_up(by_callee=at % 2 == 1)


@scenario.part("silence")
def silence(stage):
    a = stage.phone("phone1", tone=440, proxy=PROXY["udp"])
    b = stage.phone("phone2", tone=587, proxy=PROXY["tcp"], transport="tcp")
    a.register()
    b.register()
    silences(stage, a, "sip:phone2@example.test", b, "udp > control > tcp")
