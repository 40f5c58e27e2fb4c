"""The budget: what each row allows, and whether stored results keep to it."""
from typing import NamedTuple
from . import figures, tables

OWN = "starling"
CPU = "broker_cpu_us_per_msg"


class Row(NamedTuple):
    """One row. With a broker beside it, the median of the ratios within rounds is judged; without, the median of our figure."""
    case: str
    figure: str
    unit: str
    allowed: float
    beside: str = ""
    at_least: bool = False   # the figure, or the ratio, must be at least what is allowed; otherwise at most
    own: str = OWN          # the name of our results; a scenario that starts its own brokers may have several


def _relay(case, allowed):
    return Row(case, CPU, "CPU µs/message", allowed, "relay")


ROWS = [
    _relay("fanout100-q0-64", 2.5), _relay("fanout100-q1-64", 5), _relay("fanout1000-q0-64", 2.5), _relay("fanout1000-q1-64", 5),
    _relay("p2p100-q0-64", 4), _relay("p2p100-q1-64", 6), _relay("p2p100-q2-64", 6), _relay("fanin-q0-64", 4.5), _relay("fanin-q1-64", 6),
    _relay("fanin-q1-1k", 3), _relay("fanout100-q0-1k", 3),
    Row("lat-p2p-q1-10k", CPU, "CPU µs/message", 1.2, "mosquitto"),
    Row("lat-p2p-q1-10k", "lat_us.p99", "p99 µs", 2, "relay"),
    Row("subs-100k-mixed", CPU, "CPU µs/publish", 2),
    Row("idle-10k", "bytes_per_conn", "bytes/connection", 1536),
    Row("connect", "conns_per_s", "connections/s", 1, "mosquitto", True),
    Row("retained-100k", "msgs_per_s_out", "messages/s", 2, "mosquitto", True),
    Row("durable-q1-256", "queued_per_s", "messages/s", 200000, "", True),
    Row("durable-q1-256", "queued_per_s", "messages/s", 0.8, "memory", True),
    Row("start", "ms", "ms, ReadyToRun", 100),
    Row("start", "ms", "ms, Native AOT", 15, own="aot"),
    Row("recovery", "seconds_per_256_mib", "s per 256 MiB", 1),
]

# Rows of the budget that nothing here can measure yet; they are named, so that nobody takes them for met.
ABSENT = [("idle connections over TLS, at most 18 KiB each", "the broker has no TLS listener yet")]


class Verdict(NamedTuple):
    row: Row
    own: float
    beside: float
    judged: float
    word: str       # met, missed, void or not measured
    reason: str = ""


def judge(row, results):
    own = figures.good(results, row.case, row.own)
    beside = figures.good(results, row.case, row.beside) if row.beside else []
    value, other = figures.median(own, row.figure), figures.median(beside, row.figure)
    if failed := [r["error"] for r in results if _is(r, row.case, row.own) and r.get("error") and not r.get("missing")]:
        return Verdict(row, value, other, None, "void", f"{row.own}: {failed[0]}")
    if value is None:
        return Verdict(row, None, other, None, "not measured", _why(results, row.case, row.own))
    for name, runs in ((row.own, own), (row.beside, beside)):
        if reason := _void(name, runs):
            return Verdict(row, value, other, None, "void", reason)
    judged = figures.ratio(own, beside, row.figure) if row.beside else value
    if judged is None:
        return Verdict(row, value, other, None, "not measured", _why(results, row.case, row.beside))
    met = judged >= row.allowed if row.at_least else judged <= row.allowed
    return Verdict(row, value, other, judged, "met" if met else "missed")


def _is(result, case, broker):
    return result.get("case") == case and result.get("broker") == broker


def _why(results, case, broker):
    failed = [r["error"] for r in results if _is(r, case, broker) and r.get("error")]
    return f"{broker}: {failed[0]}" if failed else f"{broker} was not run"


def _void(name, runs):
    """Why runs prove nothing: messages went astray, or the load was not what it should have been."""
    lost, doubled, disordered = figures.faults(runs)
    if lost or doubled or disordered:
        return f"{name}: {lost} lost, {doubled} doubled, {disordered} out of order"
    for r in runs:
        if r.get("failed"):
            return f"{name}: {r['failed']} connections failed"
        if r.get("rate") and (r.get("msgs_per_s_in") or 0) < 0.95 * r["rate"]:
            return f"{name}: only {r.get('msgs_per_s_in') or 0:,.0f} of {r['rate']:,.0f} messages/s were sent"
    return ""


def report(results, brokers, out):
    """Prints the table; returns the verdicts."""
    verdicts = [judge(row, results) for row in ROWS]
    others = [b for b in brokers if b not in (OWN, "relay")]
    head = ["row", "figure", "Starling", "beside", "ratio", "allowed", "verdict"] + others
    out.write("\n## Budget\n\nMedians; a ratio is the median of the ratios within rounds.\n\n")
    tables.write(out, head, [_line(v, results, others) for v in verdicts])
    counts = {word: sum(v.word == word for v in verdicts) for word in ("met", "missed", "void", "not measured")}
    out.write("\n" + ", ".join(f"{n} {word}" for word, n in counts.items() if n or word == "met") + "\n")
    for v in verdicts:
        if v.reason:
            out.write(f"- {v.row.case} ({v.row.unit}) is {v.word}: {v.reason}\n")
    for what, reason in ABSENT:
        out.write(f"- not in the table: {what}: {reason}\n")
    return verdicts


def _line(v, results, others):
    row = v.row
    beside = f"{figures.text(v.beside)} {row.beside}" if row.beside else ""
    ratio = f"{v.judged:.2f}" if row.beside and v.judged is not None else ""
    allowed = ("≥ " if row.at_least else "≤ ") + (f"{row.allowed:,g}" if row.allowed < 1e6 else f"{row.allowed:,.0f}") + (" ×" if row.beside else "")
    beside_us = [figures.text(figures.median(figures.good(results, row.case, b), row.figure)) for b in others]
    return [row.case, row.unit, figures.text(v.own), beside, ratio, allowed, v.word] + beside_us


def exit_code(verdicts):
    """0: all met. 1: a row is missed or void. 3: none is, but some could not be measured."""
    words = {v.word for v in verdicts}
    return 1 if words & {"missed", "void"} else 3 if "not measured" in words else 0
