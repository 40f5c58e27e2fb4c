#!/usr/bin/env python3
"""Measures what durability costs: messages per second and the latency of their acknowledgements, recovery, disk use.

    durability.py [--parts throughput,fanout,recovery,mosquitto] [--scale 1] [--messages 1000000] [--folder DIR]

throughput  QoS 1 into an absent persistent session, by the number of unacknowledged messages and by how much longer each sync takes; the
            ratio to Durability=memory. A run counts only when nothing was dropped and every message was read back.
fanout      one PUBLISH to persistent sessions on several shards, against as many on one.
recovery    kill -9 after --messages messages: time until the first CONNACK, bytes on disk, bytes written for each message.
mosquitto   the same beside mosquitto's snapshot persistence, and what is left of it after kill -9.

The broker is `starling serve`; where syncs are to take longer it is the one of tests/Starling.Crash, which has a directory for that (the
product has no such setting). --folder says on which file system the data is. --scale 0.1 makes everything shorter.
"""
import json, os, shutil, signal, subprocess, sys, tempfile, time
from yardstick import tools
from yardstick.options import Parser
from yardstick.tools import ROOT
from yardstick.wire import connect, count_messages, free_port, make_session

CRASH = os.path.join(ROOT, "tests/Starling.Crash/bin/Release/net10.0/Starling.Crash")
SIZE = 256
LIMITS = {"Limits:SessionQueueMessagesMax": 2000000000, "Limits:SessionQueueBytesMax": 1 << 40, "Limits:ReceiveMaximum": 65535,
          "Limits:OutgoingWindow3x": 65535}
# unacknowledged messages in all: (publishers, each of them, messages of a run)
WINDOWS = {1: (1, 1, 5000), 16: (16, 1, 50000), 256: (64, 4, 400000), 4096: (64, 64, 1000000)}


