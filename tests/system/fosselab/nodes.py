"""Control and Edge: their configuration, pairing, start, status and sudden death."""
import hashlib
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess

from . import plan
from .lab import ADDRESS, CONTROL, EDGE, REPOSITORY, Failure, wait_for

USERS = (*(f"phone{n}" for n in range(1, 9)), "remote1", "remote2")
PASSWORD = "secret"
DOMAIN = "example.test"
ZONE_KEY = "etc/fosse/keys/zone.pem"
SANITIZER = re.compile(r"ERROR: \w+Sanitizer|runtime error:|SUMMARY: \w+Sanitizer|Assertion")


def build_directory(kind):
    """Where this kind of build is: build/debug, build/release, or what FOSSE_BUILD says."""
    return pathlib.Path(os.environ.get("FOSSE_BUILD", REPOSITORY / "build" / kind))


def executable(kind, name):
    build = build_directory(kind)
    for folder in "src/proc", "src", ".":
        path = build / folder / name
        if path.is_file():
            return path
    raise Failure(f"no {name} in {build}: run ./run build first")


def users():
    return "\n".join(f"  - {{name: {u}, password: {PASSWORD}}}" for u in USERS)


def control_config(options):
    return f"""version: 1
node: {{role: control, name: control.{DOMAIN}, addresses: {{inside: {CONTROL}}}}}
sip: {{udp: true, tcp: true, tls: true, registrar: true, domains: [{DOMAIN}]}}
zones:
  - name: to-edge
    type: traversal-client
    pairing: edge
    peers: [{EDGE}]
    sip: {{enabled: true, port: 7001, transport: {options['transport']}}}
    probe: {{udp_keepalive: {options['keepalive']}}}
{options['zone']}subzones:
  - {{name: default, registration: allow, authentication: check}}
dial_plan:
  search_rules:
    - {{priority: 50, name: LocalZoneMatch, source: any, mode: any-alias,
       progress: continue, target: local}}
    - {{priority: 100, name: everything else, source: [local], mode: any-alias,
       progress: stop, target: to-edge}}
users:
{users()}
dns: {{servers: [{ADDRESS['dns']}]}}
address_policy: {{documentation: allow}}
"""


def edge_config(options):
    return f"""version: 1
node:
  role: edge
  name: edge.{DOMAIN}
  addresses: {{inside: {EDGE}, outside: {EDGE}}}
sip: {{udp: true, tcp: true, tls: true, registrar: true, domains: [{DOMAIN}]}}
zones:
  - name: from-control
    type: traversal-server
    pairing: control
    sip: {{enabled: true, port: 7001, transport: {options['transport']}}}
    probe: {{udp_keepalive: {options['keepalive']}}}
{options['zone']}  - {{name: internet, type: dns}}
subzones:
  - {{name: default, registration: allow, authentication: check}}
dial_plan:
  unknown_ip: direct
  search_rules:
    - {{priority: 50, name: LocalZoneMatch, source: any, mode: any-alias,
       progress: continue, target: local}}
    - {{priority: 90, name: our domain, source: any, type: regex, pattern: '.+@example\\.test',
       progress: stop, target: from-control}}
    - {{priority: 91, name: names inside, source: any, protocol: h323, type: regex,
       pattern: 'phone[0-9]+', progress: stop, target: from-control}}
    - {{priority: 100, name: out to the Internet, source: [from-control, local],
       authenticated: true, mode: any-alias, progress: stop, target: internet}}
users:
{users()}
dns: {{servers: [{ADDRESS['publicdns']}]}}
certificates: {{trust: [lab-ca.pem]}}
# the lab's internet; its private network must be to Edge what a private network is
address_policy: {{allow: [203.0.113.0/24]}}
"""


