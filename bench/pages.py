"""Two public pages at full size: SQL statements, processor time new and kept, bytes on the wire."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from io import BytesIO
from wsgiref.util import setup_testing_defaults

RUNS = 60
AWARDS = 50
ENTRIES = 200
BARS = "Bars: at most 12 statements, 10 ms new, 1.5 ms kept, 30 kB."


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DOORSTEP_DATA"] = folder
        os.environ["DOORSTEP_DATABASE_URL"] = ""
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorstep.site.settings")
        import django

        django.setup()
        _furnish()
        print(f"\nPages, median of {RUNS} on SQLite. {BARS}")
        print(f"{'page':<34} {'rows':>5} {'SQL':>4} {'new ms':>7} {'kept ms':>8} {'gzip kB':>8}")
        for path, rows in (("/places/bench-hill/", AWARDS), ("/ledger/place/bench-hill/", ENTRIES)):
            _row(path, rows)
            # A tenth of the rows: the statements must not change.
        for path, rows in (("/places/bench-dale/", 5), ("/ledger/place/bench-dale/", 20)):
            _row(path, rows)


def _row(path: str, rows: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answer = _application()
    for warm in range(5):
        answer(f"{path}?warm={warm}")
    with CaptureQueriesContext(connection) as statements:
        body = answer(f"{path}?counted")
        taken = len(statements)
    new = _median(lambda n: answer(f"{path}?new={n}"))
    answer(path)
    kept = _median(lambda n: answer(path))
    print(f"{path:<34} {rows:>5} {taken:>4} {new:>7.2f} {kept:>8.2f} {len(body) / 1000:>8.1f}")


def _median(act: Callable[[int], object]) -> float:
    """Milliseconds of this process's processor time."""
    times = []
    for number in range(RUNS):
        began = time.process_time_ns()
        act(number)
        times.append((time.process_time_ns() - began) / 1e6)
    return statistics.median(times)


def _application() -> Callable[[str], bytes]:
    """The whole WSGI application, as the server calls it: every middleware, gzip included."""
    from doorstep.site.wsgi import application

    def answer(address: str) -> bytes:
        path, _, query = address.partition("?")
        environ = {
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT_ENCODING": "gzip",
            "wsgi.input": BytesIO(),
        }
        setup_testing_defaults(environ)
        status: list[str] = []
        parts = application(environ, lambda line, headers: status.append(line))
        body = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        assert status[0].startswith("200"), (address, status, body[:300])
        return body

    return answer


def _furnish() -> None:
    """Two places through the product's own actions: one full, one with a tenth of it."""
    from doorstep.site.demo.load import load
    from doorstep.site.management import migrate
    from doorstep.site.server import compile_languages, prepare_static

    migrate()
    prepare_static()
    compile_languages()
    load()
    _place("bench-hill", awards=AWARDS, entries=ENTRIES)
    _place("bench-dale", awards=AWARDS // 10, entries=ENTRIES // 10)


def _place(slug: str, *, awards: int, entries: int) -> None:
    from doorstep.apps.awards.actions import settle_round
    from doorstep.apps.fund.actions import allocate
    from doorstep.apps.fund.models import Fund
    from doorstep.apps.ledger.actions import Line, post
    from doorstep.apps.partnerships.actions import form_partnership
    from doorstep.apps.places.actions import open_place
    from doorstep.apps.record.actors import Actor
    from doorstep.apps.rounds.actions import (
        add_projects,
        close_round,
        count_round,
        draft_round,
        freeze_round,
    )
    from doorstep.apps.rounds.models import VoteType
    from doorstep.engine.count import Project, Rule, election_of, write_pabulib

    actor, day = Actor("system", "bench"), date(2026, 6, 1)
    place = open_place(
        slug, slug.title(), "Alderdale", population=6000, population_year=2024,
        population_source="Made up", boundary_year=2021, actor=actor,
    )  # fmt: skip
    form_partnership(place, f"{slug} partnership", actor=actor)
    allocate(
        Fund.objects.get(slug="alderdale"), place, 100_000_000, begins_on=day,
        ends_on=date(2036, 6, 1), on=day, idem_key=f"bench:{slug}", actor=actor,
    )  # fmt: skip
    ideas = [(f"idea-{n}", f"An idea with a longer name, number {n}", 1000) for n in range(awards)]
    round_ = draft_round(
        slug, place, title="A round", budget_pence=awards * 100_000, vote_type=VoteType.APPROVAL,
        rule=Rule(),
    )  # fmt: skip
    add_projects(round_, [(code, name, pounds * 100) for code, name, pounds in ideas])
    round_ = freeze_round(round_, on=day, actor=actor)
    election = election_of(
        name=slug,
        projects=[Project(code, name, Fraction(pounds)) for code, name, pounds in ideas],
        votes=[[code for code, _, _ in ideas]] * 10,
        budget=awards * 1000,
    )
    round_ = close_round(round_, write_pabulib(election), actor=actor)
    settle_round(count_round(round_, actor=actor), on=day, actor=actor)
    # Each award is an entry; the share and the pot set aside are two more.
    for number in range(entries - awards - 2):
        post(
            "fund.returned",
            [Line(f"place:{slug}:available", "alderdale:pot", 100 + number)],
            idem_key=f"bench:{slug}:{number}",
            actor=actor,
            effective_on=day,
        )
