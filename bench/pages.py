"""Public pages at full size: SQL statements, processor time new and kept, bytes on the wire."""

import gzip
import statistics
import time
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from io import BytesIO
from math import cos, sin, tau
from wsgiref.util import setup_testing_defaults

from bench.scratch import scratch_site

RUNS = 60
AWARDS = 50
ENTRIES = 200
BARS = "Bars: at most 12 statements, 10 ms new, 1.5 ms kept, 30 kB; the map 60 kB, unpacked too."
MAPPED = 100  # places on one page of the map, the most that are drawn


def run() -> None:
    with scratch_site():
        _furnish()
        print(f"\nPages, median of {RUNS} on SQLite. {BARS}")
        heads = f"{'SQL':>4} {'new ms':>7} {'kept ms':>8} {'gzip kB':>8} {'kB':>7}"
        print(f"{'page':<41} {'rows':>5} {heads}")
        for path, rows in (("/places/bench-hill/", AWARDS), ("/ledger/place/bench-hill/", ENTRIES)):
            _row(path, rows)
            # A tenth of the rows: the statements must not change.
        for path, rows in (("/places/bench-dale/", 5), ("/ledger/place/bench-dale/", 20)):
            _row(path, rows)
        for name, rows in (("bench-hill", ENTRIES), ("bench-dale", ENTRIES // 10)):
            # A parameter it does not know is refused, so the places before its first row vary.
            _row(f"/api/v1/entries?place={name}&limit={ENTRIES}", rows, vary="&start=")
        for path in ("/map/", "/fund/", "/street/?q=ZA1+5AA"):
            _row(path, 12, vary="&new=" if "?" in path else "?new=")
        _more_places(MAPPED - 12)
        _row("/map/", MAPPED)


def _row(path: str, rows: int, vary: str = "?new=") -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answer = _application()
    for warm in range(5):
        answer(f"{path}{vary}{warm}")
    with CaptureQueriesContext(connection) as statements:
        body = answer(f"{path}{vary}5")
        taken = len(statements)
    new = _median(lambda n: answer(f"{path}{vary}{n + 6}"))
    answer(path)
    kept = _median(lambda n: answer(path))
    name, sent = path.removeprefix("/api/v1"), len(body) / 1000
    whole = len(gzip.decompress(body)) / 1000
    print(f"{name:<41} {rows:>5} {taken:>4} {new:>7.2f} {kept:>8.2f} {sent:>8.1f} {whole:>7.1f}")


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
    from doorstep.site.server import compile_languages, prepare_static

    prepare_static()
    compile_languages()
    load()
    _place("bench-hill", awards=AWARDS, entries=ENTRIES)
    _place("bench-dale", awards=AWARDS // 10, entries=ENTRIES // 10)


def _more_places(number: int) -> None:
    """So many more areas beside Alderdale, each with a ragged outline of forty corners."""
    from django.db import connection, transaction

    from doorstep.apps.fund.models import ProposedPlace
    from doorstep.apps.places.models import Area, Boundary
    from doorstep.apps.record import seals

    seals.remove(connection)  # the rows below are measured, not decided
    like = ProposedPlace.objects.filter(chosen=False).first()
    source = Boundary.objects.first().source
    with transaction.atomic():
        for n in range(number):
            code, west, south = f"E0288{n:04}", -4.9 + n % 20 * 0.02, 53.4 + n // 20 * 0.02
            area = Area.objects.create(unit="MSOA", year=2021, code=code, name=f"Area {n}")
            corners = [
                [
                    west + 0.01 * cos(k / 40 * tau) * (1 + k * 37 % 10 / 40),
                    south + 0.01 * sin(k / 40 * tau),
                ]
                for k in range(40)
            ]
            Boundary.objects.create(area=area, shape=[[[*corners, corners[0]]]], source=source)
            like.pk, like.code, like.name = None, code, f"Area {n}"
            like.save(force_insert=True)


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
