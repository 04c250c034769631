"""Somebody held a role and a seat, looked after a key, stood, applied, had an idea, was paid and
signed: once they are erased, neither their name nor their address stands in any table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import serializers
from django.utils import timezone

from doorstep.apps.ideas.actions import ask_to_propose
from doorstep.apps.outbox.actions import tell
from doorstep.apps.partnerships.actions import join, name_member
from doorstep.apps.partnerships.actions.seats import give_up_seat, open_filling, stand
from doorstep.apps.partnerships.models import Partnership
from doorstep.apps.people.actions import end_role, give_role, open_account
from doorstep.apps.people.models import Account
from doorstep.apps.record.actions import keep_words
from doorstep.apps.record.actors import Actor
from doorstep.apps.rounds.actions import add_projects, cancel_round, draft_round
from doorstep.apps.rounds.models import Recount, Round, VoteType
from doorstep.apps.voting.actions.trustees import name_trustees
from doorstep.engine.count import Rule
from doorstep.site.nightly import forget_sessions_that_ended
from doorstep.site.personal import copy_of, erase_person
from doorstep.site.verify import verify_everything
from tests.apps.awards.applying import begun, published
from tests.apps.awards.scene import Scene, scene
from tests.apps.ideas.proposing import BENCH, KITCHEN, follows, proposed, taking_ideas
from tests.apps.people.signing_in import TEST, sign_in
from tests.apps.voting.boxes import BEFORE, World, asking, frozen, with_trustees
from tests.millbrook import ACTOR, IDEAS

ZELDA, MARK = "zelda.quixley@millbrook.example", "quixley"
NAME = "Zelda Quixley"

pytestmark = pytest.mark.django_db


@dataclass
class Life:
    """One person in a house that is in use, and everything they did."""

    told: Scene
    zelda: Account

    @property
    def me(self) -> Actor:
        return Actor("person", self.zelda.pk)

    def sits(self) -> None:
        """On the partnership, by one name and then by another, and leaves."""
        group, today = Partnership.objects.get(place=self.told.place), timezone.localdate()
        since = today - timedelta(days=30)
        give_role(self.zelda, "partnership_member", place=self.told.place, since=since, actor=ACTOR)
        seat = join(group, self.zelda, lives_here=True, since=since, name=NAME, actor=ACTOR)
        name_member(seat, f"Ms {NAME}", named_in_public=True, actor=ACTOR)
        give_up_seat(seat, on=today, actor=self.told.acting("secretary"))

    def stands(self) -> None:
        today = timezone.localdate()
        filling = open_filling(
            self.told.place.partnership, "lot", seats=1, closes_on=today + timedelta(days=30),
            seed_from="The lottery", on=today, actor=self.told.acting("secretary"),
        )  # fmt: skip
        stand(filling, ZELDA, NAME, lives_here=True, on=today, actor=self.told.acting("secretary"))

    def keeps_a_key(self) -> None:
        """Of a box that is never opened, as the round is called off."""
        round_ = draft_round(
            "keys", self.told.place, title="What first?", budget_pence=300_000,
            vote_type=VoteType.APPROVAL, rule=Rule(seed="keys"), terms=asking(),
        )  # fmt: skip
        add_projects(round_, IDEAS)
        accounts = [self.zelda, self.told.chair, self.told.clerk]
        with patch("tests.apps.voting.boxes.PEOPLE", (NAME, "Ben Bold", "Cat Calm")):
            world = frozen(with_trustees(World(round_, accounts=accounts)))
        with time_machine.travel(BEFORE):
            cancel_round(world.round, reason="Rain.", on=BEFORE.date(), actor=ACTOR)

    def is_replaced_as_a_trustee(self) -> None:
        round_ = draft_round(
            "other-keys", self.told.place, title="What next?", budget_pence=300_000,
            vote_type=VoteType.APPROVAL, rule=Rule(seed="other"), terms=asking(),
        )  # fmt: skip
        others = [(one, one.email.split("@")[0]) for one in (self.told.chair, self.told.clerk)]
        for first in ((self.zelda, NAME), (self.told.worker, "worker")):
            name_trustees(round_, [first, *others], apart=True, actor=ACTOR)

    def applies(self) -> None:
        form = published(self.told)
        begun(
            self.told, form, title=f"{NAME} sings", purpose=f"{NAME} has a choir.",
            organisation=None, actor=self.me,
        )  # fmt: skip

    def has_ideas(self) -> None:
        round_ = taking_ideas(self.told.place)
        proposed(round_, KITCHEN, ZELDA)
        follows(proposed(round_, BENCH, "bob@millbrook.example"), ZELDA)
        ask_to_propose(
            round_, {"title": f"A bench for {NAME}", "what": "By the shop."}, address=ZELDA,
            connection="1",
        )  # fmt: skip

    def signs_a_recount(self) -> None:
        Recount.objects.create(
            round=Round.objects.get(slug="keys"), signer=self.zelda, name=keep_words(NAME),
            result_sha256="0" * 64,
        )  # fmt: skip

    def is_written_to(self) -> None:
        tell(ZELDA, subject=f"Dear {NAME}", text=NAME, topic="fate", key="x", at_once=True)

    def holds_roles(self) -> None:
        for kind in ("funder", "resident"):
            since = timezone.localdate() - timedelta(days=3)
            role = give_role(self.zelda, kind, place=self.told.place, since=since, actor=ACTOR)
            end_role(role, on=timezone.localdate(), actor=ACTOR)


@pytest.fixture
def life() -> Life:
    made = Life(scene(), open_account(ZELDA, actor=TEST))
    for act in (
        made.sits, made.stands, made.keeps_a_key, made.is_replaced_as_a_trustee, made.applies,
        made.has_ideas, made.signs_a_recount, made.is_written_to, made.holds_roles,
    ):  # fmt: skip
        act()
    return made


def tables() -> Iterator[tuple[str, str]]:
    """Every table with all that stands in it, also what sessions hold."""
    for model in apps.get_models():
        yield model._meta.label, serializers.serialize("json", model._base_manager.all())
    for session in Session.objects.all():
        yield "sessions.Session", json.dumps(session.get_decoded())


def standing() -> set[str]:
    return {label for label, text in tables() if MARK in text.lower()}


def unsound() -> list[str]:
    return [line.text for line in verify_everything() if not line.sound]


def test_nothing_of_somebody_who_did_everything_is_left(life, client):
    sign_in(client, life.zelda)
    assert {"people.Account", "record.Wording", "awards.Application"} <= standing()
    before = unsound()
    erase_person(life.zelda, reason="They asked.", actor=TEST)
    assert standing() == set()
    assert unsound() == before  # the codes of this round were made without the slow hash


def test_their_copy_holds_what_they_did(life):
    held = copy_of(life.zelda)
    assert {
        "partnerships.Membership", "partnerships.Candidate", "voting.Trustee", "rounds.Recount",
        "awards.Application", "ideas.Idea", "ideas.Follower", "ideas.Unconfirmed", "people.Role",
    } <= set(held["rows"])  # fmt: skip
    assert {"partnership.stands", "voting.trustees_named", "partnership.member_joined"} <= {
        line["kind"] for line in held["record"]
    }


def test_a_sign_in_that_was_begun_and_left_holds_its_address_for_an_hour_at_most(life, client):
    client.post("/accounts/login/", {"login": ZELDA})
    erase_person(life.zelda, reason="They asked.", actor=TEST)
    assert standing() == {"sessions.Session"}
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        forget_sessions_that_ended()
    assert standing() == set()


def test_whoever_signs_in_stays_as_long_as_before(life, client):
    client.post("/accounts/login/", {"login": ZELDA})
    [begun_session] = Session.objects.all()
    assert begun_session.expire_date < timezone.now() + timedelta(minutes=61)
    client.post("/accounts/login/code/confirm/", {"code": _code()})
    [session] = Session.objects.all()
    assert "_auth_user_id" in session.get_decoded()
    assert session.expire_date > timezone.now() + timedelta(days=1)


def _code() -> str:
    [session] = Session.objects.all()
    stages = session.get_decoded()["account_login"]["state"]["stages"]
    return stages["login_by_code"]["data"]["code"]
