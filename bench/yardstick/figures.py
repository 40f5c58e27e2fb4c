"""Figures of stored results: a result is a dictionary with case, broker, round, and what mqload printed."""
import statistics


def get(result, path):
    """A figure by its name, with dots between levels; None when there is none."""
    for key in path.split("."):
        result = result.get(key) if isinstance(result, dict) else None
    return result


def good(results, case, broker):
    return [r for r in results if r.get("case") == case and r.get("broker") == broker and not r.get("error")]


def median(results, figure):
    values = [v for v in (get(r, figure) for r in results) if v is not None]
    return statistics.median(values) if values else None


def ratio(results, others, figure):
    """The median of the ratios within rounds: what slows a whole round does not matter. None when no round has both."""
    values = []
    for r in results:
        beside = [get(o, figure) for o in others if o.get("round") == r.get("round")]
        if get(r, figure) is not None and beside and beside[0]:
            values.append(get(r, figure) / beside[0])
    return statistics.median(values) if values else None


def faults(results):
    """Messages lost, doubled and out of order in all these runs."""
    return tuple(sum(abs(r.get(k) or 0) for r in results) for k in ("lost", "dup", "out_of_order"))


def text(value):
    """A figure as it stands in a table: three digits that matter, no more."""
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}" if size >= 0.1 else f"{value:.3f}"
