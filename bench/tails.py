#!/usr/bin/env python3
"""Prints what others do to the latency of a group of clients that publish at half of what saturates the broker.

    tails.py [--disturb none,slow-subscriber,retained-walk,checkpoint,takeover-storm] [--small] [--json FILE]

The broker is pinned to one core and the generators to another. First the highest rate is found that the group (20 pairs, QoS 1, 64 bytes)
can publish at in open loop, every millisecond what is due; latency counts from the moment a message was due. Half of that is its rate from
then on. Then each disturbance begins before the measured time and lasts through it, on a new broker, round by round. `relay`, which only
copies bytes, gets the same rate and the disturbances that it can have. What disturbs runs at a lower priority, so that the generator has
most of their core. `others' cores` is what the rest of the machine used meanwhile: above 0.1 the latencies are also
theirs, and the verdict says so.

A row holds when its p99 is at most 3 times the quiet one or 5 ms, whichever is more, and the memory charged to the budget stays inside it.
Exit code: 1 when the measured group lost a message, or a row could not be measured; with --check also when a row does not hold; 2 for
bad arguments.
"""
import argparse, os, sys

sys.dont_write_bytecode = True
from brokers import Broker, Neighbours, Unavailable, Watch, find_mqload, go_realtime, guarded, run_load
from figures import Results, get, heading, median, say, show, table
from scale import OneLine, at_least, names_of
from scale_parts import checked, fault_of
from tail_disturbances import ROWS, Scene, system_figures

GROUP = "p2p --pairs 20 --qos 1 --inflight 1000 --size 64 --tick 1000"
WARM_RATE = 50_000
BUDGET_MIB = 1024
KEPT_UP_P50_US = 10_000  # a broker that does not keep up is behind by more and more
OTHERS_MOST = 0.1  # cores; above that a quiet run is not quiet, and its bound too wide
GENERATOR_MOST = 0.85  # of its core; above that the latency is the generator's


def arguments():
    p = OneLine(prog="tails.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--disturb", type=names_of("disturbance", list(ROWS)), default=list(ROWS), help="which, with commas (default: all)")
    p.add_argument("--small", action="store_true", help="one short round with little prepared: only shows that everything works")
    p.add_argument("--rounds", type=at_least(1), default=3, help="rounds (3)")
    p.add_argument("--seconds", type=at_least(0.5, float), default=6, help="measured in each run (6; twice that for the checkpoint)")
    p.add_argument("--rate", type=at_least(1), help="messages/s of the group (default: half of what saturates the broker)")
    p.add_argument("--loops", type=at_least(1), default=1, help="event loops of the broker (1: it has one core)")
    p.add_argument("--cpus", metavar="B,G", default="0,1", help="the core of the broker and that of the generators (0,1)")
    p.add_argument("--realtime", action="store_true", help="real-time priority for the loops and the generator: for a machine that others use too (root only); "
                   "then nothing in the background of the broker delays a loop either")
    p.add_argument("--check", action="store_true", help="exit code 1 also when a row does not hold")
    p.add_argument("--json", metavar="FILE", help="append every single result to this file, one JSON object a line")
    p.add_argument("--folder", metavar="DIR", help="where data directories are made (default: the folder for temporary files, which may be memory)")
    p.add_argument("--mqload", metavar="PATH", help="the compiled mqload.c (default: $MQLOAD, else it is compiled)")
    a = p.parse_args()
    if "none" not in a.disturb:
        a.disturb = ["none"] + a.disturb  # the others are held against it
    if a.folder and not os.path.isdir(a.folder):
        p.error(f"--folder {a.folder} is no directory; name one that exists")
    try:
        a.broker_cpu, a.generator_cpu = (int(x) for x in a.cpus.split(","))
    except ValueError:
        p.error(f"--cpus {a.cpus} is not allowed: two numbers with a comma between them, for example 0,1")
    if not {a.broker_cpu, a.generator_cpu} <= os.sched_getaffinity(0) or a.broker_cpu == a.generator_cpu:
        p.error(f"--cpus {a.cpus} is not allowed: two different ones of {sorted(os.sched_getaffinity(0))}; with one core tails cannot be measured")
    try:
        if a.realtime:
            go_realtime()
    except PermissionError:
        p.error("--realtime is not allowed for this user; leave it out, or be root")
    a.retained, a.queued = (20_000, 20_000) if a.small else (1_000_000, 1_000_000)
    if a.small:
        a.rounds, a.seconds = 1, 1
    try:
        return a, Results(a.json), find_mqload(a.mqload)
    except (OSError, Unavailable) as e:
        p.error(str(e))


