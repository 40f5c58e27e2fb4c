"""Parts of scale.py about volume: queues, payloads, loops."""
from brokers import MIB, Watch, run_load
from figures import show_bytes
from scale_parts import Case, Part, checked, counted

KIB = 1 << 10


def queues(setting):
    """Messages in a persistent session whose client is away, and all of them read back."""
    def run(name, count, durability):
        options = ["Memory:Budget=16GiB"] if durability == "memory" else []
        with setting.broker(name, durability=durability, options=options if name == "starling" else ()) as broker:
            run_load(broker, "offline --count 20000 --pubs 20")
            with Watch(broker) as watch:
                result = checked(run_load(broker, f"offline --pubs 50 --inflight 100 --count {count} --size 64 --qos 1 --mqtt 5 --drain 30 --recv-max 65535"))
            if not result.get("error") and result["session_present"] != 1:
                result["wrong"] = "the session was gone"
            result["most_mib"] = watch.most_resident / MIB
            if durability != "memory":
                result["disk_bytes_each"] = watch.most_disk / count
            return result

    kinds = [("starling", d) for d in ("memory", "os", "fsync") if "starling" in setting.brokers] + [("mosquitto", "memory") for b in setting.brokers if b == "mosquitto"]
    cases = [Case((counted(n), d if b == "starling" else "-"), b, lambda b=b, n=n, d=d: run(b, n, d), rounds=99 if n < 10_000_000 else 1)
             for n in setting.sizes([100_000, 1_000_000, 10_000_000], [2000]) for b, d in kinds if b == "starling" or n <= 1_000_000]
    return Part("queues", "QoS 1, 64 bytes, MQTT 5.0, 50 publishers with 100 unacknowledged each, into one absent persistent session; then all read back in order. Limits raised.",
                ("messages", "Durability"),
                [("queued_per_s", "stored/s"), ("queue_cpu_us_per_msg", "CPU µs each"), ("msgs_per_s_out", "read back/s"), ("broker_cpu_us_per_msg", "CPU µs each"),
                 ("bytes_per_queued", "bytes of memory each"), ("most_mib", "most memory MiB"), ("disk_bytes_each", "most bytes of disk each")], cases)


def payload(setting):
    """From 64 bytes to 16 MiB."""
    def run(name, size):
        options = ["Limits:PacketBytesMax=20MiB", "SysInterval=1s"] if name == "starling" else ()
        window = max(2, min(4000, 8 * MIB // size))
        pairs = max(1, min(20, window // 2))
        with setting.broker(name, options=options) as broker:
            run_load(broker, f"p2p --pairs 4 --qos 1 --size 1024 --seconds {setting.warm}")
            with Watch(broker) as watch:
                result = checked(run_load(broker, f"p2p --pairs {pairs} --qos 1 --inflight {max(1, window // pairs)} --window {window} --size {size} "
                                                  f"--warmup {setting.seconds / 2} --seconds {setting.seconds} --drain 10"))
            mib = result.get("received", 0) * size / MIB
            if mib and not result.get("error"):
                result.update(mib_per_s=mib / result["seconds"], cpu_us_per_mib=result["broker_cpu_s"] / mib * 1e6,
                              gen_us_per_mib=result["gen_cpu_us_per_msg"] * MIB / size, most_mib=watch.most_resident / MIB)
            return result

    sizes = setting.sizes([64, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB, 16 * MIB], [1 * KIB, MIB])
    cases = [Case((show_bytes(n),), b, lambda b=b, n=n: run(b, n)) for n in sizes for b in setting.brokers]
    return Part("payload", "QoS 1 between pairs, at most 8 MiB (2 messages at least) under way, on a new broker each.", ("payload",),
                [("mib_per_s", "MiB/s"), ("cpu_us_per_mib", "CPU µs/MiB"), ("broker_cpu_us_per_msg", "CPU µs/message"), ("gen_us_per_mib", "generator CPU µs/MiB"),
                 ("most_mib", "most memory MiB")], cases)


def loops(setting):
    """One, two and four event loops."""
    rows = {"p2p100 QoS 0": "p2p --pairs 100 --qos 0", "p2p100 QoS 1": "p2p --pairs 100 --qos 1", "fanout100 QoS 0": "fanout --subs 100 --qos 0",
            "p2p50 QoS 1, 10 000/s": "p2p --pairs 50 --qos 1 --rate 10000", "fanout100 QoS 0, 100/s": "fanout --subs 100 --qos 0 --rate 100"}

    def run(arguments, count):
        with setting.broker("starling", loops=count) as broker:
            run_load(broker, f"p2p --pairs 50 --qos 1 --seconds {setting.warm}")
            result = checked(run_load(broker, f"{arguments} --warmup {setting.seconds / 2} --seconds {setting.seconds}"))
            if result.get("seconds"):
                result["cores"] = result["broker_cpu_s"] / result["seconds"]
            return result

    cases = [Case((row, str(n)), "starling", lambda a=arguments, n=n: run(a, n)) for row, arguments in list(rows.items())[: 1 if setting.small else None]
             for n in setting.sizes([1, 2, 4], [2]) if "starling" in setting.brokers]
    return Part("loops", "Event loops; 10 000 and 100 are messages a second in all, the others as fast as possible.", ("row", "loops"),
                [("msgs_per_s_out", "deliveries/s"), ("broker_cpu_us_per_msg", "CPU µs/delivery"), ("cores", "cores used"), ("lat_us.p50", "p50 µs"), ("lat_us.p99", "p99 µs")], cases)
