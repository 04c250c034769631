"""A house with something in every room of it, and people's names wherever a person can be named."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from doorstep.apps.awards.actions.reports import (
    hand_in_receipt,
    show_receipt,
    show_result,
    tell_result,
)
from doorstep.apps.awards.models import Award, Payment
from doorstep.apps.ideas.actions import Said, hide
from doorstep.apps.opendata.api import operations
from doorstep.apps.organisations.actions import identify
from doorstep.apps.places.actions import record_need
from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import erase_words
from doorstep.apps.record.keys import make_keys
from doorstep.apps.record.publishing import publish
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.actions import (
    cancel_round,
    close_room,
    decide_without_vote,
    enter_tally,
    withdraw_project,
)
from doorstep.apps.rounds.models import Round
from doorstep.apps.rounds.totals import Counted
from doorstep.engine.seal import words
from doorstep.site.operations import close_and_settle
from tests.apps.awards.scene import Scene, agreed, asked, awarded, called, details, scene
from tests.apps.awards.test_what_became_of_the_money_is_told import paid, picture
from tests.apps.ideas.proposing import proposed, taking_ideas
from tests.apps.rounds.live import account, live, live_draft, live_room, photo, today
from tests.millbrook import ACTOR, closed, give_example_budget, place_with_money

IDS = {"place": "millbrook-east", "round": "round-one", "award": "kitchen", "leaf": "3"}
# Stands in everything that the house keeps of a person and that nobody else may read.
SECRET = "zebedee"


def addresses(**ids: str) -> list[str]:
    """Every address of the API, its gaps filled with what stands in the house."""
    return [path.format(**IDS | ids) for path, _operation in operations()]


def lists() -> list[str]:
    """Every list, as JSON."""
    found = {one for one in addresses() if one.endswith(".csv") and "/grants." not in one}
    return sorted(address.removesuffix(".csv") for address in found)


def body_of(client: Client, address: str) -> bytes:
    answer = client.get(address)
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]


def rows(client: Client, address: str) -> Iterator[dict[str, Any]]:
    """Every row of a list, page after page."""
    onward: str | None = address
    while onward:
        told = json.loads(client.get(onward).content)
        yield from told["items"]
        onward = told["next"]


@contextmanager
def furnished(folder: Path) -> Iterator[Scene]:
    """The house, signed and published; its rows are gone at the end."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(words, "ROUNDS", 1)
        for name in ("_checks", "_cancel_checks", "_parts", "_fills"):
            patch.setattr(freezing, name, type(getattr(freezing, name))())
        with override_settings(RECORD_KEYS=folder / "keys", RECORD_FOLDER=folder / "record"):
            make_keys("https://fund.example.org")
            told = _furnish()
            publish()
            yield told
        transaction.set_rollback(True)


def _furnish() -> Scene:
    """A place that pays on awards, a round that is settled, and rounds in each other state."""
    told = scene()
    identify(told.payee, "GB-CHC", "1034567", actor=ACTOR)
    _show(told, paid(told))
    _pay_back(told)
    close_and_settle(closed(told.place), actor=ACTOR)
    give_example_budget(told.place, 300_000)
    close_and_settle(closed(told.place, "pretend", is_example=True), actor=ACTOR)
    _ask_others(place_with_money(10_000_000, slug="wharf", match=5_000))
    for slug in ("millbrook-east", "wharf"):
        record_need(
            Place.objects.get(slug=slug), "deprivation", 4210, year=2025,
            boundary_year=2021, source="Made up", licence="OGL 3", actor=ACTOR,
        )  # fmt: skip
    _speak(told)
    return told


def _ask_others(place: Place) -> None:
    """A round that people vote in, one that was called off, one that asked nobody, and one that
    was counted in a room."""
    withdraw_project(live(place, "street").projects.get(code="bus"), reason="No.", actor=ACTOR)
    cancel_round(live(place, "off"), reason="Rain.", on=today(), actor=ACTOR)
    decide_without_vote(live_draft(place, "all", budget=1_200_000), on=today(), actor=ACTOR)
    room, found = (
        live_room(place, "room-done"),
        Counted("slips", 9, {"kitchen": 5, "bench": 4, "bus": 3}),
    )
    enter_tally(room, found, counter=account("ann"), photo=photo("red"))
    enter_tally(room, found, counter=account("bob"), photo=None)
    close_room(room, actor=ACTOR)
    close_and_settle(Round.objects.get(slug="room-done"), actor=ACTOR)


def _show(told: Scene, payment: Payment) -> None:
    payee, looking = told.acting("officer"), told.acting("clerk")
    first = hand_in_receipt(payment, picture("£1,800"), pence=90_000, actor=payee)
    show_receipt(first, actor=looking)
    for words_told in ("Lunch for forty.", f"Nobody has read of {SECRET} yet."):
        note = tell_result(payment.award, outcome="happened", words=words_told, actor=payee)
        if SECRET not in words_told:
            show_result(note, with_photo=False, actor=looking)


def _pay_back(told: Scene) -> None:
    """A person is paid back what they spent, so names and a bank account are kept of them."""
    award = awarded(told, 20_000, "paint")
    agreed(told, award, told.neighbour, payee_kind="reimbursement")
    called(told, details(told, told.neighbour))
    asked(told, award, 5_000, f"{SECRET} 3 May")


def _speak(told: Scene) -> None:
    """An idea with an author, one that is hidden, and words that were erased."""
    taking = taking_ideas(told.place, "taking")
    proposed(taking, address=f"{SECRET}@millbrook.example")
    hide(proposed(taking, Said(f"{SECRET} is a thief", f"So says {SECRET}.")), "Rude.", actor=ACTOR)
    award = awarded(told, 1_000, "shed")
    named = Award.objects.get(pk=award.pk)
    erase_words(named.title, actor=ACTOR, reason="It named somebody.")
