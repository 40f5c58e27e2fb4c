"""Tables in Markdown, padded so that they can be read on a terminal too."""
import statistics
from . import figures
from .scenarios import SCENARIOS


def write(out, head, rows):
    rows = [[str(c) for c in row] for row in [head] + rows]
    widths = [max(3, *(len(row[i]) for row in rows)) for i in range(len(head))]
    for number, row in enumerate(rows):
        out.write("| " + " | ".join(c.ljust(w) for c, w in zip(row, widths)) + " |\n")
        if number == 0:
            out.write("|" + "|".join("-" * (w + 2) for w in widths) + "|\n")
    out.flush()


def of_scenarios(results, brokers, cases, out):
    """One table for each scenario: medians, faults, and ratios to the first broker that has a result."""
    for case in cases:
        scenario = SCENARIOS[case]
        names = [b for b in (scenario.alone or brokers) if any(r.get("case") == case and r["broker"] == b for r in results)]
        if not names:
            continue
        out.write(f"\n### {case}\n`{scenario.arguments}`\n\n")
        first = next((b for b in names if figures.median(figures.good(results, case, b), scenario.columns[0]) is not None), None)
        head = ["broker"] + scenario.columns + ["cores used", "lost/dup/ooo", "n"] + [f"ratio of {c}" for c in scenario.columns[:2]]
        write(out, head, [_line(results, case, broker, first) for broker in names])
        for broker in (b for b in brokers if b in scenario.without):
            out.write(f"\n{broker} was left out: {scenario.without[broker]}\n")


def _line(results, case, broker, first):
    columns = SCENARIOS[case].columns
    good = figures.good(results, case, broker)
    if not good:
        why = next(r["error"] for r in results if r.get("case") == case and r["broker"] == broker)
        return [broker] + ["-"] * len(columns) + ["", why[:80], "0", "", ""]
    cores = [r["broker_cpu_s"] / r["seconds"] for r in good if r.get("seconds") and r.get("broker_cpu_s") is not None]
    bad = "/".join(str(n) for n in figures.faults(good)) if "lost" in good[0] else ""
    ratios = [figures.ratio(good, figures.good(results, case, first), c) for c in columns[:2]]
    return ([broker] + [figures.text(figures.median(good, c)) for c in columns]
            + [figures.text(statistics.median(cores)) if cores else "", bad, len(good)] + ["" if r is None else f"{r:.2f}" for r in ratios])


def pivot(results, brokers, cases, figure, out):
    """One table: a line for each scenario, a column for each broker, the median of one figure."""
    out.write(f"\n### {figure} (median)\n\n")
    rows = [[c] + [figures.text(figures.median(figures.good(results, c, b), figure)) for b in brokers] for c in cases]
    write(out, ["scenario"] + brokers, [row for row in rows if any(cell != "-" for cell in row[1:])])
