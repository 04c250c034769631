"""The doors through which every verb of the command goes: what is refused ends in one line."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# A sum below nothing looks like an option: read as a sum, it is refused in words like any other.
SUMS = {"ignore_unknown_options": True}


def refusals() -> tuple[type[Exception], ...]:
    """What an action, a rule or a file refuses with. Asked for only once something was raised, so
    that no command waits for parts of the house that it does not need."""
    from doorstep.apps.refused import Refused
    from doorstep.engine.count import PabulibError, RuleError
    from doorstep.engine.count.command import ClusterError
    from doorstep.engine.forecast.scenario import ForecastError
    from doorstep.engine.need.errors import NeedError
    from doorstep.engine.rulebook import (
        LocalRuleError,
        NoRuleInForceError,
        RulebookError,
        UnknownRuleError,
    )
    from doorstep.site.catalogue import NoSuchLanguageError

    plain = (PabulibError, RuleError, ClusterError, ForecastError, NeedError, NoSuchLanguageError)
    rules = (RulebookError, UnknownRuleError, NoRuleInForceError, LocalRuleError)
    return Refused, *plain, *rules


@contextmanager
def refusals_in_one_line() -> Iterator[None]:
    """Whatever is refused ends as one line and exit code 2."""
    try:
        yield
    except SystemExit:
        raise
    except refusals() as refusal:
        print(f"doorstep: {refusal}", file=sys.stderr)
        raise SystemExit(2) from None
    except OSError as problem:
        print(f"doorstep: {_in_one_line(problem)}", file=sys.stderr)
        raise SystemExit(2) from None


def _in_one_line(problem: OSError) -> str:
    """What the system refused. shutil gathers what it could not copy: the first of it is told."""
    if problem.filename is not None:
        return f"{problem.filename}: {problem.strerror}"
    if isinstance(problem, shutil.Error) and isinstance(problem.args[0], list):
        _source, _target, why = problem.args[0][0]
        return f"{len(problem.args[0])} could not be copied, the first because: {why}"
    return problem.strerror or str(problem)


@contextmanager
def house() -> Iterator[None]:
    """Load the settings and every room; what the database cannot do ends in one line too."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorstep.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, OperationalError, ProgrammingError

    try:
        django.setup()
        with refusals_in_one_line():
            yield
    except ImproperlyConfigured as problem:
        print(f"doorstep: {problem}", file=sys.stderr)
        raise SystemExit(2) from None
    except DatabaseError as problem:
        said = f"doorstep: the database said: {str(problem).splitlines()[0]}."
        unready = isinstance(problem, OperationalError | ProgrammingError)
        print(said, "Run: doorstep migrate" if unready else "Nothing was done.", file=sys.stderr)
        raise SystemExit(2) from None
