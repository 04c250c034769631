"""Moves the clock while the fund works: back, forward, over each change of hour, by chance."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T11",)
EACH_DATABASE = True

NOW = datetime(2026, 11, 28, 15, tzinfo=UTC)
# Changes of hour in Britain, and a leap day; the clock is set to seconds before and after.
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC),
)  # fmt: skip
PAGES = ("/", "/record/", "/record/watch/", "/record/invariants/", "/fund/", "/feed/", "/vote/")


def main(options: Options) -> list[Figure]:
    with fresh(options):
        moves, faults = _moved(options)
    told = f"{moves:,} moves of the clock; order changed or answer lost: {len(faults)}"
    figure = "; ".join([told, *faults[:5]])
    return [Figure("T11", "clock moved", figure, not faults)]


def _moved(options: Options) -> tuple[int, list[str]]:
    import time_machine
    from django.conf import settings
    from django.test import Client

    from doorstep.apps.ledger.actions import Line, open_account, post
    from doorstep.apps.ledger.models import Journal
    from doorstep.apps.record.actions import write_leaf
    from doorstep.apps.record.keys import make_keys
    from doorstep.apps.record.models import Leaf
    from doorstep.apps.record.publishing import publish
    from doorstep.site.server import prepare_static
    from doorstep.site.upkeep.checking import check_invariants
    from tests.millbrook import ACTOR

    prepare_static()
    settings.RECORD_FOLDER = options.folder / "record"
    settings.RECORD_KEYS = options.folder / "keys"
    make_keys("https://fund.example.org")
    open_account("world:a", fund="a", guard="none")
    open_account("a:pot", fund="a", guard="credit_nonneg")
    chance, many = options.chance(), options.size(20, 500)
    client, faults, sizes, moments = Client(headers={"host": "localhost"}), [], [0], []
    for number in range(many):
        moments.append(_moment(chance))
        with time_machine.travel(moments[-1], tick=chance.random() < 0.5):
            write_leaf("test.moved", {"number": number})
            post(
                "a.paid_in", [Line("world:a", "a:pot", 1)], idem_key=f"paid {number}",
                actor=ACTOR, effective_on=date(2026, 11, 28),
            )  # fmt: skip
            sizes.append(publish()[0].checkpoint.size)
            status = {page: client.get(page, follow=True).status_code for page in PAGES}
        faults += [f"{page} answered {code}" for page, code in status.items() if code >= 500]
        options.say(f"{number + 1:,} of {many:,} moves, {len(faults)} faults")
    order = Leaf.objects.filter(kind="test.moved").order_by("idx")
    told = [(json.loads(bytes(leaf.body))["number"], leaf.recorded_at) for leaf in order]
    if [number for number, _ in told] != list(range(many)):
        faults.append("the leaves changed their order")
    if any(
        abs(at - moment) > timedelta(seconds=60)
        for (_, at), moment in zip(told, moments, strict=True)
    ):
        faults.append("a leaf says another time than the clock did")
    if list(Journal.objects.order_by("pk").values_list("idem_key", flat=True)) != [
        f"paid {number}" for number in range(many)
    ]:
        faults.append("the entries changed their order")
    if sizes != sorted(set(sizes)):
        faults.append("a checkpoint did not grow")
    faults += [f"invariant {one.invariant.name}" for one in check_invariants() if one.faults]
    return many, faults


def _moment(chance: Random) -> datetime:
    """Anywhere in three years, or within a second of a change."""
    if chance.random() < 0.5:
        return chance.choice(CHANGES) + timedelta(seconds=chance.choice((-1, 0, 1, 3_599, 3_600)))
    return NOW + timedelta(seconds=chance.randrange(-366 * 86_400, 2 * 366 * 86_400))
