"""A round that takes ideas, and people who have some. Today is a day on which it is open."""

import re
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from doorstep.apps.ideas.actions import Said, ask_to_follow, ask_to_propose, confirm, propose
from doorstep.apps.ideas.models import Follower, Idea
from doorstep.apps.outbox.actions import contact_for
from doorstep.apps.outbox.models import Message
from doorstep.apps.outbox.sending import address_of, words_of
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.rounds.actions import draft_round, set_terms
from doorstep.apps.rounds.asking import Asking
from doorstep.apps.rounds.models import Publication, Round, RoundSize, VoteType
from doorstep.engine.count import Rule
from tests.millbrook import ACTOR, place_with_money

CHECKER = Actor("council_officer", 901)
OTHER_CHECKER = Actor("worker", 902)
KITCHEN = Said("A new kitchen", "For the lunch club on Thursdays, forty people come.")
BENCH = Said("A bench", "At the bus stop.", tags=["older"], rough_pence=50_000)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())


def taking_ideas(place: Place | None = None, slug: str = "round-one", **changed: object) -> Round:
    """A draft that takes ideas since last week and for another; 300,000 pence."""
    today = timezone.localdate()
    place = place or place_with_money()
    round_ = draft_round(
        slug, place, title="What first?", budget_pence=300_000,
        vote_type=VoteType.APPROVAL, rule=Rule(seed=slug),
    )  # fmt: skip
    asking = {
        "size": RoundSize.STREET,
        "ideas_from": today - timedelta(days=7),
        "ideas_until": today + timedelta(days=7),
        "checked_by": today + timedelta(days=14),
        "opens_at": noon(today + timedelta(days=20)),
        "closes_at": noon(today + timedelta(days=30)),
        "minimum_age": 11,
        "publication": Publication.AGGREGATE,
        "expected_voters": 200,
        "grounds": ["lives", "works"],
    }
    set_terms(round_, Asking(**asking | changed))
    return Round.objects.select_related("place", "terms").get(pk=round_.pk)


def proposed(
    round_: Round, said: Said = KITCHEN, address: str | None = "ann@millbrook.example"
) -> Idea:
    """An idea in a round, whose author has this address."""
    author = contact_for(address) if address else None
    return propose(round_, said, ground="lives", author=author)


def author_of(idea: Idea) -> Follower:
    return Follower.objects.get(idea=idea, is_author=True)


def told() -> list[tuple[str, str, str]]:
    """(address, subject, text) of every message that was queued, oldest first."""
    found = []
    for message in Message.objects.select_related("contact").order_by("pk"):
        words = words_of(message)
        found.append((address_of(message.contact).text, words.subject, words.text))
    return found


def link_in(number: int = -1) -> str:
    """Where a message leads."""
    return words_of(Message.objects.order_by("pk")[len(told()) + number]).link


def code_in(number: int = -1) -> str:
    """The six digits in a message, by default in the last one."""
    return re.search(r"\d{6}", told()[number][2]).group()


def follows(idea: Idea, address: str) -> Follower:
    """A supporter of an idea who confirmed an address."""
    row = ask_to_follow(idea, address=address, connection="1")
    confirm(row, code_in())
    return Follower.objects.get(idea=idea, contact=row.contact)


def asked(round_: Round, said: Said = KITCHEN, address: str = "ann@millbrook.example"):
    words = {
        "title": said.title, "what": said.what, "where": said.where, "tags": list(said.tags),
        "rough_pence": said.rough_pence, "ground": "lives",
    }  # fmt: skip
    return ask_to_propose(round_, words, address=address, connection="1")


def holder(kind: str, place: Place | None, address: str | None = None) -> Account:
    """An account with a role since long ago."""
    account = open_account(address or f"{kind}@millbrook.example", actor=ACTOR)
    give_role(account, kind, place=place, since=date(2020, 1, 1), actor=ACTOR)
    return account