class Node:
    """One node: its root folder, its keeper and its command line."""

    def __init__(self, lab, role, kind):
        self.lab, self.role, self.kind = lab, role, kind
        self.root = lab.directory / role
        self.config = self.root / "etc" / "fosse" / "fosse.yaml"
        self.log = lab.directory / f"{role}.log"
        self.process = None

    def write_config(self, text):
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text(text)

    def fosse(self, *words, check=True, seconds=15, stdin=None):
        """The standard output of `fosse WORDS` for this node."""
        command = self.lab.inside(self.role, executable(self.kind, "fosse"), "--root", self.root,
                                  *words)
        done = subprocess.run(command, text=True, capture_output=True, timeout=seconds,
                              input=stdin, check=False)
        if check and done.returncode != 0:
            raise Failure(f"{self.role}: fosse {' '.join(map(str, words))}: exit "
                          f"{done.returncode}: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def refused(self, *words):
        """What `fosse WORDS` says when it fails, as it must."""
        done = subprocess.run(self.lab.inside(self.role, executable(self.kind, "fosse"), "--root",
                                              self.root, *words), text=True, capture_output=True,
                              timeout=15, check=False)
        if done.returncode == 0:
            raise Failure(f"{self.role}: fosse {' '.join(map(str, words))} did not fail")
        return done.stderr

    def start(self):
        self.reserve_ports()
        self.process = self.lab.start(self.role, executable(self.kind, "fossewayd"), "--root",
                                      self.root, "--respawn", log=self.log.name)
        return self

    def reserve_ports(self):
        """The sysctl settings that the package installs, in this node's namespace."""
        for line in self.fosse("ports", "--format", "sysctl", check=False).splitlines():
            name, equals, value = line.partition("=")
            if equals and not line.startswith("#"):
                path = "/proc/sys/" + name.strip().replace(".", "/")
                self.lab.run(self.role, "sh", "-c", f"echo '{value.strip()}' >{path}")

    def stop(self):
        """Ends the node as an administrator would; then no process of it may be left."""
        if self.process and self.process.poll() is None:
            self.lab.stop(self.process)
        self.process = None

    def status(self):
        """`fosse status --json`, {} while the node does not answer."""
        text = self.fosse("status", "--json", check=False)
        try:
            return json.loads(text)
        except ValueError:
            return {}

    def await_ready(self, seconds=10):
        """Waits until the node answers, and its traversal zone is up."""
        def ready():
            if self.process.poll() is not None:
                raise Failure(f"{self.role} ended with {self.process.returncode}: {self.tail()}")
            status = self.status()
            zones = [z for z in status.get("zones", []) if "traversal" in z.get("type", "")]
            return status and all(z.get("state") in ("up", "active") for z in zones)
        wait_for(f"ready {self.role}", ready, seconds, step=0.05)

    def processes(self):
        return {p["name"]: p["pid"] for p in self.status().get("processes", [])}

    def kill_9(self, name):
        """Kills the named process and returns its process id."""
        pid = self.processes().get(name)
        if not pid:
            raise Failure(f"{self.role} has no process {name}")
        os.kill(pid, signal.SIGKILL)
        return pid

    def rows(self):
        return plan.from_json(json.loads(self.fosse("ports", "--format", "json", "--all")))

    def pinholes(self):
        return plan.union(*(plan.pinholes(f, self.fosse("ports", "--format", "nft", "--firewall",
                                                        f, "--rules-only"))
                            for f in ("inside", "outside")))

    def tail(self, lines=5):
        if not self.log.exists():
            return ""
        return " | ".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def sanitizer_report(self):
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return next((line for line in text.splitlines() if SANITIZER.search(line)), "")


def configure(control, edge, options, open_firewalls):
    """Both configuration files, and what pairing leaves behind; a join needs TLS, and its rows."""
    def write(chosen):
        for node, text in (control, control_config(chosen)), (edge, edge_config(chosen)):
            node.write_config(text + chosen["settings"].get(node.role, ""))
    write(options)
    shutil.copy(options["trust"], edge.config.parent / "lab-ca.pem")
    open_firewalls()
    write({**options, "transport": "tls"})
    pair(control, edge)
    write(options)
    open_firewalls()  # Edge knows Control's address from here on, and both print the same rows


def pair(control, edge):
    """Pairs the nodes by a token: Edge makes it, Control joins with it over port 7001."""
    if os.environ.get("FOSSE_PAIR") == "hand":
        pair_by_hand(control, edge)
        return
    token = re.search(r"fosse1:\S+", edge.fosse("pair", "new", "control"))
    if not token:
        raise Failure("edge printed no pairing token")
    edge.start()
    wait_for("edge before pairing", edge.status, 10)
    control.fosse("pair", "join", "edge", token[0])
    edge.stop()


def pair_by_hand(control, edge):
    """Writes what a pairing leaves behind: for a look at nodes whose pairing is not the subject."""
    secret, media_key = secrets.token_hex(32), secrets.token_hex(32)
    spki = {node.role: zone_key(node) for node in (control, edge)}
    for node, peer, inside in (control, edge, f"{EDGE}:7001"), (edge, control, CONTROL):
        folder = node.config.parent / "pairing"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / peer.role).write_text(
            f"peer_name {peer.role}.{DOMAIN}\npeer_inside {inside}\nusername control\n"
            f"secret {secret}\nmedia_key {media_key}\npeer_spki {spki[peer.role]}\n")


def zone_key(node):
    """Makes the key of NODE's traversal zones, with a certificate that nobody has to believe;
    the SHA-256 of its SubjectPublicKeyInfo in hex."""
    path = node.root / ZONE_KEY
    path.parent.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                           "ec_paramgen_curve:P-256", "-nodes", "-subj", "/O=Fosseway",
                           "-days", "3650", "-keyout", "-"], check=True, capture_output=True)
    path.write_bytes(made.stdout)
    path.chmod(0o600)
    public = subprocess.run(["openssl", "pkey", "-in", path, "-pubout", "-outform", "DER"],
                            check=True, capture_output=True).stdout
    return hashlib.sha256(public).hexdigest()


def copy_pairing(source, target):
    """A node's files of another lab, so that each scenario need not pair again."""
    shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
