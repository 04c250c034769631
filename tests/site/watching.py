"""Which actions an act reaches, and what the outermost of them gave."""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import CodeType, FrameType, ModuleType
from typing import Any

from django.apps import apps


@cache
def every_action() -> dict[CodeType, str]:
    """The public functions of each room's actions: {their code: "fund.giving.release"}."""
    return {
        inspect.unwrap(function).__code__: f"{_room(module)}.{name}"
        for module in _modules()
        for name, function in vars(module).items()
        if not name.startswith("_")
        and inspect.isfunction(function)
        and function.__module__ == module.__name__
    }


def _modules() -> Iterator[ModuleType]:
    for app in apps.get_app_configs():
        if not app.name.startswith("doorstep."):
            continue
        try:
            actions = importlib.import_module(f"{app.name}.actions")
        except ModuleNotFoundError:
            continue
        yield actions
        for found in pkgutil.iter_modules(getattr(actions, "__path__", [])):
            yield importlib.import_module(f"{actions.__name__}.{found.name}")


def _room(module: ModuleType) -> str:
    return module.__name__.removeprefix("doorstep.apps.").replace(".actions", "")


@dataclass
class Watch:
    """`gave` is what the outermost action returned last, whether or not its commit was heard of."""

    reached: set[str] = field(default_factory=set)
    gave: Any = None
    _inside: int = 0

    def _see(self, frame: FrameType, event: str, value: Any) -> None:
        name = every_action().get(frame.f_code)
        if name is None:
            return
        if event == "call":
            self.reached.add(name)
            self._inside += 1
        elif event == "return":
            self._inside -= 1
            if not self._inside:
                self.gave = value

    @contextmanager
    def on(self) -> Iterator["Watch"]:
        self.gave, self._inside = None, 0
        before: Callable | None = sys.getprofile()
        sys.setprofile(self._see)
        try:
            yield self
        finally:
            sys.setprofile(before)
