#!/usr/bin/env python3
"""Compares client libraries: messages per CPU second and bytes allocated per message, of this repository's client and of MQTTnet's.

    client.py [--rounds 5] [--messages 200000] [--size 64] [--window 256] [--broker starling]

Each measurement is a process of its own with one client (bench/ClientBench), on one connection to one broker that all share. `publish` counts the
process that sends, `receive` the one that receives, which somebody else sends to; so the CPU time is that of the library, and of the program
around it, alone. The first fifth of the messages is not counted: the compiler works then. The libraries take turns, and begin in turn;
a ratio is the median of the ratios of the rounds. Both speak 5.0 with a Receive Maximum of 1000; --window publishes are under way at a time.
"""
import argparse, json, os, statistics, subprocess, sys
from brokers import Broker, Unavailable, find_mqload, guarded
from figures import heading, say, table

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.join(HERE, "ClientBench")
PROGRAM = os.path.join(PROJECT, "bin", "Release", "net10.0", "ClientBench")
LIBRARIES = ("starling", "mqttnet")
LIMIT_SECONDS = 300


def measure(library, direction, qos, port, options):
    warm_up = options.messages // 5
    tail = [str(x) for x in (qos, port, options.messages, warm_up, options.size, options.window)]
    if direction == "publish":
        done = subprocess.run([PROGRAM, library, "publish", *tail], stdout=subprocess.PIPE, text=True, timeout=LIMIT_SECONDS, check=True)
        return json.loads(done.stdout)
    receiver = subprocess.Popen([PROGRAM, library, "receive", *tail], stdout=subprocess.PIPE, text=True)
    try:
        if receiver.stdout.readline().strip() != "ready":
            raise SystemExit(f"client.py: {library} cannot subscribe")
        # At QoS 1, which paces the sender: the broker gives the receiver what it has asked for.
        subprocess.run([PROGRAM, "starling", "publish", "1", *tail[1:]], stdout=subprocess.DEVNULL, timeout=LIMIT_SECONDS, check=True)
        return json.loads(receiver.communicate(timeout=LIMIT_SECONDS)[0])
    finally:
        receiver.kill()
        receiver.wait()


def figures_of(result):
    return {"per_cpu": result["messages"] / result["cpu"], "rate": result["messages"] / result["seconds"], "bytes": result["bytes"] / result["messages"]}


def compare(direction, qos, port, options):
    """One row: the medians of both, and the ratios within the rounds."""
    results = {library: [] for library in LIBRARIES}
    for turn in range(options.rounds):
        for library in LIBRARIES if turn % 2 == 0 else LIBRARIES[::-1]:
            results[library].append(figures_of(measure(library, direction, qos, port, options)))
            say(f"{direction} QoS {qos}, round {turn + 1}, {library}: {results[library][-1]['per_cpu']:,.0f} messages per CPU second")

    def median(library, key):
        return statistics.median(x[key] for x in results[library])

    ours, theirs = results["starling"], results["mqttnet"]
    ratios = [a["per_cpu"] / b["per_cpu"] for a, b in zip(ours, theirs)]
    row = [f"{direction}, QoS {qos}"]
    row += [f"{median(library, 'per_cpu'):,.0f}" for library in LIBRARIES]
    row += [f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"]
    row += [f"{median(library, 'bytes'):,.0f}" for library in LIBRARIES]
    return row + [f"{median(library, 'rate'):,.0f}" for library in LIBRARIES]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--broker", default="starling")
    parser.add_argument("--only", help="a part of the name of a row, such as 'publish, QoS 1'")
    options = parser.parse_args()
    for name in ("rounds", "messages", "window"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} is at least 1")
    subprocess.run(["dotnet", "build", PROJECT, "-c", "Release", "-v", "quiet", "--nologo"], check=True, stdout=sys.stderr)
    rows = []
    guarded()
    try:
        with Broker(options.broker, find_mqload()) as broker:
            for direction in ("publish", "receive"):
                for qos in (0, 1):
                    if (options.only or "") in f"{direction}, QoS {qos}":
                        rows.append(compare(direction, qos, broker.port, options))
    except Unavailable as cause:
        raise SystemExit(f"client.py: {cause}")
    print(heading("client.py"))
    print()
    headings = ["", "Starling msgs/CPU s", "MQTTnet msgs/CPU s", "ratio (range)", "Starling B/msg", "MQTTnet B/msg", "Starling msgs/s", "MQTTnet msgs/s"]
    print(table(headings, rows))


if __name__ == "__main__":
    main()
