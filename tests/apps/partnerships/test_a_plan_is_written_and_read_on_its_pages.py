"""Members write the plan on a phone, the funder answers it, and the street reads it with the awards
that its lines have made."""

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse

from doorstep.apps.awards.models import Award
from doorstep.apps.partnerships.models import Plan
from doorstep.apps.people.actions import give_role
from doorstep.apps.people.models import Account
from tests.apps.partnerships.meeting import LONDON, MAY, SECRETARY, group
from tests.apps.partnerships.planning import LINES, agreed_at_a_meeting, funder, put
from tests.apps.people.signing_in import sign_in
from tests.millbrook import place_with_money

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_june():
    with time_machine.travel(datetime(2026, 6, 18, 12, tzinfo=LONDON), tick=False):
        yield


@pytest.fixture
def us():
    told = group(place_with_money(5_000_000))
    for name in ("ann", "bob"):
        give_role(
            told.seats[name].account, "partnership_member", place=told.place, since=MAY,
            actor=SECRETARY,
        )  # fmt: skip
    return told


def address(name: str, us) -> str:
    return reverse(name, args=[us.place.slug])


def test_a_plan_goes_from_the_first_line_to_a_promise(us, page, client):
    public, work = address("plan", us), address("partnerships:plan-work", us)
    assert "£50,000 waits for a plan." in page.get(public).text
    sign_in(client, us.bob.account)
    page.post(work, {"do": "begin"})
    refused = page.post(work, {"do": "line", "kind": "project", "title": "", "pence": "x"}).text
    assert "In pounds" in refused
    for line in LINES:
        text = page.post(
            work,
            {
                "do": "line", "kind": line.kind, "title": line.title, "how": line.how,
                "pence": f"{line.pence / 100:.2f}", "by": line.by,
                "now_pence": f"{line.now_pence / 100:.2f}" if line.now_pence else "",
            },
        ).text  # fmt: skip
    assert "Together £50,000 of £50,000." in text
    page.post(work, {"do": "drop", "which": "4"})
    page.post(
        work,
        {
            "do": "words", "vision": "A place to meet.", "legacy": "A kitchen.",
            "begins_on": "2026-07-01", "ends_on": "2029-06-30",
        },
    )  # fmt: skip
    made = agreed_at_a_meeting(us)
    short = page.post(work, {"do": "put", "decision": made.pk}).text
    assert "£19,400 of the £50,000 that this place was given stands in no line" in short
    page.post(work, {"do": "line", "kind": "later", "title": "Later", "pence": "19400"})
    assert "waits for a plan" in page.get(public).text  # nobody else reads a draft
    page.post(work, {"do": "put", "decision": made.pk})
    text = page.get(public).text
    assert "waits for the funder’s answer" in text
    assert "5 of 5 in favour" in text
    account = Account.objects.get(pk=funder().id)
    give_role(account, "funder", since=date(2026, 1, 1), actor=SECRETARY)
    sign_in(client, account)
    answer = address("partnerships:plan-answer", us)
    assert "A place to meet." in page.get(answer).text
    page.post(answer, {"do": "endorse"})
    page.post(answer, {"do": "sign"})
    sign_in(client, us.ann.account)
    page.post(work, {"do": "sign"})
    sent = {"line": "1", "title": "The kitchen", "pence": "12000", "once": "b" * 16}
    page.post(address("place-plan-lines", us), sent)
    assert Award.objects.get().decision.kind == "plan.line_agreed"
    text = page.get(public).text
    assert "£12,000 of £22,200." in text
    assert "not signed yet" not in text
    page.post(work, {"do": "review", "done": "It is used.", "change": "Open later."})
    assert "It is used." in page.get(public).text


def test_what_was_sent_back_says_why_and_stays_readable(us, page, client):
    put(us)
    account = Account.objects.get(pk=funder().id)
    give_role(account, "funder", since=date(2026, 1, 1), actor=SECRETARY)
    sign_in(client, account)
    answer = address("partnerships:plan-answer", us)
    assert "This field is required" in page.post(answer, {"do": "back", "reason": ""}).text
    page.post(answer, {"do": "back", "reason": "Who keeps it clean?"})
    assert "Who keeps it clean?" in page.get(address("plan", us)).text
    assert client.get(reverse("plan-numbered", args=[us.place.slug, 1])).status_code == 200
    assert client.get(reverse("plan-numbered", args=[us.place.slug, 2])).status_code == 404


def test_no_page_of_a_plan_grows_with_its_lines(us, client, django_assert_max_num_queries):
    put(us)
    with django_assert_max_num_queries(12):
        assert client.get(address("plan", us)).status_code == 200
    sign_in(client, us.bob.account)
    assert Plan.objects.get().lines.count() == len(LINES)
    for name in ("partnerships:plan-work", "place-plan-lines"):
        client.get(address(name, us))
        with django_assert_max_num_queries(12, info=name):
            assert client.get(address(name, us)).status_code == 200
