"""Brokers that bench/peers.sh starts and this script stops."""
import os, shutil, signal, subprocess, tempfile, time
from .tools import BENCH
from .wire import free_port

PEERS = os.path.join(BENCH, "peers.sh")


class Broker:
    """One broker process; it may be started many times."""

    def __init__(self, name, port=None):
        self.name, self.port, self.pid, self.folder = name, port or free_port(), None, None

    def start(self):
        """Why it does not start; empty when it listens."""
        self.folder = tempfile.mkdtemp(prefix=f"peer-{self.name}-")
        done = subprocess.run([PEERS, self.name, str(self.port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=dict(os.environ, PEER_DIR=self.folder))
        if done.returncode or not done.stdout.split():
            return "does not start: " + one_line(done.stderr)
        self.pid = int(done.stdout.split()[-1])
        return ""

    def stop(self):
        if self.pid:
            for number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.kill(self.pid, number)
                except ProcessLookupError:
                    break
                if self._ends_within(3):
                    break
        self.pid = None
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def is_alive(self):
        return self.pid is not None and os.path.exists(f"/proc/{self.pid}")

    def _ends_within(self, seconds):
        end = time.monotonic() + seconds
        while self.is_alive() and time.monotonic() < end:
            time.sleep(0.02)
        return not self.is_alive()


def one_line(text):
    """The last line of what a script said, without its name."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].removeprefix("peers.sh: ") if lines else "no message"


def why_missing(name):
    """Why a broker cannot be had on this machine, after building what can be built; empty when it can."""
    done = subprocess.run([PEERS, name, "check"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return one_line(done.stderr) if done.returncode else ""
