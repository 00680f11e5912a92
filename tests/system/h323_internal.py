"""H.323 endpoints registered on Control call each other; Control routes the call and anchors the media.

No firewall is in the way: what counts is that Control's packets come from the listed ports."""
from fosselab.lab import CONTROL
from fosselab.scenario import Scenario, silences

scenario = Scenario("h323-internal", settings={"control": "h323: {enabled: true}\n"})


def endpoint(stage, host, tone, **options):
    return stage.endpoint(host, tone=tone, gatekeeper=CONTROL, password="secret", **options)


def pair(stage, first, second):
    """One endpoint on each inside host, with options of its own."""
    return endpoint(stage, "phone1", 440, **first), endpoint(stage, "phone2", 587, **second)


def both_ways(stage, path, first, second):
    a, b = pair(stage, first, second)
    stage.connect(a, b.name, b, path).talk().hang_up()
    stage.connect(b, a.name, a, path).talk().hang_up(by_callee=True)
    for phone in a, b:
        phone.require_no_errors()


@scenario.part("tunnel")
def tunnel(stage):
    both_ways(stage, "tunnel > control > tunnel", {}, {})


@scenario.part("separate")
def separate(stage):
    both_ways(stage, "separate > control > separate", {"h245": "separate"}, {"h245": "separate"})


@scenario.part("converted")
def converted(stage):
    """One leg tunnels H.245, the other one has a connection for it, that begins now or later."""
    both_ways(stage, "tunnel > control > separate", {}, {"h245": "separate"})


@scenario.part("late")
def late(stage):
    both_ways(stage, "tunnel > control > late", {}, {"h245": "late"})


@scenario.part("fast")
def fast(stage):
    both_ways(stage, "fast start", {"fast_start": True}, {"fast_start": True})


@scenario.part("video")
def video(stage):
    """A video, and a second one of H.239, arrive whole."""
    a, b = pair(stage, {"video": True}, {"video": True})
    call = stage.connect(a, b.name, b, "video")
    for phone in a, b:
        phone.await_event("media", channel="video")
    a.command("present on")
    b.await_event("media", channel="content")
    call.talk().hang_up()
    for channel in "video", "content":
        report = b.report(channel=channel)
        stage.require(report["received"] > 50 and report["strange"] == 0 and report["lost"] < 2,
                      f"{channel}: {report}")


@scenario.part("silence", seconds=12)
def silence(stage):
    a, b = pair(stage, {}, {})
    silences(stage, a, b.name, b, "tunnel > control > tunnel")
