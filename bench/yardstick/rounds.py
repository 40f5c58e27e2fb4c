"""Runs scenarios on brokers, interleaved: round by round, scenario by scenario, broker after broker."""
import json, subprocess, sys
from . import figures
from .brokers import Broker
from .scenarios import COUNTED, SCENARIOS, Scenario

PREWARM = Scenario("p2p --pairs 50 --qos 1", [])


class Rounds:
    """The brokers of a comparison and what was measured on them so far."""

    def __init__(self, options, brokers, cases, measurements):
        self.options, self.cases, self.measurements = options, cases, measurements
        self.brokers = [Broker(name, options.port and options.port + i) for i, name in enumerate(brokers)]
        self.results, self.done = [], 0

    def run(self):
        try:
            for number in range(self.options.rounds):
                for case in self.cases:
                    if SCENARIOS[case].alone:
                        # What else runs would be measured too.
                        self.stop()
                        for result in self.measurements[case](self.options):
                            self._keep(dict(result, case=case, round=number))
                        continue
                    for broker in self.brokers:
                        if broker.name not in SCENARIOS[case].without:
                            self._keep(dict(self._measure(broker, case), case=case, broker=broker.name, round=number))
        finally:
            self.stop()
        return self.results

    def stop(self):
        for broker in self.brokers:
            broker.stop()

    def _measure(self, broker, case):
        scenario = SCENARIOS[case]
        if scenario.fresh:
            broker.stop()
        if not broker.is_alive():
            broker.stop()
            if error := broker.start():
                return {"error": error}
            if not scenario.fresh and self.options.prewarm > 0:
                load(self.options, broker, PREWARM, self.options.prewarm, 0)
        result = load(self.options, broker, scenario, self.options.seconds, self.options.warmup)
        if scenario.fresh or result.get("error"):
            broker.stop()
        return result

    def _keep(self, result):
        self.results.append(result)
        self.done += 1
        if self.options.json:
            with open(self.options.json, "a") as f:
                f.write(json.dumps(result) + "\n")
        columns = SCENARIOS[result["case"]].columns
        shown = " ".join(figures.text(figures.get(result, c)) for c in columns[:2])
        print(f"[{self.done}/{self.total()}] {result['case']} round {result['round'] + 1} {result['broker']}: {result.get('error') or shown}",
              file=sys.stderr, flush=True)

    def total(self):
        """How many results there will be."""
        each = sum(len(SCENARIOS[c].alone) or sum(b.name not in SCENARIOS[c].without for b in self.brokers) for c in self.cases)
        return self.options.rounds * each


def load(options, broker, scenario, seconds, warmup):
    """One run of mqload against a broker that listens: what it printed, or an error."""
    words = scenario.arguments.split()
    command = [options.mqload] + words + ["--port", str(broker.port), "--broker-pid", str(broker.pid), "--label", broker.name]
    if words[0] not in COUNTED:
        command += ["--seconds", str(seconds)]
        if words[0] != "connect":
            command += ["--warmup", str(warmup)]
    if options.cpu is not None:
        command += ["--cpu", str(options.cpu)]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=options.timeout)
        return json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {"error": f"not done within {options.timeout:g} s"}
    except (ValueError, IndexError):
        return {"error": "no result: " + (done.stderr or "").strip()[-200:]}
