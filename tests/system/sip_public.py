"""Edge and endpoints with a public address, over UDP, TCP and TLS, in and out.

Out: the target is a plain address, or what DNS says (NAPTR, SRV, A). The short parts at the
end are the mutation's: each needs certain pinholes, and fails without them."""
import time

from fosselab.lab import ADDRESS, CONTROL, EDGE, Failure
from fosselab.scenario import Scenario, silences

scenario = Scenario("sip-public")
INSIDE = (CONTROL, 5060)
EDGE_PORT = {"udp": (EDGE, 5060), "tcp": (EDGE, 5060), "tls": (EDGE, 5061)}
PUBLIC = ADDRESS["public"]


def inside_phone(stage, **options):
    phone = stage.phone("phone1", proxy=INSIDE, tone=440, **options)
    phone.register()
    return phone


def public_phone(stage, name, tone, **options):
    return stage.phone("public", name, domain="public.test", tone=tone, **options)


@scenario.part("out")
def out(stage):
    """By NAPTR to each transport, by SRV past a dead target, by address: all at once."""
    inside = inside_phone(stage)
    tls = stage.certificate
    targets = [("by-udp", "sip:by-udp@udp.public.test", 5064, None),
               ("by-tcp", "sip:by-tcp@tcp.public.test", 5066, None),
               ("by-tls", "sip:by-tls@tls.public.test", 5068, tls),
               ("by-srv", "sip:by-srv@srv.public.test", 5070, None),
               ("by-address", f"sip:by-address@{PUBLIC}:5072", 5072, None),
               ("by-address-tcp", f"sip:by-address-tcp@{PUBLIC}:5074;transport=tcp", 5074, None)]
    calls = []
    for at, (name, uri, port, certificate) in enumerate(targets):
        phone = public_phone(stage, name, 587 + 40 * at, sip_port=port, certificate=certificate)
        calls.append(stage.connect(inside, uri, phone, f"control > edge > {name}"))
        transport = calls[-1].callee.call.flow
        stage.require(name.split("-")[1] not in ("tcp", "tls")
                      or getattr(transport, "transport", "udp") == name.split("-")[1],
                      f"{name} was called over another transport")
    calls[-1].talk()
    for at, call in enumerate(calls):
        call.hang_up(by_callee=at % 2 == 1)


@scenario.part("in")
def inwards(stage):
    """An endpoint on the internet calls a phone inside, over each transport."""
    inside = inside_phone(stage)
    calls = []
    for at, transport in enumerate(EDGE_PORT):
        phone = public_phone(stage, f"from-{transport}", 587 + 40 * at, transport=transport,
                             proxy=EDGE_PORT[transport], sip_port=5070 + 10 * at,
                             certificate=stage.certificate)
        calls.append(stage.connect(phone, "sip:phone1@example.test", inside,
                                   f"{transport} > edge > control"))
    calls[-1].talk()
    for at, call in enumerate(calls):
        call.hang_up(by_callee=at % 2 == 1)


@scenario.part("real-phones")
def real_phones(stage):
    """Baresip inside and baresip on the internet, found by its A record; then over TCP."""
    inside = stage.baresip("phone1", proxy=INSIDE, tone=440)
    public = stage.baresip("public", tone=587)
    stage.connect(inside, "sip:public@host.public.test", public,
                  "control > edge > A record").talk().hang_up()
    stage.connect(inside, f"sip:public@{PUBLIC};transport=tcp", public,
                  "control > edge > tcp").talk().hang_up(by_callee=True)


@scenario.part("sipp")
def sipp(stage):
    """SIPp calls a real phone inside and streams RTP at it."""
    inside = stage.baresip("phone1", proxy=INSIDE, tone=440)
    for transport in "u1", "t1":
        begun = time.monotonic()
        stage.sipp("public", "sip:phone1@example.test", f"{EDGE}:5060", transport)
        inside.await_event("CALL_CLOSED", since=begun)
        stage.require(inside.hears(440, 2, 1.4), f"phone1 did not hear sipp's tone ({transport})")


@scenario.part("silence", seconds=25)
def silence(stage):
    inside = inside_phone(stage)
    public = public_phone(stage, "judge", 587, proxy=EDGE_PORT["tcp"], transport="tcp")
    silences(stage, public, "sip:phone1@example.test", inside, "tcp > edge > control")


# mutation


def heard(call, tone):
    """Whether CALL has heard TONE in the last two seconds."""
    now = time.monotonic()
    if not call.hears(tone, now - 2, now, 0.8):
        raise Failure(f"{call.phone.name} heard nothing")


@scenario.part("short-out-udp", mutates=True, kills=lambda row: row.from_zone == "private"
               or row.from_zone == "dmz" and row.protocol == "udp"
               and (53, 53) not in row.destination_ports)
def short_out_udp(stage):
    """The endpoint says nothing, so Edge's media must find the way by itself."""
    inside = inside_phone(stage)
    judge = public_phone(stage, "judge", 587)
    judge.speaks = False
    inside.call(f"sip:judge@{PUBLIC}:{judge.sip_port}", 4)
    call = judge.next_call(2)
    time.sleep(1.6)
    heard(call, 440)


@scenario.part("short-out-tcp", mutates=True, kills=lambda row: row.from_zone == "dmz"
               and (row.protocol == "tcp" or (53, 53) in row.destination_ports))
def short_out_tcp(stage):
    inside = inside_phone(stage)
    judge = public_phone(stage, "judge", 587, sip_port=5066)
    inside.call("sip:judge@tcp.public.test", 4)
    call = judge.next_call(2)
    time.sleep(1.6)
    heard(call, 440)


def short_in(stage, transport):
    """Inside says nothing, so what the endpoint sends is no answer to anything."""
    inside = inside_phone(stage)
    inside.speaks = False
    caller = public_phone(stage, "caller", 587, transport=transport, proxy=EDGE_PORT[transport])
    caller.call("sip:phone1@example.test", 4)
    call = inside.next_call(2)
    time.sleep(1.6)
    heard(call, 587)


@scenario.part("short-in-udp", mutates=True, kills=lambda row: row.from_zone == "internet"
               and row.protocol == "udp")
def short_in_udp(stage):
    short_in(stage, "udp")


@scenario.part("short-in-tcp", mutates=True, kills=lambda row: row.from_zone == "internet"
               and row.protocol == "tcp" and (5060, 5060) in row.destination_ports)
def short_in_tcp(stage):
    short_in(stage, "tcp")


@scenario.part("short-in-tls", mutates=True, kills=lambda row: row.from_zone == "internet"
               and row.protocol == "tcp" and (5061, 5061) in row.destination_ports)
def short_in_tls(stage):
    short_in(stage, "tls")
