"""Ties to whoever could be paid: declared, dated, and asked before a decision."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from doorstep.apps.partnerships.actions import declare_interest, end_interest, leave
from doorstep.apps.partnerships.models import Interest
from doorstep.apps.partnerships.queries import interest_of
from doorstep.apps.partnerships.rules import has_interest
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.sentences import sentence
from doorstep.apps.refused import Refused
from tests.apps.partnerships.conftest import MAY, TEST

TODAY = date(2026, 11, 22)


@pytest.fixture
def member(seated):
    return seated(1, 0)[0]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("direct", "You could be paid by this decision"),
        ("indirect", "Somebody close to you could be paid"),
        ("loyalty", "You belong to an organisation this is about"),
    ],
)
def test_each_kind_keeps_a_member_out_and_says_why(member, cvs, kind: str, said: str) -> None:
    declare_interest(member, cvs, kind, since=MAY, actor=TEST)
    answer = interest_of(member.account, [cvs.pk], TODAY)
    assert answer
    assert answer.reason.startswith(said)


def test_no_tie_is_said_as_none(member, cvs) -> None:
    answer = interest_of(member.account, [cvs.pk], TODAY)
    assert not answer
    assert answer.reason == "No interest in this is declared for you."


def test_a_tie_to_another_body_or_on_another_day_does_not_count(member, cvs) -> None:
    interest = declare_interest(member, cvs, "direct", since=MAY, actor=TEST)
    end_interest(interest, on=TODAY, actor=TEST)
    interest.refresh_from_db()
    assert has_interest([interest], [cvs.pk], date(2026, 11, 21))
    assert not has_interest([interest], [cvs.pk], TODAY)
    assert not has_interest([interest], [cvs.pk], date(2026, 4, 30))
    assert not has_interest([interest], [cvs.pk + 1], date(2026, 11, 21))


def test_the_strongest_tie_gives_the_reason(member, cvs) -> None:
    declare_interest(member, cvs, "loyalty", since=MAY, actor=TEST)
    declare_interest(member, cvs, "direct", since=MAY, actor=TEST)
    assert "You could be paid" in interest_of(member.account, [cvs.pk], TODAY).reason


def test_leaving_the_partnership_does_not_undo_a_tie(member, cvs) -> None:
    declare_interest(member, cvs, "direct", since=MAY, actor=TEST)
    leave(member, on=date(2026, 9, 1), actor=TEST)
    assert interest_of(member.account, [cvs.pk], TODAY)


def test_an_interest_is_declared_once_and_of_a_known_kind(member, cvs) -> None:
    declare_interest(member, cvs, "direct", since=MAY, actor=TEST)
    with pytest.raises(Refused, match="already"):
        declare_interest(member, cvs, "direct", since=TODAY, actor=TEST)
    with pytest.raises(Refused, match="not a kind of interest"):
        declare_interest(member, cvs, "envy", since=MAY, actor=TEST)
    for broken in ({"kind": "envy"}, {"until": date(2026, 1, 1)}, {"kind": "direct"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Interest.objects.create(
                **{
                    "membership": member,
                    "organisation": cvs,
                    "kind": "loyalty",
                    "since": MAY,
                    **broken,
                }
            )


def test_the_record_shows_seats_and_bodies_and_no_account(member, cvs) -> None:
    declare_interest(member, cvs, Interest.Kind.LOYALTY, since=MAY, actor=TEST)
    leaves = Leaf.objects.filter(kind__startswith="partnership.").order_by("idx")
    told = [
        sentence(leaf.kind, json.loads(bytes(leaf.body)), lambda c: "[words]") for leaf in leaves
    ]
    assert told == [
        "[words] was formed to decide for millbrook-east.",
        "Someone who lives in millbrook-east took a seat as member from 1 May 2026.",
        f"The holder of seat {member.pk} declared an interest in alderdale-cvs: "
        "loyalty: the member belongs to the organisation.",
    ]
    assert not any(b'"account"' in bytes(leaf.body) for leaf in leaves)