class Bench:
    def __init__(self, a, mqload):
        self.a, self.mqload, self.rate = a, mqload, a.rate

    def broker(self, name, row=None):
        options = [f"Memory:Budget={BUDGET_MIB}MiB", "SysInterval=1s"] + list(row.options if row else ())
        return Broker(name, self.mqload, options=options if name == "starling" else (), loops=self.a.loops, cpus=self.a.broker_cpu,
                      durability=row.durability if row and name == "starling" else "memory", folder=self.a.folder)

    def warm(self, broker):
        """A new broker compiles its code while it runs: at a rate that leaves the compiler time on the one core."""
        run_load(broker, f"{GROUP} --rate {WARM_RATE} --seconds {0.5 if self.a.small else 8}", cpu=self.a.generator_cpu)

    def saturate(self):
        """
        The highest rate that the broker keeps up with in open loop, by halving intervals below what it reaches in closed loop: there it
        handles larger batches, and so more. Sets the rate of the group to half of it.
        """
        with self.broker("starling") as broker:
            self.warm(broker)
            closed = checked(run_load(broker, f"{GROUP} --seconds {self.a.seconds / 2}", cpu=self.a.generator_cpu))
            if fault_of(closed):
                raise OSError(f"saturation cannot be measured: {fault_of(closed)}")
            low, high, best = 0, closed["msgs_per_s_out"], None
            for _ in range(2 if self.a.small else 6):
                rate = (low + high) / 2
                r = run_load(broker, f"{GROUP} --rate {rate:.0f} --warmup 0.5 --seconds {self.a.seconds / 3} --drain 5", cpu=self.a.generator_cpu)
                kept = not fault_of(checked(r)) and r["msgs_per_s_out"] >= 0.98 * rate and r["lat_us"]["p50"] < KEPT_UP_P50_US
                low, high, best = (rate, high, r) if kept else (low, rate, best)
        if best is None:
            raise OSError("saturation cannot be measured: the broker kept up with no rate; is the machine busy with something else?")
        self.rate = int(low / 2)
        broker_core, generator_core = best["broker_cpu_s"] / best["seconds"], best["gen_cpu_us_per_msg"] * best["msgs_per_s_out"] / 1e6
        print(f"Saturation: as fast as possible {show(closed['msgs_per_s_out'])} messages/s (broker on {closed['broker_cpu_s'] / closed['seconds']:.2f} of its core); in open loop "
              f"{show(low)} messages/s are kept up with (p50 below {KEPT_UP_P50_US // 1000} ms; broker on {broker_core:.2f}, generator on {generator_core:.2f} of its core). "
              f"The group's rate: {show(self.rate)} messages/s.\n", flush=True)

    def run(self, name, row, number):
        seconds = self.a.seconds * row.stretch
        with self.broker(name, row) as broker:
            tag = f"tail{number}"
            scene = Scene(broker, tag, self.a.generator_cpu, seconds, self.a.retained, self.a.queued)
            row.prepare(scene)
            self.warm(broker)
            before = system_figures(broker)
            neighbours = Neighbours(broker)
            with Watch(broker) as watch:
                with row.disturb(scene):
                    result = checked(run_load(broker, f"{GROUP} --rate {self.rate} --warmup 1 --seconds {seconds} --drain 10 --tag {tag}", cpu=self.a.generator_cpu))
            scene.notes["others_cores"] = neighbours.cores()
            result.update(system_figures(broker, before) or {}, resident_most_mib=watch.most_resident / (1 << 20), **scene.notes)
            if not result.get("error"):
                result["generator_core"] = result["gen_cpu_us_per_msg"] * result["msgs_per_s_out"] / 1e6
                result["broker_core"] = result["broker_cpu_s"] / result["seconds"]
            return result


