"""What scale.py measures in one part: cases, each of which gives figures, and the table of their medians."""
import dataclasses
from typing import Callable

from brokers import Broker, run_load
from figures import get, median, show_count, table


@dataclasses.dataclass
class Setting:
    """What all parts are told."""
    mqload: str
    brokers: list
    small: bool
    rounds: int
    seconds: float
    folder: str

    @property
    def warm(self):
        """Seconds of load for a new broker before it is measured: a run on code that is still being compiled says nothing."""
        return 0.2 if self.small else 1.5

    def sizes(self, full, small):
        return small if self.small else full

    def broker(self, name, **more):
        return Broker(name, self.mqload, folder=self.folder, **more)


@dataclasses.dataclass
class Case:
    """One row. `run` gives the figures; an `error` or a `wrong` among them is shown and makes the run fail."""
    labels: tuple
    broker: str
    run: Callable[[], dict]
    rounds: int = 99


@dataclasses.dataclass
class Part:
    name: str
    says: str
    labels: tuple
    columns: list
    cases: list

    def markdown(self, results):
        """The table: medians over the rounds of each case, and what went wrong."""
        rows, wrong = [], []
        for index, case in enumerate(self.cases):
            mine = [r for r in results if r["case"] == index]
            good = [r for r in mine if not fault_of(r)]
            wrong += [f"{', '.join(map(str, case.labels))}, {case.broker}: {fault_of(r)}" for r in mine if fault_of(r)]
            if mine:
                rows.append(list(case.labels) + [case.broker] + [median([get(r, path) for r in good]) for path, _ in self.columns] + [len(good)])
        text = table(list(self.labels) + ["broker"] + [heading for _, heading in self.columns] + ["runs"], rows)
        return f"### {self.name}\n\n{self.says}\n\n{text}\n" + "".join(f"\n- WRONG: {x}" for x in wrong), bool(wrong)


def fault_of(result):
    return result.get("error") or result.get("wrong") or ""


def checked(result, lossless=True):
    """The result of mqload, with what is wrong in it said."""
    if lossless and not result.get("error"):
        bad = [f"{result[k]} {k}" for k in ("lost", "dup", "out_of_order") if result.get(k)]
        if bad:
            result["wrong"] = ", ".join(bad)
    return result


def measured(broker, arguments, warm=None, lossless=True):
    """Warms a new broker up, so that compiling its code is not measured, then runs mqload."""
    if warm:
        run_load(broker, warm)
    return checked(run_load(broker, arguments), lossless)


def counted(size):
    return show_count(size)
