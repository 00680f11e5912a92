#!/usr/bin/python3
"""demo.py [--keep]: four calls of real phones through both nodes and both firewalls.

One line at the end for each row of the port plan's SIP tables: who called whom, by which
path, whether each heard the other, and what the firewalls dropped of our nodes' packets."""
import subprocess
import sys
import time

from fosselab.lab import ADDRESS, CONTROL, EDGE, LAB_SH, Failure
from fosselab.scenario import SHARE, Stage

NAME = "demo"
BEGUN = time.monotonic()


def say(sentence):
    print(f"[{time.monotonic() - BEGUN:5.1f} s] {sentence}", flush=True)


def phones(stage):
    say("phones register: phone1 (UDP) and phone2 (TLS) on Control, remote1 behind a NAT on Edge")
    public = stage.baresip("public", domain="public.test", transport="tcp", proxy=(EDGE, 5060),
                           registers=False, tone=740)
    return {"phone1": stage.baresip("phone1", proxy=(CONTROL, 5060), tone=440),
            "phone2": stage.baresip("phone2", transport="tls", proxy=(CONTROL, 5061), tone=587),
            "remote1": stage.baresip("remote1", transport="tls", proxy=(EDGE, 5061), tone=880),
            "public": public}


def calls(stage):
    at = phones(stage)
    rows = (
        ("sip-internal", "phone1", "sip:phone2@example.test", "phone2",
         "udp > Control > tls"),
        ("sip-traversal", "phone1", f"sip:public@{ADDRESS['public']}:5060", "public",
         "udp > Control > inside firewall, tls 7001 > Edge > outside firewall, udp"),
        ("sip-public", "public", "sip:phone2@example.test", "phone2",
         "tcp > outside firewall > Edge > inside firewall, tls 7001 > Control > tls"),
        ("sip-nat", "remote1", "sip:phone1@example.test", "phone1",
         "tls > NAT > outside firewall > Edge > inside firewall, tls 7001 > Control > udp"),
    )
    for row, caller, uri, callee, path in rows:
        say(f"{row}: {caller} calls {uri}")
        call = stage.connect(at[caller], uri, at[callee], path)
        say(f"{row}: connected, both play a tone for four seconds")
        call.talk(4.2).hang_up(by_callee=row == "sip-traversal")
        call.report["row"] = row


def line(call, drops):
    def way(audio, share):
        return f"{100 * share:.1f} %" if audio else "NOT HEARD"
    return (f"{call['row']:13} {call['from']} -> {call['to']}: "
            f"heard there {way(call['audio_ab'], call['received_ab'])}, "
            f"back {way(call['audio_ba'], call['received_ba'])} of RTP; "
            f"dropped {drops}; by {call['path']}")


def look_around(stage):
    lab = f"LAB={NAME} {LAB_SH}"
    fosse = "build/release/src/proc/fosse"
    print("\nIt is still running. Look around:")
    for node in stage.control, stage.edge:
        print(f"  {lab} exec {node.role} {fosse} --root {node.root} status")
    print(f"  {lab} exec {stage.edge.role} {fosse} --root {stage.edge.root} ports")
    print(f"  {lab} drops                       what the firewalls dropped")
    print(f"  {lab} exec inside nft list ruleset")
    print(f"  ls {stage.lab.directory}          configurations, logs, recordings, the capture")
    print(f"End it with: {lab} down")


def main():
    keep = "--keep" in sys.argv[1:]
    subprocess.run([LAB_SH, "down"], env={"LAB": NAME, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
                   check=True)  # one that was kept before
    stage = Stage(NAME, kind="release", udp_timeout=20, keepalive="10s", lab=NAME)
    error = None
    try:
        say("two firewalls, a NAT, switches and hosts; Control and Edge are paired and start")
        stage.open()
        say(f"both nodes are ready; the firewalls have {len(stage.pins)} pinholes, all from "
            "`fosse ports`")
        calls(stage)
    except Failure as failure:
        error = str(failure)
    verdict = stage.close(leave_running=keep)
    drops = sum(d["packets"] for d in verdict["drops"])
    print()
    for call in verdict["calls"]:
        print(line(call, drops))
    is_ok = (error is None and drops == 0 and not verdict["stray"] and not verdict["faults"]
             and all(c["audio_ab"] and c["audio_ba"]
                     and min(c["received_ab"], c["received_ba"]) >= SHARE
                     for c in verdict["calls"]))
    for problem in ([error] if error else []) + verdict["stray"] + verdict["faults"]:
        print(f"PROBLEM: {problem}")
    if keep:
        look_around(stage)
    else:
        stage.down(keep_files=not is_ok)
        if not is_ok:
            print(f"files: {stage.lab.directory}")
    return 0 if is_ok else 1


if __name__ == "__main__":
    sys.exit(main())
