"""Which runs there are: the modules that stand beside this folder."""

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType

import bench.torture


@dataclass(frozen=True)
class Run:
    name: str
    module: ModuleType

    @property
    def sentence(self) -> str:
        return (self.module.__doc__ or "").splitlines()[0]

    @property
    def numbers(self) -> tuple[str, ...]:
        return self.module.NUMBERS

    @property
    def each_database(self) -> bool:
        return self.module.EACH_DATABASE


def runs() -> dict[str, Run]:
    """Every run by its name, in the order of the numbers that they answer for."""
    names = [
        found.name
        for found in pkgutil.iter_modules(bench.torture.__path__)
        if not found.ispkg and not found.name.startswith("_")
    ]
    found = [Run(name, importlib.import_module(f"bench.torture.{name}")) for name in names]
    return {run.name: run for run in sorted(found, key=lambda run: int(run.numbers[0][1:]))}
