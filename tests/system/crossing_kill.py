"""Each process of both nodes is killed ten times in mid-call; nobody on the phone may notice.

Media loses nothing that a socket can hold (what was lost is printed), and afterwards every call,
one over UDP and one over TLS, can be put on hold, taken back and ended."""
import time

from fosselab.lab import ADDRESS, CONTROL, EDGE, wait_for
from fosselab.scenario import Scenario

scenario = Scenario("crossing-kill")
PUBLIC = ADDRESS["public"]
KILLS = 10
IN_HAND = 4  # packets, of all kills of fosse-media together, that it had taken and not yet sent
PAUSE = 1.3  # seconds between two kills: a node that loses a process five times in ten starts it later


def calls_of(stage):
    """One call out of the private network over UDP and one into it over TLS."""
    first = stage.phone("phone1", proxy=(CONTROL, 5060), tone=440)
    second = stage.phone("phone2", proxy=(CONTROL, 5061), transport="tls", tone=587)
    first.register()
    second.register()
    public = stage.phone("public", "judge", domain="public.test", tone=740)
    caller = stage.phone("public", "caller", domain="public.test", transport="tls",
                         proxy=(EDGE, 5061), sip_port=5080, certificate=stage.certificate,
                         tone=880)
    return [stage.connect(first, f"sip:judge@{PUBLIC}:{public.sip_port}", public, "udp, out"),
            stage.connect(caller, "sip:phone2@example.test", second, "tls, in")]


def kill_often(stage, name):
    for at in range(2 * KILLS):
        begun = time.monotonic()
        node = (stage.edge, stage.control)[at % 2]
        killed = node.kill_9(name)
        wait_for(f"successor of {name} on {node.role}",
                 lambda: node.processes().get(name) not in (None, 0, killed), 5)
        time.sleep(max(0, begun + PAUSE - time.monotonic()))


def hold_and_end(call):
    for end, far in (call.caller, call.callee), (call.callee, call.caller):
        end.call.hold()
        wait_for("hold", lambda: far.call.held_by_far, 3)
        end.call.hold(False)
        wait_for("resume", lambda: not far.call.held_by_far, 3)
    call.talk(2.2).hang_up()


def is_in_hand(lost):
    """Whether LOST, lists of sequence numbers, can be what the dying processes had in hand.

    Such a process has at most one packet of a stream, and seldom; a socket lost by a restart
    would show as several in a row."""
    has_rows = any(b == (a + 1) % 65536 for row in lost for a, b in zip(row, row[1:]))
    return not has_rows and sum(map(len, lost)) <= IN_HAND


def killed(stage, name):
    calls = calls_of(stage)
    calls[-1].talk(2.2)
    begun = time.monotonic()  # from here on both calls are established
    kill_often(stage, name)
    lost = {}
    for call in calls:
        for a, b in (call.caller, call.callee), (call.callee, call.caller):
            lost[f"{a.phone.name} to {b.phone.name}"] = a.call.media.lost_on_the_way_to(
                b.call.media, begun)
    stage.notes["lost"] = {way: len(numbers) for way, numbers in lost.items()}
    for node in stage.edge, stage.control:
        node.await_ready()
    for call in calls:
        hold_and_end(call)
    stage.require(not any(lost.values()) or (name == "media" and is_in_hand(lost.values())),
                  f"media was lost: {lost}")


def declare(name):
    @scenario.part(name, seconds=30)
    def part(stage):
        killed(stage, name)


for process in "media", "sig", "tls", "keeper":
    declare(process)