class Broker:
    """A broker process on a data directory."""

    def __init__(self, command, data):
        self.port, self.data = free_port(), data
        self.process = subprocess.Popen([c.replace("{port}", str(self.port)).replace("{data}", data) for c in command],
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            self.seconds = self.wait()
        except (RuntimeError, SystemExit):
            self.kill()
            raise

    def wait(self):
        """Seconds from the start to the first CONNACK."""
        begin = time.monotonic()
        while time.monotonic() - begin < 600:
            if self.process.poll() is not None:
                raise RuntimeError("the broker ended: " + self.process.stderr.read()[-500:])
            try:
                with connect(self.port, "probe", clean=True):
                    return time.monotonic() - begin
            except OSError:
                time.sleep(0.002)
        raise RuntimeError("the broker does not come up")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(120)
        except subprocess.TimeoutExpired:
            self.kill()

    def written(self):
        with open(f"/proc/{self.process.pid}/io") as f:
            return int(next(x for x in f if x.startswith("write_bytes")).split()[1])

    def resident(self):
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(next(x for x in f if x.startswith("VmRSS")).split()[1]) * 1024


def tree_bytes(folder):
    return sum(os.stat(os.path.join(path, name)).st_blocks * 512 for path, _, names in os.walk(folder) for name in names)


def serve(arguments, durability, loops):
    command = [arguments.starling, "serve", "--port", "{port}", "--bind", "127.0.0.1", "--quiet", "--loops", str(loops), "--set", f"Durability={durability}"]
    command += [x for k, v in LIMITS.items() for x in ("--set", f"{k}={v}")]
    return command + (["--data", "{data}"] if durability != "memory" else [])


def slowed(delay, loops):
    return [CRASH, "--broker", "--layer", "Plain", "--data", "{data}", "--loops", str(loops), "--port", "{port}", "--sync-delay", str(delay),
            "--tiny", "False"]


class Place:
    """A new data directory, removed afterwards."""

    def __init__(self, arguments):
        self.arguments = arguments

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="durability-", dir=self.arguments.folder)
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def load(arguments, broker, window, count, subs):
    pubs, inflight, _ = WINDOWS[window]
    command = [arguments.mqload, "offline", "--port", str(broker.port), "--broker-pid", str(broker.process.pid), "--pubs", str(pubs), "--inflight",
               str(inflight), "--count", str(count), "--size", str(SIZE), "--qos", "1", "--mqtt", "5", "--subs", str(subs), "--keepalive", "0",
               "--stall", "5", "--drain", "30", "--coalesce", "0" if window < 4096 else "100"]
    r = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        d = json.loads(r.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        d = {"error": "no result: " + r.stderr.strip()[-200:]}
    if not d.get("error") and (d.get("lost") or d.get("dup") or d.get("out_of_order")) and subs:
        d["error"] = f"lost {d.get('lost')}, doubled {d.get('dup')}, out of order {d.get('out_of_order')}"
    return d


def row(*cells):
    print("| " + " | ".join(str(c) for c in cells) + " |", flush=True)


def head(*cells):
    row(*cells)
    row(*("---" for _ in cells))


def figures(d):
    ack = d.get("ack_us") or {}
    return [f"{d.get('queued_per_s', 0):,.0f}", f"{ack.get('p50', 0) / 1000:.2f}", f"{ack.get('p99', 0) / 1000:.2f}"]


def throughput(arguments):
    print(f"\n### QoS 1, {SIZE} bytes, into an absent persistent session, {arguments.loops} loops\n")
    head("unacknowledged", "broker", "messages/s", "ack p50 ms", "ack p99 ms", "of memory", "broker CPU µs/message", "bytes written/message", "note")
    for window, (_, _, most) in WINDOWS.items():
        memory = None
        for name in ["memory", "os", "fsync"] + [f"fsync + {d} ms" for d in arguments.delays]:
            delay = int(name.split()[2]) if "+" in name else 0
            count = int(most * arguments.scale)
            if delay:  # about ten seconds of it
                count = min(count, int(window * 10000 / delay * max(arguments.scale, 0.1)))
            with Place(arguments) as data:
                broker = Broker(slowed(delay, arguments.loops) if delay else serve(arguments, name, arguments.loops), data)
                try:
                    before = broker.written()
                    d = load(arguments, broker, window, max(count, 200), 1)
                    written = (broker.written() - before) / max(count, 200)
                finally:
                    broker.kill()
            rate = d.get("queued_per_s", 0)
            memory = rate if name == "memory" else memory
            row(window, name, *figures(d), f"{rate / memory:.2f}" if memory else "-", f"{d.get('queue_cpu_us_per_msg', 0):.2f}", f"{written:.0f}",
                d.get("error") or "all read back")


def names_on(shards_wanted, shards):
    return [subprocess.run([CRASH, "--names", f"session-{i}", str(s), str(shards)], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
            for i, s in enumerate(shards_wanted)]


def fanout(arguments):
    loops = max(2, arguments.loops)
    print(f"\n### One PUBLISH to 4 absent persistent sessions, on one shard and on several, {loops} loops\n")
    head("sessions on", "unacknowledged", "messages/s", "ack p50 ms", "ack p99 ms", "broker CPU µs/message", "note")
    for window in (1, 256, 4096):
        for where, shards in (("one shard", [0] * 4), ("several", [i % loops for i in range(4)])):
            with Place(arguments) as data:
                broker = Broker(serve(arguments, "fsync", loops), data)
                try:
                    for name in names_on(shards, loops):
                        make_session(broker.port, name)
                    d = load(arguments, broker, window, max(200, int(WINDOWS[window][2] * arguments.scale / 4)), 0)
                finally:
                    broker.kill()
            row(where, window, *figures(d), f"{d.get('queue_cpu_us_per_msg', 0):.2f}", d.get("error", ""))


def fill_and_kill(arguments, command, data):
    """Fills one absent session, kills the broker, starts it again: what that took."""
    broker = Broker(command, data)
    try:
        make_session(broker.port, "absent")
        before = broker.written()
        d = load(arguments, broker, 4096, arguments.messages, 0)
        d["written"] = (broker.written() - before) / arguments.messages
        d["resident"] = broker.resident()
    finally:
        broker.kill()
    d["disk"] = tree_bytes(data)
    again = Broker(command, data)
    try:
        d["recovery"] = again.seconds
        d["resident_again"] = again.resident()
        with connect(again.port, "absent", clean=False) as s:
            d["left"] = count_messages(s)
    finally:
        again.stop()
    return d


def recovery(arguments):
    print(f"\n### kill -9 after {arguments.messages:,} messages of {SIZE} bytes in one absent session, then a start\n")
    recovery_head()
    with Place(arguments) as data:
        recovery_row("starling", arguments, fill_and_kill(arguments, serve(arguments, "fsync", arguments.loops), data))


def recovery_head():
    head("broker", "messages/s", "ack p50 ms", "ack p99 ms", "bytes written/message", "disk MiB", "resident MiB", "start to CONNACK s", "resident after MiB", "of them left")


def recovery_row(name, arguments, d):
    if d.get("error"):
        row(name, d["error"])
        return
    row(name, *figures(d), f"{d['written']:.0f}", f"{d['disk'] / 2**20:.0f}", f"{d['resident'] / 2**20:.0f}", f"{d['recovery']:.2f}",
        f"{d['resident_again'] / 2**20:.0f}", f"{d['left']:,} of {arguments.messages:,}")


def mosquitto(arguments):
    program = tools.find("mosquitto")
    if not program:
        print("\nmosquitto is not installed.")
        return
    print(f"\n### mosquitto's snapshots, {arguments.messages:,} messages of {SIZE} bytes\n")
    recovery_head()
    for name, setting in (("every 30 min (its default)", "autosave_interval 1800"), ("every second", "autosave_interval 1"),
                          ("every 1000 changes", "autosave_on_changes true\nautosave_interval 1000")):
        with Place(arguments) as data:
            file = os.path.join(data, "mosquitto.conf")
            with open(file, "w") as f:
                f.write("user root\nlistener {port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
                        f"persistence_location {data}/\nlog_type none\nmax_inflight_messages 0\nmax_queued_messages 0\n{setting}\n")
            # mosquitto takes its port from the file alone.
            command = ["sh", "-c", f"sed -i 's/^listener .*/listener {{port}} 127.0.0.1/' {file}; exec {program} -c {file}"]
            try:
                recovery_row("mosquitto, snapshot " + name, arguments, fill_and_kill(arguments, command, data))
            except (RuntimeError, OSError) as e:
                row("mosquitto, snapshot " + name, str(e)[:100])


PARTS = {"throughput": throughput, "fanout": fanout, "recovery": recovery, "mosquitto": mosquitto}


def main():
    p = Parser(__doc__)
    p.add_argument("--parts", default=",".join(PARTS))
    p.add_argument("--scale", type=float, default=1)
    p.add_argument("--messages", type=int, default=1000000)
    p.add_argument("--loops", type=int, default=2)
    p.add_argument("--delays", type=lambda x: [int(y) for y in x.split(",") if y], default=[1, 5], help="milliseconds, with commas")
    p.add_argument("--folder", help="where the data directories are made (default: where temporary files are)")
    p.add_argument("--starling", default=os.environ.get("STARLING_BIN", tools.LAUNCHER))
    p.add_argument("--mqload")
    a = p.parse_args()
    for sig in (signal.SIGTERM, signal.SIGINT):  # stop the broker in any case
        signal.signal(sig, lambda *_: sys.exit(1))
    try:
        a.mqload = tools.load_generator(a.mqload)
        if a.starling == tools.LAUNCHER:
            tools.launcher()
    except tools.Missing as e:
        print(f"durability.py: {e}", file=sys.stderr)
        return 3
    if not os.path.exists(CRASH):
        subprocess.run(["dotnet", "build", os.path.join(ROOT, "tests/Starling.Crash"), "-c", "Release", "-v", "quiet", "--nologo"], check=True)
    if wrong := [x for x in a.parts.split(",") if x not in PARTS]:
        p.error(f"--parts {wrong[0]}: allowed are {', '.join(PARTS)}")
    for part in a.parts.split(","):
        PARTS[part](a)
    return 0


if __name__ == "__main__":
    sys.exit(main())
