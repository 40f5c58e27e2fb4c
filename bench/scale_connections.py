"""Parts of scale.py about connections: how many, and all at once."""
from scale_parts import Case, Part, checked, counted
from brokers import run_load


def warm(setting, broker):
    run_load(broker, f"connect --seconds {setting.warm} --concurrency 20")


def connections(setting):
    """Idle connections, on a new broker each; one broker may have 20 000 files open."""
    hold = 0.2 if setting.small else 1

    def run(name, count):
        with setting.broker(name) as broker:
            warm(setting, broker)
            return checked(run_load(broker, f"idle --conns {count} --concurrency 100 --settle {4 * hold} --hold {2 * hold}"), lossless=False)

    cases = [Case((counted(n),), b, lambda b=b, n=n: run(b, n))
             for n in setting.sizes([1000, 5000, 10000, 19000], [200]) for b in setting.brokers]
    return Part("connections", "Idle connections, Keep Alive 60 s, clean sessions, held for 2 s.", ("connections",),
                [("bytes_per_conn", "bytes each"), ("conns_per_s", "connections/s"), ("broker_cpu_us_per_conn", "CPU µs each, to connect"),
                 ("hold_cpu_ms_per_s", "CPU ms/s while held")], cases)


def reconnect(setting):
    """Every connection breaks; all come back at the same moment."""
    def run(name, count, durability):
        with setting.broker(name, durability=durability) as broker:
            warm(setting, broker)
            sessions = "--fresh" if name == "relay" else "--mqtt 5"
            result = run_load(broker, f"return --conns {count} {sessions} --settle 1 --setup-timeout 60")
            if not result.get("error") and name != "relay" and result["session_present"] != count:
                result["wrong"] = f"only {result['session_present']} of {count} found their session"
            for key in ("p50", "p99", "max"):
                result[f"connack_{key}_ms"] = result.get("connack_us", {}).get(key, 0) / 1000
            return result

    kinds = [(b, "memory") for b in setting.brokers] + ([("starling", "fsync")] if "starling" in setting.brokers else [])
    cases = [Case((counted(n), d if b == "starling" else "-"), b, lambda b=b, n=n, d=d: run(b, n, d))
             for n in setting.sizes([1000, 5000, 10000], [200]) for b, d in kinds]
    return Part("reconnect", "Persistent sessions (relay: none) with one subscription each: all connections break, and come back at once.",
                ("connections", "Durability"),
                [("back_s", "s until all CONNACK"), ("connack_p50_ms", "CONNACK p50 ms"), ("connack_max_ms", "max ms"),
                 ("back_cpu_us_per_conn", "CPU µs each"), ("first_cpu_us_per_conn", "CPU µs each, the first time"), ("first_s", "s, the first time"),
                 ("bytes_per_absent", "bytes each, absent")], cases)
