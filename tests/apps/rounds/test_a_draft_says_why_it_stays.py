"""A draft on which other rooms keep something is not deleted, and the true reason is told."""

import pytest
from django.urls import reverse
from django.utils import translation

from doorstep.apps.people.actions import give_role
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import delete_draft
from doorstep.apps.rounds.models import Round, Terms
from doorstep.apps.voting.actions import trustees
from doorstep.apps.voting.actions.printing import drop_plan
from tests.apps.ideas.proposing import proposed, taking_ideas
from tests.apps.people.signing_in import sign_in
from tests.apps.rounds.live import account, today
from tests.apps.voting.polling import card_plan, planned
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db


def an_idea() -> Round:
    round_ = taking_ideas()
    proposed(round_)
    return round_


def codes() -> Round:
    return planned().round


def codes_that_were_dropped() -> Round:
    polling = planned()
    drop_plan(card_plan(polling))
    return polling.round


def three_trustees() -> Round:
    round_ = taking_ideas()
    people = [(account(name), name.title()) for name in ("ann", "ben", "cas")]
    trustees.name_trustees(round_, people, apart=True, actor=ACTOR)
    return round_


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (an_idea, "Somebody has already proposed an idea"),
        (codes, "Codes were planned for this round"),
        (codes_that_were_dropped, "Codes were planned for this round"),
        (three_trustees, "Trustees were named for this round"),
    ],
)
def test_what_keeps_a_draft_is_told(made, said):
    round_ = made()
    with pytest.raises(Refused, match=said) as refusal:
        delete_draft(round_)
    assert refusal.value.reason.count("cannot be deleted") == 1
    assert Terms.objects.filter(round=round_).exists()
    with translation.override("cy"), pytest.raises(Refused, match="ni ellir ei dileu"):
        delete_draft(round_)


def test_the_page_says_it_too(client):
    round_ = codes()
    member = account("dee")
    give_role(member, "partnership_member", place=round_.place, since=today(), actor=ACTOR)
    sign_in(client, member)
    answer = client.post(reverse("round-delete", args=[round_.slug]))
    assert answer.status_code == 409
    assert "Codes were planned for this round" in answer.content.decode()
