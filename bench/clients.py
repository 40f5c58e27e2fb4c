#!/usr/bin/env python3
"""Compares client libraries for .NET: Starling's and MQTTnet's, each in a process of its own, interleaved, against one broker.

    clients.py [--rounds 5] [--messages 300000] [--scenarios publish-q0,publish-q1,receive-q0,receive-q1] [--broker starling]

Payloads have 64 bytes and a number: a receiver that misses a message or gets one out of order ends with an error, and so does its run. At
QoS 0 one caller publishes and the run ends with an acknowledged message; at QoS 1 there are 100 callers, each of which awaits its
acknowledgement. A receiver is fed by a feeder that is never more than some thousand messages ahead of it, so that no broker drops anything.
The processor time is that of the library's process alone. The first 100 000 messages are not counted: the compiler works then. Ratios are
taken within each round, then their median is printed.

Exit code 0; 2 for a wrong option; 3 when something cannot be built or started; 4 when a run failed.
"""
import json, os, statistics, subprocess, sys
from yardstick import brokers, tables, tools
from yardstick.options import Parser

LIBRARIES = ("starling", "mqttnet")
SCENARIOS = ("publish-q0", "publish-q1", "receive-q0", "receive-q1")
PROJECT = os.path.join(tools.BENCH, "Starling.ClientHost")
HOST = os.path.join(PROJECT, "bin", "Release", "net10.0", "Starling.ClientHost")
LIMIT_SECONDS = 300


class Failed(Exception):
    """A run came to no result."""


def parse(arguments):
    p = Parser(__doc__)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--messages", type=int, default=300000, help="measured in each run, after the first 100 000")
    p.add_argument("--scenarios", default=",".join(SCENARIOS), help="which, with commas")
    p.add_argument("--broker", default="starling", help="a name that bench/peers.sh knows")
    p.add_argument("--json", help="append every result to this file")
    p.add_argument("--no-build", action="store_true", help="the host is built already")
    a = p.parse_args(arguments)
    a.cases = a.scenarios.split(",")
    if wrong := [c for c in a.cases if c not in SCENARIOS]:
        p.error(f"--scenarios {wrong[0]}: allowed are {', '.join(SCENARIOS)}")
    for name, least in (("rounds", 1), ("messages", 1000)):
        if getattr(a, name) < least:
            p.error(f"--{name} {getattr(a, name)}: at least {least}")
    return a


def build():
    done = subprocess.run(["dotnet", "build", PROJECT, "-c", "Release", "-v", "quiet", "--nologo"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise tools.Missing("the host of the clients cannot be built: " + (done.stdout.strip().splitlines() or ["no message"])[-1])


def start(library, role, qos, port, messages):
    return subprocess.Popen([HOST, library, role, qos, str(port), str(messages)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def finish(process, what):
    """What a process printed last."""
    try:
        output, errors = process.communicate(timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        raise Failed(f"{what} is not done within {LIMIT_SECONDS} s")
    if process.returncode:
        raise Failed(f"{what} failed: " + (errors.strip().splitlines() or ["no message"])[0])
    return output.strip().splitlines()[-1:]


def run(library, case, port, messages):
    role, qos = case.split("-q")
    processes = [start(library, role, qos, port, messages)]
    try:
        if role == "receive":
            if processes[0].stdout.readline().strip() != "ready":
                raise Failed(f"{library} does not subscribe: {processes[0].stderr.read().strip()[-200:]}")
            processes.append(start("starling", "feed", qos, port, messages))
            finish(processes[1], "the feeder")
        lines = finish(processes[0], library)
        result = json.loads(lines[0])
    except (ValueError, IndexError):
        raise Failed(f"{library} printed no result")
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.wait()
    result.update(library=library, case=case, us_per_msg=result["cpu_s"] * 1e6 / messages, msgs_per_cpu_s=messages / result["cpu_s"],
                  bytes_per_msg=result["allocated_bytes"] / messages)
    return result


def measure(options, broker):
    results = []
    for number in range(options.rounds):
        for case in options.cases:
            for library in LIBRARIES if number % 2 == 0 else LIBRARIES[::-1]:
                result = dict(run(library, case, broker.port, options.messages), round=number)
                results.append(result)
                if options.json:
                    with open(options.json, "a") as f:
                        f.write(json.dumps(result) + "\n")
                print(f"{case} round {number + 1} {library}: {result['us_per_msg']:.2f} µs", file=sys.stderr, flush=True)
    return results


def report(results, cases, out):
    rows = []
    for case in cases:
        of = {name: [r for r in results if r["case"] == case and r["library"] == name] for name in LIBRARIES}
        for name in LIBRARIES:
            ratio = statistics.median(mine["msgs_per_cpu_s"] / other["msgs_per_cpu_s"] for mine, other in zip(of[name], of["mqttnet"]))
            middle = {k: statistics.median(r[k] for r in of[name]) for k in ("msgs_per_cpu_s", "us_per_msg", "bytes_per_msg", "seconds")}
            rows.append([case, name, f"{middle['msgs_per_cpu_s']:.0f}", f"{middle['us_per_msg']:.2f}", f"{middle['bytes_per_msg']:.0f}",
                         f"{of[name][0]['messages'] / middle['seconds']:.0f}", f"{ratio:.2f}", len(of[name])])
    tables.write(out, ["scenario", "library", "messages per CPU second", "CPU µs per message", "bytes allocated per message", "messages/s",
                       "ratio of messages per CPU second", "n"], rows)


def main():
    options = parse(sys.argv[1:])
    try:
        if not options.no_build:
            build()
    except tools.Missing as e:
        print(f"clients.py: {e}", file=sys.stderr)
        return 3
    broker = brokers.Broker(options.broker)
    if error := brokers.why_missing(options.broker) or broker.start():
        print(f"clients.py: {options.broker}: {error}", file=sys.stderr)
        return 3
    try:
        results = measure(options, broker)
    except Failed as e:
        print(f"clients.py: {e}", file=sys.stderr)
        return 4
    finally:
        broker.stop()
    report(results, options.cases, sys.stdout)
    print()
    tools.write_circumstances(tools.circumstances(sys.argv))
    return 0


if __name__ == "__main__":
    sys.exit(main())
