"""Mutation of pinholes: each one is deleted, and some short call must miss it.

Rows in: what the short parts ("variants") loaded. Groups: rows that open the same packets. A
group whose packets another row opens as well is exempt, by computation. For every other group
a variant runs without it. The group counts as killed if that run fails, or a firewall counts a
drop from our nodes on the group's own ports, while the same run with every row passes."""
import dataclasses

from . import plan

PROTOCOL = {6: "tcp", 17: "udp"}


@dataclasses.dataclass
class Outcome:
    killed: list
    survived: list
    exempt: list
    broken: list  # variants that fail with every row in place

    @property
    def is_complete(self):
        return not self.survived and not self.broken and bool(self.killed)

    def summary(self):
        total = len(self.killed) + len(self.survived)
        share = 100 * len(self.killed) // total if total else 0
        return (f"mutation killed/total = {len(self.killed)}/{total} = {share} % "
                f"({len(self.exempt)} exempt: another row opens their packets)")


def dropped_on(row, flow):
    """Whether FLOW, dropped by a firewall, is one that ROW would have let through."""
    protocol = PROTOCOL.get(flow["protocol"])
    return protocol is not None and row.matches(protocol, flow["from"], flow["sport"],
                                                flow["to"], flow["dport"])


def mutate(variants, run_all):
    """Runs VARIANTS, each a part with `kills`; RUN_ALL([(part, lines gone)]) -> verdicts.

    A variant whose `kills` names the row is tried first, the others if it did not kill."""
    baselines = dict(zip([v.name for v in variants], run_all([(v, ()) for v in variants])))
    broken = [v.name for v in variants if baselines[v.name]["verdict"] != "pass"]
    sound = [v for v in variants if v.name not in broken]
    pins = plan.union(*([plan.pinhole(f, line) for f, line in verdict.get("pinholes", [])]
                        for verdict in baselines.values()))
    groups, exempt = plan.groups(pins)
    outcome = Outcome([], [], exempt, broken)
    waiting = [(g, sorted(sound, key=lambda v: not v.kills(g[0].row))) for g in groups]
    while waiting:
        outcome.survived += [g for g, left in waiting if not left]
        waiting = [(g, left) for g, left in waiting if left]
        jobs = [(left[0], tuple(p.line for p in g)) for g, left in waiting]
        still = []
        for (group, left), verdict in zip(waiting, run_all(jobs)):
            seen = any(dropped_on(group[0].row, flow) for flow in verdict["drops"])
            if seen or verdict["verdict"] != "pass":
                outcome.killed.append((group, left[0].name))
            else:
                still.append((group, left[1:]))
        waiting = still
    return outcome
