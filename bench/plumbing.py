"""What every bench needs: a network of its own, servers on a core, their CPU time, the line."""
import contextlib
import ctypes
import os
import pathlib
import signal
import statistics
import subprocess
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
RELEASE = pathlib.Path(os.environ.get("FOSSE_BUILD", REPOSITORY / "build" / "release"))
DRIVER_CORE, SERVER_CORE = 0, 1
CLONE_NEWNET = 0x40000000
TICKS = os.sysconf("SC_CLK_TCK")
USERS = ("tls", "sig", "media", "conf")


class Broken(Exception):
    """The bench itself could not be run."""


def own_network(*addresses):
    """Moves this process, and what it starts, to a network that has only these addresses."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise Broken(f"no network of its own: {os.strerror(ctypes.get_errno())}")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in addresses:
        subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)


def drivers(*names):
    """Builds the drivers and returns their paths."""
    subprocess.run(["ninja", "-C", RELEASE, *(f"bench/{name}" for name in names)], check=True,
                   stdout=subprocess.DEVNULL)
    return [RELEASE / "bench" / name for name in names]


def pinned(core, *command):
    return ["taskset", "-c", str(core), *map(str, command)]


def until(what, condition, seconds=10, step=0.05):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Broken(f"no {what} within {seconds} s")
        time.sleep(step)


def stat(pid):
    """The fields of /proc/PID/stat from the state on; [] if it is gone."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def family(pid):
    """The process and all its descendants."""
    children = {}
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        fields = stat(entry.name)
        if fields:
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


class Server:
    """One or more programs that do the work which is measured, all on one core."""

    def __init__(self, directory):
        self.directory, self.processes = pathlib.Path(directory), []

    def run(self, log, *command, core=SERVER_CORE):
        """Starts a program whose output, its log, goes to a file."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with open(self.directory / log, "ab") as out:
            self.processes.append(subprocess.Popen(
                pinned(core, *command), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                cwd=self.directory))
        return self.processes[-1]

    def pids(self):
        return [pid for process in self.processes for pid in family(process.pid)]

    def cpu_by_process(self):
        """{(name, pid): seconds}, user and system, all threads, the ended ones too."""
        seconds = {}
        for pid in self.pids():
            fields = stat(pid)
            if fields:
                name = pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
                seconds[name, pid] = (int(fields[11]) + int(fields[12])) / TICKS
        return seconds

    def check(self):
        for process in self.processes:
            if process.poll() is not None:
                raise Broken(f"{process.args[3]} ended: see {self.directory}")

    def await_ready(self, name, is_ready):
        def ready():
            self.check()
            return is_ready()
        until(f"answer of {name}", ready)

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                for pid in family(process.pid):
                    os.kill(pid, signal.SIGKILL)
                process.wait()
        self.processes = []


class Fosse(Server):
    """A whole node of the release build: its keeper, its workers, their filters and their log."""

    def __init__(self, directory, config):
        super().__init__(directory)
        self.config = config

    def fosse(self, *words):
        return subprocess.run([RELEASE / "src/proc/fosse", "--root", self.directory, *words],
                              text=True, capture_output=True, check=False, timeout=20)

    def start(self):
        path = self.directory / "etc" / "fosse" / "fosse.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.config)
        self.reserve_ports()
        self.run("fosse.log", RELEASE / "src/proc/fossewayd", "--root", self.directory)
        self.await_ready("fosse", lambda: self.fosse("status", "--json").returncode == 0)
        return self

    def reserve_ports(self):
        for line in self.fosse("ports", "--format", "sysctl").stdout.splitlines():
            name, equals, value = line.partition("=")
            if equals and not line.startswith("#"):
                path = pathlib.Path("/proc/sys") / name.strip().replace(".", "/")
                with contextlib.suppress(OSError):  # settings of the whole machine
                    path.write_text(value.strip())


class Peers(Server):
    """Other people's servers, started one after the other: [(log, UDP port, command)]."""

    def __init__(self, directory, commands):
        super().__init__(directory)
        self.commands = commands

    def start(self):
        for log, port, command in self.commands:
            self.run(log, *command)
            self.await_ready(command[0], lambda port=port: listens("udp", port))
        time.sleep(0.5)  # what follows a daemon's bind
        return self


def listens(protocol, port):
    return bool(subprocess.run(["ss", f"-Hln{protocol[0]}", f"sport = :{port}"], text=True,
                               capture_output=True, check=True).stdout.strip())


def report(bench, metric, peer, pairs):
    """The line: medians of the rounds' (ours, peer's), and how far the rounds' ratios are apart."""
    ours, theirs = (statistics.median(side) for side in zip(*pairs))
    ratios = [a / b for a, b in pairs]
    ratio = statistics.median(ratios)
    noise = (max(ratios) - min(ratios)) / ratio if len(ratios) > 1 else 0
    print(f"bench {bench} {metric} ours={ours:.0f} {peer}={theirs:.0f} ratio={ratio:.2f} "
          f"rounds={','.join(f'{r:.2f}' for r in ratios)} noise={100 * noise:.0f}%", flush=True)
    return ratio
