"""Live rounds for tests: drafted here, with Terms, and frozen today."""

import io
from datetime import date, timedelta
from unittest.mock import patch

from django.utils import timezone
from PIL import Image

from doorstep.apps.files.actions import keep
from doorstep.apps.files.models import StoredFile
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import keep_words, write_leaf
from doorstep.apps.record.models import Leaf
from doorstep.apps.rounds.actions import (
    add_projects,
    cancel_round,
    close_room,
    decide_without_vote,
    draft_round,
    enter_tally,
    freeze_round,
    withdraw_project,
)
from doorstep.apps.rounds.asking import Asking
from doorstep.apps.rounds.models import Publication, Round, RoundSize, Secrecy, VoteType
from doorstep.apps.rounds.totals import Counted
from doorstep.engine.count import Rule
from tests.millbrook import ACTOR, IDEAS


def today() -> date:
    return timezone.localdate()


def asking(**changed: object) -> Asking:
    """Terms of a vote in a few streets that opens tomorrow."""
    now = timezone.now()
    values = {
        "size": RoundSize.STREET,
        "ideas_from": today() - timedelta(days=20),
        "ideas_until": today(),
        "checked_by": today(),
        "opens_at": now + timedelta(days=1),
        "closes_at": now + timedelta(days=8),
        "minimum_age": 11,
        "publication": Publication.WHOLE,
        "expected_voters": 400,
    }
    return Asking(**values | changed)


def one_room(**changed: object) -> Asking:
    """Terms of a meeting that is going on now."""
    now = timezone.now()
    return asking(
        **{
            "size": RoundSize.ROOM,
            "checked_by": today() - timedelta(days=1),
            "ideas_until": today() - timedelta(days=1),
            "opens_at": now - timedelta(minutes=5),
            "closes_at": now + timedelta(hours=2),
            "publication": Publication.AGGREGATE,
            "secrecy": Secrecy.ROOM,
            "expected_voters": 40,
        }
        | changed
    )


def live_draft(place: Place, slug: str = "live", budget: int = 300_000, **more: object) -> Round:
    settings = {
        "vote_type": VoteType.APPROVAL,
        "rule": Rule(),
        "title": "What first?",
        "terms": asking(),
    }
    round_ = draft_round(slug, place, budget_pence=budget, **settings | more)
    add_projects(round_, IDEAS)
    return round_


def live(place: Place, slug: str = "live", **more: object) -> Round:
    return freeze_round(live_draft(place, slug, **more), on=today(), actor=ACTOR)


def live_room(place: Place, slug: str = "room", **more: object) -> Round:
    settings = {"budget": 200_000, "rule": Rule(name="greedy"), "terms": one_room()}
    return live(place, slug, **settings | more)


def account(name: str) -> Account:
    return Account.objects.create_user(f"{name}@millbrook.example")


def newest(kind: str) -> Leaf:
    return Leaf.objects.filter(kind=kind).latest("idx")


def photo(colour: str = "white") -> StoredFile:
    """A picture of a sheet, kept and private; each colour is another one."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return keep(out.getvalue(), purpose="tally-sheet", public=False, by=ACTOR)


def everything(place: Place) -> None:
    """A round in each way of standing: `a-draft`, `street` (frozen, the bus taken off), `off`
    (called off), `tight` (frozen without a vote although not everything fits), `all` (decided
    without a vote), `room` (two counts agree, a third does not) and `room-done` (closed)."""
    live_draft(place, "a-draft")
    street = live(place, "street")
    withdraw_project(street.projects.get(code="bus"), reason="No.", actor=ACTOR)
    cancel_round(live(place, "off"), reason="Rain.", on=today(), actor=ACTOR)
    tight = live_draft(place, "tight")
    Round.objects.filter(pk=tight.pk).update(without_vote=True)
    with patch("doorstep.apps.rounds.rules.missing_before_freeze", lambda *_, **__: []):
        freeze_round(tight, on=today(), actor=ACTOR)
    decide_without_vote(live_draft(place, "all", budget=1_200_000), on=today(), actor=ACTOR)
    found = Counted("slips", 9, {"kitchen": 5, "bench": 4, "bus": 3})
    other = Counted("slips", 9, {"kitchen": 5, "bench": 5, "bus": 3})
    ann, bob, cat = account("ann"), account("bob"), account("cat")
    for slug, colour in (("room", "red"), ("room-done", "blue")):
        room = live_room(place, slug)
        enter_tally(room, found, counter=ann, photo=photo(colour))
        enter_tally(room, found, counter=bob, photo=None)
        enter_tally(room, other, counter=cat, photo=None)
    close_room(Round.objects.get(slug="room-done"), actor=ACTOR)
    photo("green")
    keep_words("spare")
    keep_words("another spare")
    write_leaf("test.spare", {})
