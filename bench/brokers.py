"""Brokers and load generators as processes that never outlive the script, for scale.py and tails.py.

A broker is started by peers.sh and stopped by its process id; mqload is compiled when there is none. `guarded()` turns SIGTERM into an
ordinary exit, so that every `with` below does its part.
"""
import glob, json, os, resource, shutil, signal, socket, subprocess, tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
MIB = 1 << 20


class Unavailable(Exception):
    """A broker cannot be had on this machine; the text says why."""


def guarded():
    def leave(number, frame):
        raise SystemExit(128 + number)
    signal.signal(signal.SIGTERM, leave)


def go_realtime():
    """
    Real-time priority for this process and what it starts, so that other users of the machine do not delay it. What runs `gently` goes
    back to ordinary scheduling, ahead of others: its session's group counts too (autogroup).
    """
    os.setpriority(os.PRIO_PROCESS, 0, -15)
    if os.path.exists("/proc/self/autogroup"):
        with open("/proc/self/autogroup", "w") as f:
            f.write("-15")
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


def leave_loops_realtime(pid):
    """
    Puts the threads of a broker that only has background work back to ordinary scheduling: the quantum of real-time threads is long, and a
    compiler or a writer of segments would keep the core for all of it.
    """
    threads = {int(t): thread_name(pid, t) for t in os.listdir(f"/proc/{pid}/task")}
    if not any("loop" in name for name in threads.values()):
        return  # mosquitto and relay have one thread that does everything
    if os.path.exists(f"/proc/{pid}/autogroup"):
        with open(f"/proc/{pid}/autogroup", "w") as f:
            f.write("-15")
    for thread, name in threads.items():
        if "loop" not in name:
            os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))


def thread_name(pid, thread):
    with open(f"/proc/{pid}/task/{thread}/comm") as f:
        return f.read()


