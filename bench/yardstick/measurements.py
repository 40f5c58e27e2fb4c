"""The scenarios that start their own brokers: durability, recovery, start."""
import os, statistics
import durability
import startup

WINDOW = 4096  # unacknowledged messages


def durable(options):
    """The rate of QoS 1 into an absent persistent session, stored and in memory; a run counts only when every message was read back."""
    for name, durability_setting in (("memory", "memory"), ("starling", "fsync")):
        with durability.Place(options) as data:
            try:
                broker = durability.Broker(durability.serve(options, durability_setting, options.loops), data)
            except (RuntimeError, OSError) as e:
                yield {"broker": name, "error": str(e)}
                continue
            try:
                yield dict(durability.load(options, broker, WINDOW, options.messages, 1), broker=name)
            finally:
                broker.kill()


def recovery(options):
    """How long a start takes after kill -9. What it is divided by is the messages alone, so that no overhead of the log flatters."""
    with durability.Place(options) as data:
        try:
            found = durability.fill_and_kill(options, durability.serve(options, "fsync", options.loops), data)
        except (RuntimeError, OSError) as e:
            yield {"broker": "starling", "error": str(e)}
            return
    mib = options.messages * durability.SIZE / 2**20
    result = {"broker": "starling", "seconds": found["recovery"], "log_mib": mib, "seconds_per_256_mib": found["recovery"] * 256 / mib,
              "messages": found["left"]}
    if found.get("error"):
        result["error"] = found["error"]
    elif found["left"] != options.messages:
        result["error"] = f"{found['left']} of {options.messages} messages were left"
    yield result


def start(options):
    """Medians of some starts of each program."""
    results = startup.measure(startup.BROKERS, options.starts, options.folder)
    for name in startup.BROKERS:
        mine = [r for r in results if r["broker"] == name]
        failed = [r for r in mine if "error" in r]
        yield failed[0] if failed else {
            "broker": name, **{k: statistics.median(r[k] for r in mine) for k in ("ms", "resident_mib", "size_mib")}}


ALL = {"durable-q1-256": durable, "recovery": recovery, "start": start}


def loops():
    """Event loops of the measured brokers: as bench/peers.sh would set them."""
    return int(os.environ.get("PEER_THREADS") or len(os.sched_getaffinity(0)))
