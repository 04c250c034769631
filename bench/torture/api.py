"""Asks the read API tens of thousands of made-up questions, one by one and along its links."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T20",)
EACH_DATABASE = True
ROUND = 2_000
_askers = count()
STEPS = 10  # from one answer to the next, in one walk along the links
PLAIN = {"Accept-Encoding": "identity"}  # the caller does not unpack


@dataclass
class Asked:
    """What came of it: how many questions, answers by status, and what did not fit, each once."""

    questions: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    breaches: Counter[str] = field(default_factory=Counter)

    @property
    def server_errors(self) -> int:
        return sum(times for status, times in self.statuses.items() if status >= 500)


def main(options: Options) -> list[Figure]:
    with fresh(options):
        from doorstep.site.demo.load import load  # after Django is set up
        from doorstep.site.demo.start import sign_the_record

        load()
        sign_the_record()
        asked = ask(options.size(2_000, 50_000), options.seed, options.say)
    held = not asked.server_errors and not asked.breaches
    for breach, times in asked.breaches.most_common(20):
        print(f"  {times} x {breach}")
    told = (
        f"{asked.questions:,} questions: {asked.server_errors} answered 5xx, "
        f"{sum(asked.breaches.values())} not as described"
    )
    return [Figure("T20", "questions to the read API", told, held)]


def ask(questions: int, seed: int, say: Callable[[str], None] = lambda text: None) -> Asked:
    """Ask at least so many: rounds over every operation, a fifth of each along the links."""
    import schemathesis

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", _from_everywhere)
    schema.config.generation.update(database="none")
    found = [result.ok() for result in schema.get_all_operations()]
    asked, turn = Asked(), 0
    while asked.questions < questions:
        size = min(questions - asked.questions, ROUND)
        _one_round(schema, found, size, seed * 1_000 + turn, asked)
        turn += 1
        faults = asked.server_errors + sum(asked.breaches.values())
        say(f"{asked.questions:,} questions asked, {faults} faults")
    return asked


def _from_everywhere(asked: dict[str, Any], answer: Any) -> Any:
    """The site, asked from another connection each time: one alone is told to be patient. Counted,
    for Hypothesis lets `random` draw the same again in every try."""
    from doorstep.site.wsgi import application

    number = next(_askers)
    asked["REMOTE_ADDR"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return application(asked, answer)


def _one_round(schema: Any, found: list[Any], size: int, seed: int, asked: Asked) -> None:
    until = asked.questions + size
    each = max(size * 4 // 5 // len(found) // 2, 1)
    for operation in found:
        for mode in _modes(operation):
            _one_operation(operation, mode, each, seed, asked)
    _along_links(schema, max((until - asked.questions) // STEPS, 1), seed, asked)


def _modes(operation: Any) -> Iterator[Any]:
    """Questions as described; and wrong ones, where there is a parameter to get wrong."""
    from schemathesis import GenerationMode

    yield GenerationMode.POSITIVE
    if any(operation.query):
        yield GenerationMode.NEGATIVE


def _settings(examples: int, **more: Any) -> Any:
    from hypothesis import HealthCheck, Phase, Verbosity, settings

    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # nothing fails, so there is nothing to shrink: faults are counted
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        **more,
    )


def _one_operation(operation: Any, mode: Any, examples: int, seed: int, asked: Asked) -> None:
    from hypothesis import given
    from hypothesis import seed as seeded
    from hypothesis.errors import Unsatisfiable

    @seeded(seed)
    @_settings(examples)
    @given(operation.as_strategy(generation_mode=mode))
    def question(case: Any) -> None:
        _look(case, asked)

    with suppress(Unsatisfiable):  # without parameters there is no question that is wrong
        question()


def _along_links(schema: Any, walks: int, seed: int, asked: Asked) -> None:
    from hypothesis import seed as seeded
    from hypothesis.stateful import run_state_machine_as_test

    class Walk(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": PLAIN}

        def validate_response(self, response: Any, case: Any, **more: Any) -> None:
            _judge(case, response, asked)

    run_state_machine_as_test(
        seeded(seed)(Walk), settings=_settings(walks, stateful_step_count=STEPS)
    )


def _look(case: Any, asked: Asked) -> None:
    _judge(case, case.call(headers=PLAIN), asked)


def _judge(case: Any, response: Any, asked: Asked) -> None:
    """Count an answer, and every way in which it is not as described."""
    from schemathesis.core.failures import FailureGroup

    asked.questions += 1
    asked.statuses[response.status_code] += 1
    try:
        case.validate_response(response)
    except FailureGroup as failures:
        for one in failures.exceptions:
            asked.breaches[f"{case.method} {case.operation.path}: {one.title}: {one.message}"] += 1