def gently():
    """What a command begins with that disturbs: it leaves most of a core to what is measured there."""
    return ["chrt", "--other", "0"] if os.sched_getscheduler(0) == os.SCHED_RR else ["nice", "-n", "10"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def find_mqload(path=None):
    """The load generator: as named, or compiled beside its source when that is newer."""
    path = path or os.environ.get("MQLOAD")
    if path:
        if not os.access(path, os.X_OK):
            raise Unavailable(f"mqload: {path} cannot be run; name the compiled file, or leave it out to have it compiled")
        return os.path.abspath(path)
    source, built = os.path.join(HERE, "mqload.c"), os.path.join(HERE, "mqload")
    if not os.path.exists(built) or os.path.getmtime(built) < os.path.getmtime(source):
        compiler = os.environ.get("CC", "gcc")
        if shutil.which(compiler) is None:
            raise Unavailable(f"there is no {compiler} to compile mqload with (Debian: gcc libc6-dev)")
        fresh = f"{built}.{os.getpid()}"
        subprocess.run([compiler, "-O2", "-o", fresh, source, "-lpthread"], check=True)
        os.replace(fresh, built)
    return built


class Broker:
    """A broker that runs inside a `with`. Options are `Key=Value` settings, which only Starling takes."""

    def __init__(self, name, mqload, options=(), durability="memory", loops=None, cpus=None, folder=None):
        self.name, self.mqload, self.durability, self.options = name, mqload, durability, list(options)
        self.loops, self.cpus, self.folder = loops, cpus, folder
        self.pid = self.port = self.place = None

    def __enter__(self):
        self.place = tempfile.mkdtemp(prefix=f"bench-{self.name}-", dir=self.folder)
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        """Starts it, also again after stop(), on the same directory."""
        self.port = free_port()
        options = self.options + ([f"Durability={self.durability}"] if self.durability != "memory" else [])
        environment = dict(os.environ, MQLOAD=self.mqload, PEER_DIR=self.place, PEER_PERSIST="0" if self.durability == "memory" else "1",
                           PEER_OPTIONS=" ".join(f"--set {x}" for x in options))
        for key, value in (("PEER_THREADS", self.loops), ("PEER_CPUS", self.cpus)):
            if value is not None:
                environment[key] = str(value)
        # In a session of its own: Ctrl+C must not end it between the start of the broker and the report of its process id.
        starter = subprocess.Popen([os.path.join(HERE, "peers.sh"), self.name, str(self.port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, env=environment, start_new_session=True)
        try:
            output, errors = starter.communicate()
        except BaseException:
            self.pid = pid_in(starter.communicate()[0])
            raise
        self.pid = pid_in(output)
        if self.pid is None:
            raise Unavailable(f"{self.name} does not start: {' '.join(errors.split())[-300:]}")
        if os.sched_getscheduler(0) == os.SCHED_RR:
            leave_loops_realtime(self.pid)

    def __exit__(self, *_):
        self.stop()
        if self.place:
            shutil.rmtree(self.place, ignore_errors=True)

    def stop(self):
        if self.pid is None:
            return
        for number, patience in ((signal.SIGTERM, 60), (signal.SIGKILL, 10)):
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                break
            if wait_until(self.has_ended, patience):
                break
        self.pid = None

    def has_ended(self):
        try:
            with open(f"/proc/{self.pid}/stat") as f:
                return f.read().rpartition(")")[2].split()[0] == "Z"  # ended, and not yet asked about by its parent
        except (FileNotFoundError, ProcessLookupError):
            return True

    def cpu_seconds(self):
        """What all its threads have used, by the kernel's clock of that process."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def status_kib(self, field):
        with open(f"/proc/{self.pid}/status") as f:
            return next((int(line.split()[1]) for line in f if line.startswith(field + ":")), 0)

    def resident_bytes(self):
        return self.status_kib("VmRSS") * 1024

    def disk_bytes(self):
        total = 0
        for path, _, names in os.walk(self.place):
            for name in names:
                try:
                    total += os.stat(os.path.join(path, name)).st_blocks * 512
                except FileNotFoundError:
                    pass  # the broker removes files while we look
        return total

    def checkpoints(self):
        return {os.path.basename(x) for x in glob.glob(os.path.join(self.place, "data", "ckpt", "*.ckp"))}


def pid_in(output):
    words = output.split()
    return int(words[-1]) if words and words[-1].isdigit() else None


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class Load:
    """One run of mqload inside a `with`. Its result is the line of JSON that it prints."""

    def __init__(self, broker, arguments, cpu=None, gentle=False, timeout=900):
        self.timeout = timeout
        command = [broker.mqload] + arguments.split() + ["--port", str(broker.port), "--broker-pid", str(broker.pid), "--label", broker.name]
        if cpu is not None:
            command = ["taskset", "-c", str(cpu)] + command
        if gentle:
            command = gently() + command
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def interrupt(self):
        """Ends it early; it still prints its result."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)

    def result(self):
        try:
            output, errors = self.process.communicate(timeout=self.timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            return {"error": f"not done in {self.timeout} s"}
        lines = output.strip().splitlines()
        return json.loads(lines[-1]) if lines else {"error": f"no result: {errors.strip()[-200:]}"}


def run_load(broker, arguments, **options):
    with Load(broker, arguments, **options) as load:
        return load.result()


class Neighbours:
    """How many cores everybody else uses, from when it is made: not the broker, not this script, not its children that have ended."""

    def __init__(self, broker):
        self.broker, self.begin = broker, time.monotonic()
        self.used = self.sum()

    def sum(self):
        with open("/proc/stat") as f:
            user, nice, system = (int(x) for x in f.readline().split()[1:4])
        mine = sum(x.ru_utime + x.ru_stime for x in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)))
        return (user + nice + system) / os.sysconf("SC_CLK_TCK") - mine - self.broker.cpu_seconds()

    def cores(self):
        return max(0.0, (self.sum() - self.used) / (time.monotonic() - self.begin))


class Watch:
    """Notes the most of what a broker uses, several times a second, inside a `with`."""

    def __init__(self, broker):
        self.broker, self.most_resident, self.most_disk, self.names = broker, 0, 0, set()
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)

    def look(self):
        while True:
            try:
                self.most_resident = max(self.most_resident, self.broker.resident_bytes())
            except (FileNotFoundError, ProcessLookupError):
                return  # the broker has ended; who watches it sees that elsewhere
            if self.broker.durability != "memory":
                self.most_disk = max(self.most_disk, self.broker.disk_bytes())
                self.names |= self.broker.checkpoints()
            if self.done.wait(0.2):
                return

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()
