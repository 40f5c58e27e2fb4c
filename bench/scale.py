#!/usr/bin/env python3
"""Prints how the broker's costs grow with numbers: a table of size and figures for each part, medians over interleaved rounds.

    scale.py [--parts connections,filters,children,subscribers,retained,queues,reconnect,payload,loops] [--small] [--json FILE]

connections  idle connections to 19 000: bytes and CPU each
filters      to 1 000 000 filters, exact, with + and mixed: bytes each, CPU of a publish, subscribe and unsubscribe rate
children     the same under one node
subscribers  one filter with 1 to 10 000 subscribers: CPU of a delivery
retained     to 1 000 000 retained messages: bytes each, what a subscription with 100 matches costs, all of them to a slow client
queues       to 10 000 000 messages in an absent persistent session, by durability, and all of them read back
reconnect    to 10 000 connections that break and come back at once
payload      64 bytes to 16 MiB
loops        1, 2 and 4 event loops, as fast as possible and at a moderate rate

The brokers are started by peers.sh, new for each row, and stopped by their process ids, on Ctrl+C too. The exit code is 1 when a message
was lost, doubled or out of order, or a row could not be measured; 2 for bad arguments.
"""
import argparse, os, shutil, sys

sys.dont_write_bytecode = True
import scale_connections, scale_routing, scale_volume
from brokers import Unavailable, find_mqload, guarded
from figures import Results, heading, say, show, get
from scale_parts import Setting, fault_of

PARTS = {"connections": scale_connections.connections, "filters": scale_routing.filters, "children": scale_routing.children,
         "subscribers": scale_routing.subscribers, "retained": scale_routing.retained, "queues": scale_volume.queues,
         "reconnect": scale_connections.reconnect, "payload": scale_volume.payload, "loops": scale_volume.loops}


def names_of(kind, known):
    """Makes the type of an option that takes names with commas between them; an unknown one is told with those that exist."""
    def parse(value):
        names = [x.strip() for x in value.split(",") if x.strip()]
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"there is no {kind} {name}; there are {', '.join(known)}")
        if not names:
            raise argparse.ArgumentTypeError(f"name at least one {kind}: {', '.join(known)}")
        return names
    return parse


def at_least(least, number=int):
    def parse(value):
        try:
            parsed = number(value)
        except ValueError:
            parsed = least - 1
        if parsed < least:
            raise argparse.ArgumentTypeError(f"{value} is not allowed: a number from {least} up")
        return parsed
    return parse


class OneLine(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{self.prog}: {message} (see --help)\n")


def arguments():
    p = OneLine(prog="scale.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--parts", type=names_of("part", list(PARTS)), default=list(PARTS), help="which, with commas (default: all)")
    p.add_argument("--brokers", type=names_of("broker", ["relay", "mosquitto", "starling"]), default=["relay", "mosquitto", "starling"],
                   help="which, with commas (default: relay,mosquitto,starling); each part takes those that can do it")
    p.add_argument("--small", action="store_true", help="small sizes and one short round: only shows that everything works")
    p.add_argument("--rounds", type=at_least(1), default=3, help="rounds (3); the largest sizes have fewer")
    p.add_argument("--seconds", type=at_least(0.1, float), default=2, help="of each timed run (2)")
    p.add_argument("--json", metavar="FILE", help="append every single result to this file, one JSON object a line")
    p.add_argument("--folder", metavar="DIR", help="where data directories are made (default: the folder for temporary files, which may be memory)")
    p.add_argument("--mqload", metavar="PATH", help="the compiled mqload.c (default: $MQLOAD, else it is compiled)")
    a = p.parse_args()
    if a.folder and not os.path.isdir(a.folder):
        p.error(f"--folder {a.folder} is no directory; name one that exists")
    if a.small:
        a.rounds, a.seconds = 1, 0.3
    try:
        return a, Results(a.json), find_mqload(a.mqload)
    except (OSError, Unavailable) as e:
        p.error(str(e))


def available(brokers):
    path = os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin"
    if "mosquitto" in brokers and not os.environ.get("MOSQUITTO_BIN") and shutil.which("mosquitto", path=path) is None:
        print("skipped: mosquitto: it is not installed (Debian package mosquitto)")
        return [b for b in brokers if b != "mosquitto"]
    return brokers


def measure(part, rounds, results):
    """Round by round, case after case, so that what slows the machine for a while does not fall on one row."""
    found = []
    for number in range(rounds):
        for index, case in enumerate(part.cases):
            if number >= case.rounds:
                continue
            try:
                result = case.run()
            except (OSError, Unavailable) as e:
                result = {"error": f"{type(e).__name__}: {e}"}
            result.update(part=part.name, case=index, labels=case.labels, broker=case.broker, round=number)
            found.append(result)
            results.add(result)
            first = part.columns[0]
            say(f"{part.name} {' '.join(case.labels)} round {number} {case.broker}: {show(get(result, first[0]))} {first[1]} {fault_of(result)}")
    return found


def main():
    guarded()
    a, results, mqload = arguments()
    print(f"# Scale\n\n{heading('scale.py')}\n", flush=True)
    setting = Setting(mqload, available(a.brokers), a.small, a.rounds, a.seconds, a.folder)
    failed = False
    for name in a.parts:
        part = PARTS[name](setting)
        text, wrong = part.markdown(measure(part, a.rounds, results))
        failed = failed or wrong
        print(text, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
