"""The lab of lab/lab.sh as an object: namespaces, firewalls, processes and sockets in them."""
import contextlib
import ctypes
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
LAB_SH = REPOSITORY / "lab" / "lab.sh"
PEERS = REPOSITORY / "lab" / "peers"
CONTROL, EDGE = "192.0.2.10", "198.51.100.10"
ADDRESS = {
    "manager": "192.0.2.5", "control": CONTROL, "phone1": "192.0.2.21", "phone2": "192.0.2.22",
    "dns": "192.0.2.53", "edge": EDGE, "public": "203.0.113.20", "publicdns": "203.0.113.53",
    "remote1": "203.0.113.131", "remote2": "203.0.113.132",
}
ZONE = {
    "manager": "private", "control": "private", "phone1": "private", "phone2": "private",
    "dns": "private", "edge": "dmz", "public": "internet", "publicdns": "internet",
    "remote1": "remote", "remote2": "remote",
}
CLONE_NEWNET = 0x40000000


class Failure(Exception):
    """What a scenario expected did not happen."""


def wait_for(what, condition, seconds=5.0, step=0.02):
    """The first true value of CONDITION(); a Failure that names WHAT after SECONDS."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure(f"no {what} within {seconds:g} s")
        time.sleep(step)


class Lab:
    """Up when entered, and gone, with all that ran in it, when left."""

    def __init__(self, name, udp_timeout=20):
        self.name, self.udp_timeout = name, udp_timeout
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix=f"fosse-{name}-"))
        self.environment = dict(os.environ, LAB=name, UDP_TIMEOUT=str(udp_timeout))
        self.processes = []

    def __enter__(self):
        self.command("up")
        return self

    def __exit__(self, *_):
        self.down()

    def command(self, *words, **options):
        return subprocess.run([LAB_SH, *map(str, words)], env=self.environment, check=True,
                              text=True, stdout=subprocess.PIPE, **options).stdout

    def down(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(2)
        self.command("down")
        for process in self.processes:
            process.wait()

    def inside(self, host, *words):
        """The words that run a command on HOST, its resolver included."""
        return ["ip", "netns", "exec", f"{self.name}-{host}", *map(str, words)]

    def run(self, host, *words, **options):
        return subprocess.run(self.inside(host, *words), text=True, capture_output=True,
                              **options)

    def start(self, host, *words, log=None, **options):
        """A process on HOST that ends with the lab; its output goes to LOG in the lab's folder."""
        out = open(self.directory / (log or f"{host}.log"), "ab")
        process = subprocess.Popen(self.inside(host, *words), stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=subprocess.STDOUT,
                                   start_new_session=True, **options)
        out.close()
        self.processes.append(process)
        return process

    def stop(self, process, with_signal=signal.SIGTERM):
        process.send_signal(with_signal)
        process.wait()
        self.processes.remove(process)

    def socket(self, host, kind=socket.SOCK_DGRAM):
        """A socket of this process that lives on HOST: it stays where it was made."""
        libc = ctypes.CDLL(None, use_errno=True)
        mine = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        theirs = os.open(f"/run/netns/{self.name}-{host}", os.O_RDONLY)
        try:
            if libc.setns(theirs, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), f"cannot enter {host}")
            try:
                return socket.socket(socket.AF_INET, kind)
            finally:
                libc.setns(mine, CLONE_NEWNET)
        finally:
            os.close(mine)
            os.close(theirs)

    def listens(self, host, protocol, port):
        return bool(self.run(host, "ss", f"-Hln{protocol[0]}", f"sport = :{port}").stdout.strip())

    def await_listener(self, host, protocol, port, seconds=5.0):
        wait_for(f"listener on {host} {protocol} {port}",
                 lambda: self.listens(host, protocol, port), seconds)

    def rules(self, firewall, lines):
        """Makes LINES, bodies of nft rules, the only pinholes of FIREWALL."""
        path = self.directory / f"{firewall}.rules"
        path.write_text("".join(line + "\n" for line in lines))
        self.command("rules", firewall, path)

    def forget_answers(self):
        """Makes the firewalls forget which answers they wait for, as after a long silence."""
        for firewall in "inside", "outside":
            self.run(firewall, "nft", "flush", "set", "ip", "lab", "sent")

    def drops(self, own_only=True):
        """What the firewalls dropped, a dict a flow; by default only what our nodes had sent."""
        flows = []
        for entry in json.loads(self.command("drops")):
            for flow in entry["flows"]:
                flows.append(dict(flow, firewall=entry["firewall"]))
        return [f for f in flows if not own_only or f["from"] in (CONTROL, EDGE)]

    def dns(self):
        """Starts the name servers: private hosts ask dns, Edge and the internet publicdns."""
        for host in "dns", "publicdns":
            self.start(host, "dnsmasq", "-k", "-C", PEERS / "dns" / "dnsmasq.conf",
                       log=f"{host}.log")
        for host in "dns", "publicdns":
            self.await_listener(host, "udp", 53)
