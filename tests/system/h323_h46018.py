"""The calls of h323-assent by H.460.18 and H.460.19 alone: call signalling to 1720, media behind multiplexIDs."""
from fosselab.lab import wait_for
from fosselab.scenario import Scenario, silences
from h323_assent import ON, PUBLIC, both_ways, pair

ZONE = "    h323: {protocol: h46018}\n    authentication: trusted\n"
scenario = Scenario("h323-h46018", settings={"control": ON, "edge": ON}, zone=ZONE)


@scenario.part("tunnel")
def tunnel(stage):
    """Edge takes keep-alives behind its ids; our own media tokens are not in it."""
    both_ways(stage, "tunnel > control > edge > tunnel", {}, {})
    counters = wait_for("counters of Edge's media", lambda: (
        lambda c: c if c.get("media.keepalives") else None)(
            stage.edge.status()["counters"].get("media", {})), 8)
    stage.require(counters["media.tokens"] == 0, f"tokens: {counters}")


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
