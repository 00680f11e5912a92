"""What the lab's switches saw, and the audit of our nodes' packets against the plan.

dumpcap writes pcapng; only the blocks and headers that matter are read here, because a
general decoder would take longer over a capture than the calls that made it."""
import collections
import dataclasses
import os
import signal
import socket
import struct
import time

from .lab import ADDRESS, CONTROL, EDGE, ZONE, wait_for

SWITCHES = ("private", "dmz", "internet", "remote")
HOME = {CONTROL: "private", EDGE: "dmz"}  # the switch on which a node's own packets appear
TCP, UDP, ICMP = 6, 17, 1
NAME = {TCP: "tcp", UDP: "udp"}


@dataclasses.dataclass(slots=True)
class Packet:
    time: float
    switch: str
    protocol: int
    source: str
    sport: int
    target: str
    dport: int
    flags: int  # TCP
    payload: bytes  # UDP, cut at the capture's length
    length: int  # of the payload as sent


class Capture:
    """A capture of all switches, from start() to stop()."""

    def __init__(self, lab, name="wire"):
        self.lab, self.path = lab, lab.directory / f"{name}.pcapng"
        self.process = None

    def start(self):
        interfaces = [word for switch in SWITCHES for word in ("-i", switch)]
        self.process = self.lab.start("wire", "dumpcap", "-q", "-s", 96, "-B", 8, *interfaces,
                                      "-w", self.path, log="dumpcap.log")
        # it has opened all interfaces once it has written the file's first blocks
        wait_for("capture", lambda: self.path.exists() and os.path.getsize(self.path) > 0)
        return self

    def stop(self):
        time.sleep(0.5)
        self.lab.stop(self.process, signal.SIGINT)
        return ordered(self.path)


    def so_far(self):
        """The packets up to now: dumpcap hands on what it has within half a second."""
        time.sleep(0.7)
        return ordered(self.path)


def ordered(path):
    """All packets in the order of time: each switch is captured by a thread of its own."""
    return sorted(read(path), key=lambda packet: packet.time)


def read(path):
    """The IPv4 TCP, UDP and ICMP packets of a pcapng file."""
    with open(path, "rb") as file:
        data = file.read()
    interfaces, at = [], 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if length < 12 or at + length > len(data):
            break
        if kind == 1:  # interface description
            interfaces.append(_interface(data, at + 16, at + length - 4))
        elif kind == 6:  # enhanced packet
            interface, high, low, captured, sent = struct.unpack_from("<IIIII", data, at + 8)
            frame = data[at + 28:at + 28 + captured]
            name, units = interfaces[interface]
            packet = _packet(frame, name, (high << 32 | low) / units, sent)
            if packet:
                yield packet
        at += length


def _interface(data, at, end):
    """(name, units of time in a second) of an interface description's options."""
    name, units = "?", 10 ** 6
    while at + 4 <= end:
        option, length = struct.unpack_from("<HH", data, at)
        if option == 0:
            break
        if option == 2:
            name = data[at + 4:at + 4 + length].decode()
        elif option == 9 and not data[at + 4] & 0x80:
            units = 10 ** data[at + 4]
        at += 4 + (length + 3 & ~3)
    return name, units


def _packet(frame, switch, time, sent):
    if len(frame) < 42 or frame[12:14] != b"\x08\x00":
        return None
    protocol, ip_header = frame[23], 14 + (frame[14] & 15) * 4
    if protocol not in (TCP, UDP, ICMP) or struct.unpack_from(">H", frame, 20)[0] & 0x1FFF:
        return None
    source, target = (socket.inet_ntoa(frame[at:at + 4]) for at in (26, 30))
    sport = dport = flags = 0
    payload = b""
    if protocol != ICMP:
        sport, dport = struct.unpack_from(">HH", frame, ip_header)
    if protocol == TCP:
        flags = frame[ip_header + 13]
    elif protocol == UDP:
        payload = frame[ip_header + 8:]
    return Packet(time, switch, protocol, source, sport, target, dport, flags, payload,
                  sent - ip_header - 8)


def audit(packets, rows, udp_timeout):
    """The packets of our nodes that no row of the plan allows: [{from, to, ... count}].

    A packet is allowed in the direction of a row, or as an answer to what came in the
    direction of a row before: to a TCP connection that began with a SYN, to a UDP packet
    at most UDP_TIMEOUT seconds ago. First packets towards our nodes are held to the rows too."""
    stray = collections.Counter()
    forward, last_sent = {}, {}
    for p in packets:
        source_ours, target_ours = HOME.get(p.source) == p.switch, HOME.get(p.target) == p.switch
        if not (source_ours or target_ours) or p.protocol == ICMP:
            continue
        key = (p.protocol, p.source, p.sport, p.target, p.dport)
        if key not in forward:
            forward[key] = any(r.matches(NAME[p.protocol], *key[1:]) for r in rows)
        back = (p.protocol, p.target, p.dport, p.source, p.sport)
        opens = p.protocol == UDP or p.flags & 0x12 == 0x02
        if forward[key] and (opens or key in last_sent):
            last_sent[key] = p.time
            continue
        if back in last_sent and (target_ours or p.protocol == TCP
                                  or p.time <= last_sent[back] + udp_timeout + 0.05):
            continue
        if source_ours or opens:
            stray[key] += 1
    return [{"protocol": NAME[k[0]], "from": f"{k[1]}:{k[2]}", "to": f"{k[3]}:{k[4]}",
             "packets": n} for k, n in stray.items()]


def rtp_packets(packets, host, sent, ports, began, ended):
    """The RTP packets that HOST sent (or was sent) between two times, as its own switch saw them:
    {(sequence number, timestamp and SSRC)}, which no relay changes."""
    address, switch, found = ADDRESS[host], ZONE[host], set()
    for p in packets:
        if not began <= p.time <= ended:
            continue
        if p.protocol != UDP or p.switch != switch or p.length < 12 + 1:
            continue
        end, port = (p.source, p.sport) if sent else (p.target, p.dport)
        if end != address or port not in ports:
            continue
        # RTP, not RTCP (RFC 5761 section 4), not STUN (RFC 7983)
        if p.payload[0] & 0xC0 == 0x80 and not 64 <= p.payload[1] & 0x7F <= 95:
            found.add((p.payload[2:4], p.payload[4:12]))
    return found
