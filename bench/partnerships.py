"""`./doorstep bench partnerships`: how fast the composition of 500 of them on a date is told."""

import statistics
import time
from datetime import date, timedelta

from bench.scratch import scratch_site

PARTNERSHIPS, MEMBERS, RUNS = 500, 13, 30
TODAY = date(2026, 11, 28)


def run() -> None:
    """The median of many days over ten years, in milliseconds, with the database's own part."""
    with scratch_site():
        _fill()
        from doorstep.apps.partnerships.queries import compositions

        took = []
        for number in range(RUNS):
            day = TODAY - timedelta(days=number * 20)
            begun = time.perf_counter()
            found = compositions(day)
            took.append((time.perf_counter() - begun) * 1000)
            assert len(found) == PARTNERSHIPS
        median = statistics.median(took)
        print(f"{PARTNERSHIPS} partnerships on a date: median {median:.1f} ms (bar: 50 ms)")


def _fill() -> None:
    """Thirteen members each, as Big Local had; in every year a third of them change."""
    from doorstep.apps.partnerships.models import Membership, Partnership
    from doorstep.apps.people.models import Account
    from doorstep.apps.places.models import Place

    one = {
        "council": "Alderdale", "population": 7000, "population_year": 2024,
        "population_source": "Made up", "boundary_year": 2021,
    }  # fmt: skip
    places = Place.objects.bulk_create(
        Place(slug=f"place-{n}", name=f"Place {n}", **one) for n in range(PARTNERSHIPS)
    )
    groups = Partnership.objects.bulk_create(
        Partnership(place=place, name=f"Partnership of {place.name}") for place in places
    )
    people = Account.objects.bulk_create(
        (Account(email=f"m{n}@example.org") for n in range(PARTNERSHIPS * MEMBERS)),
        batch_size=2_000,
    )
    spells = []
    for number, person in enumerate(people):
        group = groups[number % PARTNERSHIPS]
        for year in range(2017, 2027):
            last = year == 2026
            spells.append(
                Membership(
                    partnership=group, account=person, seat="member",
                    lives_here=(number + year) % 3 > 0, since=date(year, 1, 1),
                    until=None if last else date(year + 1, 1, 1),
                )
            )  # fmt: skip
    Membership.objects.bulk_create(spells, batch_size=2_000)
    print(f"{PARTNERSHIPS} partnerships, {len(spells):,} membership spells")