def verdict(row, broker, p99, quiet, mine):
    """Whether the row holds, and the bound that it was held against."""
    if p99 is None or quiet is None:
        return "-", "not measured"
    bound = max(3 * quiet, 5000)
    if broker != "starling" or row.name == row.quiet:
        return show(bound / 1000), "-"
    if (median([get(r, "charged_most_mib") for r in mine]) or 0) > BUDGET_MIB:
        return show(bound / 1000), "missed: memory"
    if row.name == "checkpoint" and not median([get(r, "checkpoints") for r in mine]):
        return show(bound / 1000), "void: no checkpoint happened"
    busy = (median([get(r, "others_cores") for r in mine]) or 0) > OTHERS_MOST
    return show(bound / 1000), ("holds" if p99 <= bound else "missed") + (" (machine busy)" if busy else "")


def report(rows, results):
    """The table of medians, and whether something was missed or wrong."""
    lines, missed, notes = [], False, []
    for row in rows:
        for broker in row.brokers:
            every = [r for r in results if r["row"] == row.name and r["broker"] == broker]
            mine = [r for r in every if not fault_of(r)]
            notes += [f"WRONG: {row.name}, {broker}: {fault_of(r)}" for r in every if fault_of(r)]
            quiet = median([get(r, "lat_us.p99") for r in results if r["row"] == row.quiet and r["broker"] == broker and not fault_of(r)])
            p99 = median([get(r, "lat_us.p99") for r in mine])
            bound, word = verdict(row, broker, p99, quiet, mine)
            missed = missed or word.startswith(("missed", "void"))
            dropped = {}
            for r in mine:
                for reason, count in (r.get("dropped") or {}).items():
                    dropped.setdefault(reason, []).append(count)
            milliseconds = [(median([get(r, f"lat_us.{q}") for r in mine]) or 0) / 1000 for q in ("p50", "p99", "p999", "max")]
            lines.append([row.name, broker] + milliseconds + [p99 / quiet if p99 and quiet else None, bound, word]
                         + [median([get(r, key) for r in mine]) for key in ("broker_core", "generator_core", "others_cores", "resident_most_mib", "charged_most_mib", "written_mib", "published")]
                         + ["; ".join(f"{k} {show(median(v))}" for k, v in dropped.items()) or "-", next((r["did"] for r in mine if r.get("did")), "-")])
            if (median([get(r, "generator_core") for r in mine]) or 0) > GENERATOR_MOST:
                notes.append(f"{row.name}, {broker}: the generator was busy for more than {GENERATOR_MOST:.0%} of its core, so its latency says little")
    text = table(["disturbed by", "broker", "p50 ms", "p99 ms", "p999 ms", "max ms", "p99 × quiet", "bound ms", "verdict", "broker's core", "generator's core", "others' cores",
                  "most memory MiB", "charged MiB", "log MiB", "published", "dropped (reason, median)", "what happened"], lines)
    return text + "\n" + "".join(f"\n- {x}" for x in notes), missed, any(x.startswith("WRONG") for x in notes)


def main():
    guarded()
    a, results, mqload = arguments()
    os.sched_setaffinity(0, {a.generator_cpu})
    print(f"# Tails\n\n{heading('tails.py')} Broker on CPU {a.broker_cpu}, generators on CPU {a.generator_cpu}; memory budget {BUDGET_MIB} MiB.\n", flush=True)
    bench, rows, found = Bench(a, mqload), [row for name in a.disturb for row in ROWS[name]], []
    try:
        if a.rate:
            print(f"The group's rate, as asked for: {show(a.rate)} messages/s.\n", flush=True)
        else:
            bench.saturate()
    except (OSError, Unavailable) as e:
        say(f"tails.py: {e}")
        return 1
    for number in range(a.rounds):
        for row in rows:
            for name in row.brokers:
                try:
                    result = bench.run(name, row, number)
                except (OSError, Unavailable) as e:
                    result = {"error": f"{type(e).__name__}: {e}"}
                result.update(row=row.name, broker=name, round=number)
                found.append(result)
                results.add(result)
                say(f"{row.name} round {number} {name}: p99 {show(get(result, 'lat_us.p99'))} µs {result.get('did', '')} {fault_of(result)}")
    text, missed, wrong = report(rows, found)
    print(text, flush=True)
    return 1 if wrong or (a.check and missed) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
