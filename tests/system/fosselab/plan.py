"""Rows of the port plan, as the nodes print them: the packets they allow and the pinholes they are.

A row allows every packet from its source ports at its source's address to its destination
ports at its destination's address. `any` and a zone without an address stand for every
address of the zone."""
import dataclasses
import ipaddress
import re

from .lab import ADDRESS, Failure

OFF = {"off", "not enabled", "not_enabled", "disabled"}
PRIVATE = ipaddress.ip_network("192.0.2.0/24")
DMZ = ipaddress.ip_network("198.51.100.0/24")


def zone_of(address):
    address = ipaddress.ip_address(address)
    return "private" if address in PRIVATE else "dmz" if address in DMZ else "internet"


def parse_ports(value):
    """((low, high), ...) of 7001, "7001", "25000-29999", "389,636" or a list of such."""
    if isinstance(value, (list, tuple)):
        return tuple(r for v in value for r in parse_ports(v))
    ranges = []
    for word in str(value).split(","):
        low, _, high = word.strip().partition("-")
        ranges.append((int(low), int(high or low)))
    return tuple(sorted(ranges))


def in_ports(port, ranges):
    return any(low <= port <= high for low, high in ranges)


def covers(wide, narrow):
    return all(any(a <= low and high <= b for a, b in wide) for low, high in narrow)


@dataclasses.dataclass(frozen=True)
class Row:
    table: str
    purpose: str
    from_zone: str
    from_host: str  # "" = any address of the zone
    to_zone: str
    to_host: str
    protocol: str  # tcp or udp
    source_ports: tuple
    destination_ports: tuple

    @property
    def packets(self):
        """What the row opens, whatever it is called."""
        return (self.from_zone, self.from_host, self.to_zone, self.to_host, self.protocol,
                self.source_ports, self.destination_ports)

    def __str__(self):
        def ports(ranges):
            return ",".join(f"{a}-{b}" if a != b else str(a) for a, b in ranges)
        return (f"{self.table}: {self.from_host or self.from_zone} -> "
                f"{self.to_host or self.to_zone} {self.protocol} {ports(self.source_ports)} -> "
                f"{ports(self.destination_ports)}")

    def matches(self, protocol, source, sport, target, dport):
        return (protocol == self.protocol
                and (source == self.from_host if self.from_host
                     else zone_of(source) == self.from_zone)
                and (target == self.to_host if self.to_host else zone_of(target) == self.to_zone)
                and in_ports(sport, self.source_ports) and in_ports(dport, self.destination_ports))

    def opens_all_of(self, other):
        """Whether every packet that OTHER opens passes through this row as well."""
        return ((self.from_zone, self.to_zone, self.protocol)
                == (other.from_zone, other.to_zone, other.protocol)
                and self.from_host in ("", other.from_host)
                and self.to_host in ("", other.to_host)
                and covers(self.source_ports, other.source_ports)
                and covers(self.destination_ports, other.destination_ports))


def _address(host, zone):
    """The address of a row's end: a role or an address; "" for any, and for what the node
    knows by its kind only, as a server or an endpoint of the zone."""
    if host in ("control", "edge"):
        return ADDRESS[host]
    try:
        address = str(ipaddress.ip_address(host or ""))
    except ValueError:
        return ""
    return address if zone_of(address) == zone else ""


def from_json(objects):
    """The enabled rows of `fosse ports --format json`."""
    return [Row(o["table"], o["purpose"],
                o["from_zone"], _address(o.get("from_host"), o["from_zone"]),
                o["to_zone"], _address(o.get("to_host"), o["to_zone"]),
                "tcp" if o["protocol"] == "tls" else o["protocol"],
                parse_ports(o["source_ports"]), parse_ports(o["destination_ports"]))
            for o in objects if o.get("state") not in OFF]


RULE = re.compile(
    r'^(?:ip saddr (?P<saddr>[0-9.]+) )?(?:ip daddr (?P<daddr>[0-9.]+) )?'
    r'(?P<protocol>tcp|udp) sport \{? ?(?P<sport>[0-9, -]+?) ?\}? '
    r'(?P=protocol) dport \{? ?(?P<dport>[0-9, -]+?) ?\}? (?:counter )?accept '
    r'comment "(?P<table>[^ "]+) (?P<from>[a-z]+)>(?P<to>[a-z]+): (?P<purpose>[^"]*)"$')


@dataclasses.dataclass(frozen=True)
class Pinhole:
    """One line of `fosse ports --format nft --rules-only`, and the row it was made of."""
    firewall: str
    line: str
    row: Row


def pinhole(firewall, line):
    found = RULE.match(line)
    if not found:
        raise Failure(f"not the rule of a row: {line}")
    return Pinhole(firewall, line, Row(
        found["table"], found["purpose"], found["from"], found["saddr"] or "",
        found["to"], found["daddr"] or "", found["protocol"],
        parse_ports(found["sport"]), parse_ports(found["dport"])))


def pinholes(firewall, text):
    """The pinholes of what a node printed for FIREWALL. IPv6 has no wire in the lab."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [pinhole(firewall, line) for line in lines
            if line and not line.startswith(("#", "ip6 "))]


def union(*lists):
    """All pinholes, each line once."""
    return list(dict.fromkeys(p for pins in lists for p in pins))


def groups(pins):
    """(groups, exempt): pinholes that open the same packets are one group, to be mutated at
    once; a group whose packets another group opens as well cannot be missed, so it is exempt."""
    same = {}
    for pin in pins:
        same.setdefault((pin.firewall, pin.row.packets), []).append(pin)
    kept, exempt = [], []
    for group in same.values():
        others = (g[0] for g in same.values() if g is not group)
        row = group[0].row
        if any(o.firewall == group[0].firewall and o.row.opens_all_of(row) for o in others):
            exempt.append(group)
        else:
            kept.append(group)
    return kept, exempt


def load(lab, pins):
    """Makes PINS the only pinholes of both firewalls."""
    for firewall in "inside", "outside":
        lab.rules(firewall, [p.line for p in pins if p.firewall == firewall])
