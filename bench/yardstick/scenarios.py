"""What is measured: the runs of mqload, and the measurements that bench/durability.py and bench/startup.py make."""
from typing import NamedTuple


class Scenario(NamedTuple):
    """One thing to measure on every broker."""
    arguments: str          # of mqload, or what a measurement without mqload does
    columns: list           # the figures of its table; ratios are taken of the first two
    fresh: bool = False     # a newly started broker for each run, so that memory figures are comparable
    without: dict = {}      # brokers that cannot do it, with the reason
    alone: tuple = ()       # it starts its own brokers: the names of its results, in the order of the table


T = ["msgs_per_s_out", "broker_cpu_us_per_msg", "lat_us.p50", "lat_us.p99"]
L = ["lat_us.p50", "lat_us.p90", "lat_us.p99", "lat_us.p999", "broker_cpu_us_per_msg"]
I = ["bytes_per_conn", "conns_per_s", "broker_cpu_us_per_conn"]
S = ["msgs_per_s_out", "broker_cpu_us_per_msg", "subs_per_s", "load_cpu_us_per_sub", "bytes_per_sub"]

EVERY_FILTER = {"relay": "it looks at every filter for each new topic, which takes minutes here"}
KEEPS_NOTHING = {"relay": "it only copies bytes, and keeps neither retained messages nor sessions"}

SCENARIOS = {
    "fanin-q0-64": Scenario("fanin --pubs 50 --qos 0 --size 64", T),
    "fanin-q1-64": Scenario("fanin --pubs 50 --qos 1 --size 64", T),
    "fanin-q0-1k": Scenario("fanin --pubs 50 --qos 0 --size 1024", T),
    "fanin-q1-1k": Scenario("fanin --pubs 50 --qos 1 --size 1024", T),
    "fanin-q1-64-v5": Scenario("fanin --pubs 50 --qos 1 --size 64 --mqtt 5", T),
    "share4-q1-64-v5": Scenario("fanin --pubs 50 --subs 4 --share --qos 1 --size 64 --mqtt 5", T),
    "fanout100-q0-64": Scenario("fanout --subs 100 --qos 0 --size 64", T),
    "fanout100-q1-64": Scenario("fanout --subs 100 --qos 1 --size 64", T),
    "fanout100-q0-1k": Scenario("fanout --subs 100 --qos 0 --size 1024", T),
    "fanout1000-q0-64": Scenario("fanout --subs 1000 --qos 0 --size 64 --window 100", T),
    "fanout1000-q1-64": Scenario("fanout --subs 1000 --qos 1 --size 64 --window 100", T),
    "p2p100-q0-64": Scenario("p2p --pairs 100 --qos 0 --size 64", T),
    "p2p100-q1-64": Scenario("p2p --pairs 100 --qos 1 --size 64", T),
    "p2p100-q2-64": Scenario("p2p --pairs 100 --qos 2 --size 64", T),
    "p2p100-q1-inflight1": Scenario("p2p --pairs 100 --qos 1 --size 64 --inflight 1", T),
    "lat-p2p-q0-10k": Scenario("p2p --pairs 50 --qos 0 --size 64 --rate 10000", L),
    "lat-p2p-q1-10k": Scenario("p2p --pairs 50 --qos 1 --size 64 --rate 10000", L),
    "lat-p2p-q1-1k": Scenario("p2p --pairs 50 --qos 1 --size 64 --rate 1000", L),
    "lat-fanout100-q0-200": Scenario("fanout --subs 100 --qos 0 --size 64 --rate 200", L),
    "connect": Scenario("connect --concurrency 50", ["conns_per_s", "broker_cpu_us_per_conn", "lat_us.p50", "lat_us.p99"]),
    "idle-10k": Scenario("idle --conns 10000 --concurrency 50 --settle 1 --hold 1", I + ["hold_cpu_ms_per_s"], True),
    "idle-10k-sub": Scenario("idle --conns 10000 --concurrency 50 --settle 1 --hold 1 --idle-sub", I, True),
    "subs-100k-exact": Scenario("subs --nsubs 100000 --kind exact", S, True, EVERY_FILTER),
    "subs-100k-mixed": Scenario("subs --nsubs 100000 --kind mixed", S, True, EVERY_FILTER),
    "subs-100k-plus": Scenario("subs --nsubs 100000 --kind plus", S, True, EVERY_FILTER),
    "retained-100k": Scenario("retained --retained 100000 --qos 0",
                              ["msgs_per_s_out", "broker_cpu_us_per_msg", "store_per_s", "store_cpu_us_per_msg", "bytes_per_retained"], True, KEEPS_NOTHING),
    "offline-50k": Scenario("offline --count 50000 --qos 1",
                            ["msgs_per_s_out", "broker_cpu_us_per_msg", "queued_per_s", "queue_cpu_us_per_msg", "bytes_per_queued"], True, KEEPS_NOTHING),
    "durable-q1-256": Scenario("QoS 1 of 256 bytes into an absent persistent session, 64 publishers, 4096 unacknowledged",
                               ["queued_per_s", "queue_cpu_us_per_msg", "ack_us.p50", "ack_us.p99"], alone=("memory", "starling")),
    "recovery": Scenario("kill -9 after messages of 256 bytes in one absent persistent session, then a start to the first CONNACK",
                         ["seconds_per_256_mib", "seconds", "log_mib", "messages"], alone=("starling",)),
    "start": Scenario("fork and exec to the first CONNACK, empty store",
                      ["ms", "resident_mib", "size_mib"], alone=("starling", "aot", "mosquitto")),
}

QUICK = ["fanin-q0-64", "fanin-q1-64", "fanout100-q0-64", "fanout100-q1-64", "p2p100-q0-64", "p2p100-q1-64", "p2p100-q2-64", "lat-p2p-q1-10k", "connect",
         "idle-10k"]
BUDGET = ["fanout100-q0-64", "fanout100-q1-64", "fanout1000-q0-64", "fanout1000-q1-64", "p2p100-q0-64", "p2p100-q1-64", "p2p100-q2-64", "fanin-q0-64",
          "fanin-q1-64", "fanin-q1-1k", "fanout100-q0-1k", "lat-p2p-q1-10k", "subs-100k-mixed", "idle-10k", "connect", "retained-100k", "durable-q1-256",
          "recovery", "start"]
SETS = {"quick": QUICK, "budget": BUDGET, "all": list(SCENARIOS)}
COUNTED = ("idle", "retained", "offline")  # scenarios of mqload that end by themselves: no --seconds
