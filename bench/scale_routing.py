"""Parts of scale.py about filters, subscribers of one filter, and retained messages."""
import statistics, time

from brokers import Watch, run_load
from mqttwire import WireClient, read_all
from scale_parts import Case, Part, checked, counted

MOSQUITTO_FILTERS = 100_000  # with more a row takes minutes, and fewer say little


def filters_with(setting, name, kinds, says):
    def run(broker_name, kind, count):
        with setting.broker(broker_name) as broker:
            run_load(broker, f"subs --nsubs 2000 --kind {kind} --unsub --seconds {setting.warm}")
            return checked(run_load(broker, f"subs --nsubs {count} --kind {kind} --unsub --warmup {setting.seconds / 2} --seconds {setting.seconds} --setup-timeout 120"))

    brokers = [b for b in setting.brokers if b != "relay"]
    cases = [Case((kind, counted(n)), b, lambda b=b, k=kind, n=n: run(b, k, n), rounds=99 if n < 1_000_000 else 2)
             for kind in kinds for n in setting.sizes([1000, 10_000, 100_000, 1_000_000], [1000]) for b in brokers
             if b != "mosquitto" or setting.small or n == MOSQUITTO_FILTERS]
    return Part(name, says, ("kind", "filters"),
                [("bytes_per_sub", "bytes each"), ("broker_cpu_us_per_msg", "CPU µs/publish"), ("msgs_per_s_out", "publishes/s"),
                 ("subs_per_s", "subscribe/s"), ("load_cpu_us_per_sub", "CPU µs"), ("unsubs_per_s", "unsubscribe/s"), ("cpu_us_per_unsub", "CPU µs")], cases)


def filters(setting):
    return filters_with(setting, "filters", ["exact", "plus", "mixed"],
                        "Different filters over 10 connections; each publish, of a topic chosen at random, matches exactly one (its delivery is in the CPU).")


def children(setting):
    return filters_with(setting, "children", ["children"], "The same with all filters under one node: `cmd/N/x`.")


def subscribers(setting):
    """One filter, many subscribers."""
    windows = {1: 4000, 10: 1000, 100: 200, 1000: 100, 10_000: 20}

    def run(name, count, qos):
        with setting.broker(name) as broker:
            run_load(broker, f"fanout --subs 20 --qos {qos} --seconds {setting.warm}")
            return checked(run_load(broker, f"fanout --subs {count} --qos {qos} --window {windows[count]} --warmup {setting.seconds / 2} --seconds {setting.seconds}"))

    cases = [Case((f"QoS {qos}", counted(n)), b, lambda b=b, n=n, q=qos: run(b, n, q))
             for qos in (0, 1) for n in setting.sizes([1, 10, 100, 1000, 10_000], [10]) for b in setting.brokers]
    return Part("subscribers", "One publisher, one topic, 64 bytes, to so many subscribers.", ("", "subscribers"),
                [("broker_cpu_us_per_msg", "CPU µs/delivery"), ("msgs_per_s_out", "deliveries/s"), ("lat_us.p50", "p50 µs"), ("lat_us.p99", "p99 µs")], cases)


def subscribe_groups(broker, tag, groups, count):
    """CPU and time of subscriptions that match 100 retained messages each, every one of another group."""
    times = []
    with WireClient(broker.port, "groups") as client:
        before = broker.cpu_seconds()
        for i in range(count):
            begin, got = time.monotonic(), 0
            client.send_subscribe(f"mql{tag}/g{i * 7919 % groups}/+")
            while got < 100:
                client.receive(65536)
                got += sum(kind >> 4 == 3 for kind, _ in client.packets())
            times.append(time.monotonic() - begin)
        cpu = broker.cpu_seconds() - before
    return {"match_cpu_us": cpu / count * 1e6, "match_ms": statistics.median(times) * 1e3}


def retained(setting):
    """Retained messages: bytes each, what a wildcard costs, and a slow client that wants all."""
    slow = 20 << 20

    def run(name, count):
        limits = ["Limits:RetainedMessagesMax=none", "Limits:RetainedBytesMax=4GiB", "Memory:Budget=6GiB"]
        with setting.broker(name, options=limits if name == "starling" else ()) as broker:
            run_load(broker, "retained --retained 20000 --kind groups --tag warm")
            result = checked(run_load(broker, f"retained --retained {count} --kind groups --tag t --no-clean --setup-timeout 120 --drain 10"))
            if result.get("error") or result.get("wrong"):
                return result
            subscribe_groups(broker, "t", count // 100, 50)
            result.update(subscribe_groups(broker, "t", count // 100, 100 if setting.small else 500))
            rest = broker.resident_bytes()
            for qos in (0, 1):
                with Watch(broker) as watch:
                    topics, copies, seconds = read_all(broker.port, "mqlt/#", count, qos, slow)
                result[f"slow{qos}_s"] = seconds
                result[f"slow{qos}_mib"] = max(0, watch.most_resident - rest) / (1 << 20)
                if topics != count or copies != count:
                    result["wrong"] = f"a slow client at QoS {qos} got {topics} of {count}, in {copies} copies"
            return result

    brokers = [b for b in setting.brokers if b != "relay"]
    cases = [Case((counted(n),), b, lambda b=b, n=n: run(b, n), rounds=99 if n < 1_000_000 else 2)
             for n in setting.sizes([1000, 10_000, 100_000, 1_000_000], [1000]) for b in brokers]
    return Part("retained", "Retained messages of 64 bytes. The slow client reads 20 MiB/s at most through a small buffer; `more MiB` is memory beyond that at rest.",
                ("retained",),
                [("bytes_per_retained", "bytes each"), ("store_per_s", "stored/s"), ("msgs_per_s_out", "all to one client: messages/s"),
                 ("broker_cpu_us_per_msg", "CPU µs each"), ("match_cpu_us", "CPU µs of a subscription with 100 matches"), ("match_ms", "its ms"),
                 ("slow0_s", "slow client, QoS 0: s"), ("slow0_mib", "more MiB"), ("slow1_s", "QoS 1: s"), ("slow1_mib", "more MiB")], cases)
