"""Live rounds for tests: drafted here, with Terms, and frozen today."""

from datetime import date, timedelta

from django.utils import timezone

from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.record.models import Leaf
from doorstep.apps.rounds.actions import add_projects, draft_round, freeze_round
from doorstep.apps.rounds.asking import Asking
from doorstep.apps.rounds.models import Publication, Round, RoundSize, Secrecy, VoteType
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
