"""A relay of UDP packets that stands for a node where only the framework is under test.

toynode.py NEAR NEAR_PEER FAR FAR_PEER: what NEAR_PEER sends to NEAR leaves from FAR to
FAR_PEER, and back; each is ADDRESS:PORT. A peer `-` is learned from the first packet. A far
peer is told each half second that the way is open, as Control does for Edge."""
import select
import socket
import sys
import time


def endpoint(word):
    address, _, port = word.partition(":")
    return None if word == "-" else (address, int(port))


near, far = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
near.bind(endpoint(sys.argv[1]))
far.bind(endpoint(sys.argv[3]))
near_peer, far_peer = endpoint(sys.argv[2]), endpoint(sys.argv[4])
is_opener = near_peer is not None
next_keepalive = 0.0
while True:
    if is_opener and time.monotonic() > next_keepalive:
        far.sendto(b"k", far_peer)
        next_keepalive = time.monotonic() + 0.5
    for ready in select.select([near, far], [], [], 0.1)[0]:
        data, source = ready.recvfrom(2048)
        if ready is near:
            near_peer = near_peer or source
        if data == b"k":
            continue
        if ready is near:
            far.sendto(data, far_peer)
        elif near_peer:
            near.sendto(data, near_peer)
