"""Medians, tables and the heading of a measurement: what every table that is written down needs."""
import json, os, platform, shlex, statistics, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def get(result, path):
    for key in path.split("."):
        result = result.get(key) if isinstance(result, dict) else None
    return result


def median(values):
    known = [v for v in values if isinstance(v, (int, float))]
    return statistics.median(known) if known else None


def show(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 or value == int(value) else f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def show_count(value):
    """A size as people say it: 1k, 10k, 1M."""
    for unit, word in ((1_000_000, "M"), (1_000, "k")):
        if value >= unit and value % (unit // 10) == 0:
            return f"{value / unit:g}{word}"
    return str(value)


def show_bytes(value):
    for unit, word in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if value >= unit and value % unit == 0:
            return f"{value // unit} {word}"
    return f"{value} B"


def table(headings, rows):
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return "\n".join(lines + ["| " + " | ".join(show(x) for x in row) + " |" for row in rows])


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo") as f:
        model = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), model)
    with open("/proc/meminfo") as f:
        memory = int(f.readline().split()[1]) / (1 << 20)
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}, load average {load:.1f}"


def commit():
    try:
        sha = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run(["git", "-C", ROOT, "status", "--porcelain", "--untracked-files=no"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown (no git here)"
    return sha + (" with changes" if changed.strip() else "")


def heading(script):
    command = shlex.join([f"bench/{script}"] + sys.argv[1:])
    return f"`{command}`\n\nMachine: {machine()}. Commit: {commit()}. Date: {time.strftime('%Y-%m-%d %H:%M')}."


class Results:
    """Every single result, appended to a file as it comes when one is named."""

    def __init__(self, file):
        self.file = file
        if file:
            open(file, "a").close()  # a path that cannot be written is told now, not after an hour

    def add(self, result):
        if self.file:
            with open(self.file, "a") as f:
                f.write(json.dumps(result) + "\n")


def say(line):
    print(line, file=sys.stderr, flush=True)
