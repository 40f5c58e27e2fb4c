"""What tails.py does to a broker while others are measured. Each row says what it needs, prepares it, and disturbs inside a `with`."""
import contextlib, dataclasses, os, signal, subprocess, sys, threading
from typing import Callable

from brokers import HERE, Load, gently, run_load
from mqttwire import WireClient, drops, numbers, system_topics, walk_bytes

# What the table of limits promises by default; peers.sh raises it for brokers that must drop nothing.
DEFAULT_QUEUES = ["Limits:SessionQueueMessagesMax=100000", "Limits:SessionQueueBytesMax=64MiB", "Limits:OutgoingWindow3x=512", "Limits:ReceiveMaximum=512"]


@dataclasses.dataclass
class Scene:
    """One measured run: the broker, the topics of the measured group, and the size of what is prepared."""
    broker: object
    tag: str
    generator_cpu: int
    seconds: float
    retained: int
    queued: int
    notes: dict = dataclasses.field(default_factory=dict)

    def load(self, arguments, **more):
        return Load(self.broker, arguments, cpu=self.generator_cpu, **more)

    def run(self, arguments):
        result = run_load(self.broker, arguments, cpu=self.generator_cpu)
        if result.get("error"):
            raise OSError(f"the preparation failed: {result['error']}")
        return result


@dataclasses.dataclass
class Disturbance:
    """A row. `quiet` names the row that its p99 is held against; `disturb` is a context manager that takes a scene."""
    name: str
    says: str
    disturb: Callable
    prepare: Callable = lambda scene: None
    quiet: str = "none"
    options: tuple = ()
    durability: str = "memory"
    brokers: tuple = ("starling", "relay")
    stretch: float = 1


@contextlib.contextmanager
def nothing(scene):
    yield


def stops_reading(qos):
    """Takes every message of the measured group, and does not read one of them."""
    @contextlib.contextmanager
    def disturb(scene):
        with WireClient(scene.broker.port, "stopped", receive_buffer=4096) as client:
            client.subscribe(f"mql{scene.tag}/pp/#", qos)
            yield
    return disturb


def store_retained(scene):
    scene.run(f"retained --retained {scene.retained} --kind groups --tag walk --no-clean --setup-timeout 120 --drain 30")
    scene.notes["bytes"] = walk_bytes(scene.broker.port, "mqlwalk/#")


@contextlib.contextmanager
def walks_retained(scene):
    """One wildcard subscription over all retained messages after the other, by a process that leaves the generator its core."""
    command = gently() + [sys.executable, os.path.join(HERE, "tail_disturbances.py"), str(scene.broker.port), str(scene.notes["bytes"])]
    walker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        walker.send_signal(signal.SIGTERM)
        walks = walker.communicate()[0].count("walked")
        scene.notes["did"] = f"{walks} whole walks over {scene.retained:,} messages"


def walk_on(port, total):
    """The process of walks_retained: says a line for each walk that came to its end."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    while True:
        if walk_bytes(port, "mqlwalk/#", total) >= total:
            print("walked", flush=True)


def queue_messages(scene):
    with WireClient(scene.broker.port, "absent", clean=False) as client:
        client.subscribe("+/off/+", 1)
    scene.run(f"offline --subs 0 --pubs 20 --count {scene.queued} --size 64 --setup-timeout 120 --drain 30")


@contextlib.contextmanager
def writes(scene):
    """A durable writer: 64 KiB messages, 400 a second, into the absent session."""
    with scene.load(f"offline --subs 0 --pubs 4 --rate 400 --size 65536 --seconds {scene.seconds + 3} --count 1000000000", gentle=True) as writer:
        before = scene.broker.checkpoints()
        seen, done = set(before), threading.Event()

        def look():
            while not done.wait(0.1):
                seen.update(scene.broker.checkpoints())

        looking = threading.Thread(target=look, daemon=True)
        looking.start()
        try:
            yield
        finally:
            done.set()
            looking.join()
            writer.interrupt()
            writer.result()
            scene.notes["checkpoints"] = len(seen - before)
            scene.notes["did"] = f"{scene.notes['checkpoints']} checkpoints of {scene.queued:,} queued messages"


@contextlib.contextmanager
def takes_over(scene):
    """Connections with 50 client identifiers that take each other over (relay knows no takeover: they disconnect)."""
    same = "" if scene.broker.name == "relay" else "--same-id"
    with scene.load(f"connect {same} --rate {STORM_RATE} --concurrency 50 --seconds {scene.seconds + 3}", gentle=True) as storm:
        yield
        storm.interrupt()
        result = storm.result()
        scene.notes["did"] = f"{result.get('conns_per_s', 0):,.0f} {'takeovers' if same else 'connections'}/s, {result.get('failed', 0)} failed"


STORM_RATE = 2000  # a second; as many as possible would fill the core, and then nobody can be quick on it
NEVER = ("Storage:CheckpointBytes=1024GiB",)
OFTEN = ("Storage:CheckpointBytes=1MiB",)
ROWS = {
    "none": [Disturbance("none", "nobody", nothing)],
    "slow-subscriber": [
        Disturbance("slow-subscriber, QoS 0", "a subscriber to everything that stops reading", stops_reading(0), options=tuple(DEFAULT_QUEUES)),
        Disturbance("slow-subscriber, QoS 1", "the same at QoS 1", stops_reading(1), options=tuple(DEFAULT_QUEUES))],
    "retained-walk": [
        Disturbance("retained-walk", "wildcard subscriptions over all retained messages", walks_retained, store_retained, brokers=("starling",),
                    options=("Limits:RetainedMessagesMax=none", "Limits:RetainedBytesMax=900MiB"))],
    "checkpoint": [
        Disturbance("writer, no checkpoint", "a durable writer, without checkpoints", writes, queue_messages, options=NEVER, durability="fsync",
                    brokers=("starling",), stretch=2),
        Disturbance("checkpoint", "the same with checkpoints", writes, queue_messages, quiet="writer, no checkpoint", options=OFTEN, durability="fsync",
                    brokers=("starling",), stretch=2)],
    "takeover-storm": [Disturbance("takeover-storm", "connections that take each other over", takes_over)],
}


def system_figures(broker, before=None):
    """What $SYS of Starling says, or what has changed since: drops by reason, publishes, bytes of log; and the most memory charged so far."""
    if broker.name != "starling":
        return None
    now = system_topics(broker.port)
    if before is None:
        return now
    old, new = numbers(before), numbers(now)
    return {"dropped": drops(before, now), "charged_most_mib": new["heap/maximum"] / (1 << 20),
            "published": new["publish/messages/received"] - old["publish/messages/received"],
            "written_mib": (new["store/disk/written"] - old["store/disk/written"]) / (1 << 20)}


if __name__ == "__main__":
    walk_on(int(sys.argv[1]), int(sys.argv[2]))
