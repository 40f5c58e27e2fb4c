#!/usr/bin/env python3
"""Measures how long brokers take from fork and exec to their first CONNACK, on an empty store.

    startup.py [--runs 20] [--brokers starling,aot,mosquitto]

starling   the tool as ./starling builds it: compiled ahead (ReadyToRun) on the installed runtime
aot        artifacts/aot/starling, which ./test aot publishes: one native binary
mosquitto  Debian's mosquitto with persistence on

The clock begins before the process is made and ends when the four bytes of the CONNACK are there; a connection is tried again every 0.2 ms.
The brokers take turns. The first turn is not counted: it reads the files from the disk. Starling stores durably (Durability=fsync) in a new
directory each time, which --folder places.
"""
import os, shutil, socket, statistics, struct, subprocess, sys, tempfile, time
from yardstick import tables, tools
from yardstick.options import Parser
from yardstick.wire import free_port

BROKERS = ("starling", "aot", "mosquitto")
LIMIT_SECONDS = 30
CONNECT = b"\x10\x10\0\4MQTT\4\2\0\0\0\4boot"
CONNACK = b"\x20\2\0\0"


class Target:
    """A program to start; {port} and {data} in its arguments are replaced. Raises Missing when it is not there."""

    def __init__(self, name):
        self.name, self.environment = name, dict(os.environ)
        if name == "mosquitto":
            self.program = tools.find("mosquitto")
            if not self.program:
                raise tools.Missing("mosquitto: not installed (Debian: apt-get install mosquitto)")
            self.files = [self.program]
            return
        self.program = tools.AOT if name == "aot" else self._ready_to_run()
        if not os.path.exists(self.program):
            raise tools.Missing(f"{name}: there is no {os.path.relpath(self.program, tools.ROOT)}; ./test aot publishes it")
        self.files = [self.program] if name == "aot" else _files_of(os.path.dirname(self.program))

    def _ready_to_run(self):
        tools.launcher()
        folder = os.path.realpath(os.path.join(tools.ROOT, "artifacts/starling/current"))
        if not is_compiled_ahead(os.path.join(folder, "starling.dll")):
            raise tools.Missing("starling: this build is not compiled ahead, because the compiler for that is a package that could not be had")
        with open(os.path.join(folder, "dotnet-root")) as f:
            self.environment["DOTNET_ROOT"] = f.read().strip()
        return os.path.join(folder, "starling")

    def command(self, port, folder):
        if self.name != "mosquitto":
            return [self.program, "serve", "--port", str(port), "--bind", "127.0.0.1", "--quiet", "--data", os.path.join(folder, "data")]
        file = os.path.join(folder, "mosquitto.conf")
        with open(file, "w") as f:
            f.write(f"user root\nlistener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {folder}/\nlog_type none\n")
        return [self.program, "-c", file]

    def size_mib(self):
        return sum(os.path.getsize(f) for f in self.files) / 2**20


def _files_of(folder):
    return [os.path.join(folder, f) for f in os.listdir(folder) if not f.endswith((".pdb", ".xml")) and os.path.isfile(os.path.join(folder, f))]


def is_compiled_ahead(assembly):
    """Whether a .NET assembly has native code: its CLI header then refers to one of its own (ECMA-335, II.25.3.3)."""
    with open(assembly, "rb") as f:
        image = f.read()
    pe = struct.unpack_from("<I", image, 0x3C)[0]
    sections, optional = struct.unpack_from("<H", image, pe + 6)[0], struct.unpack_from("<H", image, pe + 20)[0]
    wide = struct.unpack_from("<H", image, pe + 24)[0] == 0x20B
    cli = struct.unpack_from("<I", image, pe + 24 + (112 if wide else 96) + 14 * 8)[0]
    for i in range(sections):
        size, address, raw, place = struct.unpack_from("<IIII", image, pe + 24 + optional + 40 * i + 8)
        if address <= cli < address + max(size, raw):
            return struct.unpack_from("<I", image, cli - address + place + 64)[0] != 0
    return False


def start_once(target, parent):
    """Starts a program once: milliseconds to the CONNACK, and its resident memory then."""
    folder = tempfile.mkdtemp(prefix="startup-", dir=parent)
    port = free_port()
    command = target.command(port, folder)
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=target.environment)
    try:
        _first_answer(process, port, begin + LIMIT_SECONDS)
        seconds = time.perf_counter() - begin
        with open(f"/proc/{process.pid}/status") as f:
            resident = int(next(line for line in f if line.startswith("VmRSS")).split()[1])
        return {"ms": seconds * 1000, "resident_mib": resident / 1024}
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)


def _first_answer(process, port, end):
    while time.perf_counter() < end:
        if process.poll() is not None:
            raise RuntimeError("it ended: " + process.stderr.read().decode(errors="replace").strip()[-300:])
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=LIMIT_SECONDS) as s:
                s.sendall(CONNECT)
                got = s.recv(4, socket.MSG_WAITALL)
                if got != CONNACK:
                    raise RuntimeError(f"it answered {got!r} to CONNECT")
                return
        except ConnectionError:
            time.sleep(0.0002)
    raise RuntimeError(f"no CONNACK within {LIMIT_SECONDS} s")


def measure(names, runs, folder):
    """Results {broker, ms, …} of all runs, and {broker, error} for each program that fails, with {missing} when it is not there."""
    targets, results = [], []
    for name in names:
        try:
            targets.append(Target(name))
        except tools.Missing as e:
            results.append({"broker": name, "error": str(e).removeprefix(name + ": "), "missing": True})
    for number in range(runs + 1):
        for target in list(targets):
            try:
                result = dict(start_once(target, folder), broker=target.name, size_mib=target.size_mib())
            except (RuntimeError, OSError) as e:
                targets.remove(target)
                result = {"broker": target.name, "error": str(e)}
            if number or "error" in result:
                results.append(result)
    return results


def main():
    p = Parser(__doc__)
    p.add_argument("--runs", type=int, default=20, help="how many starts of each are counted (20)")
    p.add_argument("--brokers", default=",".join(BROKERS), help="which, with commas")
    p.add_argument("--folder", help="where the stores are made (default: where temporary files are)")
    a = p.parse_args()
    names = a.brokers.split(",")
    if a.runs < 1:
        p.error(f"--runs {a.runs}: at least 1, for example --runs 20")
    if wrong := [n for n in names if n not in BROKERS]:
        p.error(f"--brokers {wrong[0]}: allowed are {', '.join(BROKERS)}")
    results = measure(names, a.runs, a.folder)
    rows = []
    for name in names:
        mine = [r for r in results if r["broker"] == name and "error" not in r]
        for r in results:
            if r["broker"] == name and "error" in r:
                print(f"{name} is not measured: {r['error']}")
        if mine:
            times = sorted(r["ms"] for r in mine)
            rows.append([name, f"{statistics.median(times):.1f}", f"{times[0]:.1f}", f"{times[-1]:.1f}",
                         f"{statistics.median(r['resident_mib'] for r in mine):.1f}", f"{mine[0]['size_mib']:.1f}", len(mine)])
    if not rows:
        return 3
    print()
    tables.write(sys.stdout, ["broker", "start to CONNACK ms (median)", "fastest", "slowest", "resident MiB then", "program MiB", "starts"], rows)
    print()
    tools.write_circumstances(tools.circumstances(sys.argv))
    return 0


if __name__ == "__main__":
    sys.exit(main())
