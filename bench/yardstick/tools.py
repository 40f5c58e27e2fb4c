"""Where things are in the repository, and how they are built when needed."""
import datetime, os, platform, shlex, shutil, subprocess, sys

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCH)
LAUNCHER = os.path.join(ROOT, "starling")
AOT = os.path.join(ROOT, "artifacts", "aot", "starling")


class Missing(Exception):
    """Something that a measurement needs is not on this machine."""


def find(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def load_generator(given=None):
    """The path of mqload: the one given, the one of MQLOAD, or the one compiled of bench/mqload.c, now when that is newer."""
    for path in (given, os.environ.get("MQLOAD")):
        if path:
            if not os.access(path, os.X_OK):
                raise Missing(f"mqload: {path} is not a program; leave it out, and bench/mqload.c is compiled")
            return path
    source, path = os.path.join(BENCH, "mqload.c"), os.path.join(ROOT, "artifacts", "bench", "mqload")
    if os.path.exists(path) and os.path.getmtime(path) > os.path.getmtime(source):
        return path
    compiler = os.environ.get("CC") or next((c for c in ("gcc", "cc", "clang") if find(c)), None)
    if not compiler:
        raise Missing("mqload: there is no C compiler to build it with (Debian: apt-get install gcc libc6-dev)")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    new = f"{path}.{os.getpid()}"
    if subprocess.run([compiler, "-O2", "-o", new, source, "-lpthread"]).returncode:
        raise Missing(f"mqload: {compiler} cannot compile bench/mqload.c")
    os.replace(new, path)  # another start may be using the one before
    return path


def launcher():
    """The path of the launcher, which has built the tool by then, not while it is waited for."""
    done = subprocess.run([LAUNCHER, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Missing("starling: it does not run: " + (done.stderr.strip().splitlines() or ["no message"])[-1])
    return LAUNCHER


def output(*command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT).stdout.strip()
    except OSError:
        return ""


def processor():
    with open("/proc/cpuinfo") as f:
        names = [line.split(":", 1)[1].strip() for line in f if line.startswith("model name")]
    return names[0] if names else platform.machine()


def circumstances(arguments):
    """What a figure in a document comes with: machine, commit, date and command."""
    changed = "" if not output("git", "status", "--porcelain", "--untracked-files=no") else " with changes that are not committed"
    script = os.path.relpath(os.path.abspath(arguments[0]), ROOT)
    return {
        "machine": f"{processor()}, {len(os.sched_getaffinity(0))} cores, {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB, "
                   f"Linux {platform.release()}",
        "commit": (output("git", "rev-parse", "--short=12", "HEAD") or "unknown") + changed,
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "command": shlex.join([script] + arguments[1:]),
    }


def write_circumstances(found, out=sys.stdout):
    for key in ("machine", "commit", "date", "command"):
        out.write(f"- {key.capitalize()}: " + (f"`{found[key]}`\n" if key == "command" else f"{found[key]}\n"))
