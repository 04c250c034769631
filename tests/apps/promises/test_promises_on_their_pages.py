"""The street reads what is owed to it; whoever owes it finds it on one desk and in a calendar."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from doorstep.apps.ideas.actions import answer
from doorstep.apps.organisations.actions import begin_office
from doorstep.apps.people.models import Account
from doorstep.apps.promises.actions import keep, take_on
from doorstep.apps.promises.models import Feed, Promise
from doorstep.apps.promises.queries import tallies
from doorstep.apps.record.actors import Actor
from tests.apps.ideas.proposing import holder, proposed, taking_ideas
from tests.apps.people.signing_in import sign_in
from tests.apps.promises.conftest import TEST, promised

pytestmark = pytest.mark.django_db


def soon(east, text: str = "Mend the gate", **more) -> Promise:
    return promised(east, text, on=timezone.localdate(), **more)


def signed_in(client, account: Account):
    sign_in(client, account)
    return client


def test_the_street_reads_the_body_and_never_a_person(page, east) -> None:
    promise = soon(east)
    worker = holder("worker", east)
    take_on(promise, worker, on=timezone.localdate(), actor=Actor("worker", worker.pk))
    listed = page.get(reverse("promises:place", args=[east.slug])).text
    told = page.get(reverse("promises:one", args=[promise.pk])).text
    for text in (listed, told):
        assert "Mend the gate" in text
        assert "Millbrook East: community worker" in text
        assert worker.email not in text
    assert "10 working days" in told


def test_a_private_promise_has_no_public_page(client, east) -> None:
    promise = soon(east, "Ring the treasurer", public=False)
    assert client.get(reverse("promises:one", args=[promise.pk])).status_code == 404
    listed = client.get(reverse("promises:place", args=[east.slug])).content.decode()
    assert "Ring the treasurer" not in listed


def test_one_desk_holds_late_and_unheld_and_later_in_few_statements(
    client, east, council, django_assert_max_num_queries
) -> None:
    worker = holder("worker", east)
    begin_office(council, worker, "contact", since=date(2020, 1, 1), actor=TEST)
    late = promised(east, "Long ago", on=timezone.localdate() - timedelta(days=60))
    unheld, mine = soon(east, "Nobody yet"), soon(east, "In my hands")
    soon(east, "Of the council", organisation=council)
    soon(east, "Of another role", role="funder")
    take_on(mine, worker, on=timezone.localdate(), actor=TEST)
    proposed(taking_ideas(east))
    signed_in(client, worker)
    client.get("/desk/")  # the first page of a session, and one a minute, notes the device
    with django_assert_max_num_queries(12):
        text = client.get(reverse("promises:mine")).content.decode()
    due, nobody, later = (
        text.index(h) for h in ("Due today or late", "Held by nobody", "Taken on")
    )
    assert due < text.index(late.words.text) < nobody < text.index(unheld.words.text) < later
    assert later < text.index(mine.words.text)
    assert "Of the council" in text
    assert "An answer to idea 1" in text
    assert "Of another role" not in text
    assert "is due today or late" in client.get("/desk/").content.decode()


def test_only_whoever_owes_it_works_on_it(client, east, council) -> None:
    mine, theirs = soon(east), soon(east, "Theirs", organisation=council)
    work = reverse("promises:work", args=[mine.pk])
    assert client.get(work).status_code == 302, "a stranger signs in first"
    elsewhere = holder("resident", east, "resident@millbrook.example")
    assert signed_in(client, elsewhere).get(work).status_code == 403
    assert client.post(work, {"do": "done"}).status_code == 403
    worker = holder("worker", east)
    signed_in(client, worker)
    assert client.get(work).status_code == 200
    assert client.get(reverse("promises:work", args=[theirs.pk])).status_code == 403
    assert client.get(reverse("promises:body", args=[council.slug])).status_code == 403
    duties = client.get(reverse("promises:duties", args=[east.slug])).content.decode()
    assert "Mend the gate" in duties
    assert "Theirs" not in duties
    assert client.get(reverse("promises:holidays")).status_code == 403
    assert Promise.objects.get(pk=mine.pk).state == "open"


def test_it_is_taken_put_off_and_done_on_one_page(client, east) -> None:
    promise = soon(east)
    worker = holder("worker", east)
    work = reverse("promises:work", args=[promise.pk])
    signed_in(client, worker)
    client.post(work, {"do": "take"})
    refused = client.post(work, {"do": "extend", "later-until": "2020-01-01", "later-reason": ""})
    assert refused.status_code == 200
    until = timezone.localdate() + timedelta(days=40)
    told = {"do": "extend", "later-until": until.isoformat(), "later-reason": "The welder is ill."}
    assert client.post(work, told).status_code == 302
    assert client.post(work, {"do": "nothing of that"}).status_code == 200
    client.post(work, {"do": "done"})
    now = Promise.objects.get(pk=promise.pk)
    assert (now.state, now.due_on, now.held_by) == ("met", until, worker)
    assert (
        "The welder is ill."
        in client.get(reverse("promises:one", args=[promise.pk])).content.decode()
    )


def test_somebody_of_the_place_writes_a_promise_down(client, east, council) -> None:
    address = reverse("promises:new", args=[east.slug])
    assert client.get(address).status_code == 302
    signed_in(client, holder("worker", east))
    for wrong in ({}, {"what": "x", "role": "worker"}, {"what": "x", "working_days": "5"}):
        assert client.post(address, wrong).status_code == 200
    assert not Promise.objects.exists()
    client.post(
        address, {"what": "Light the path", "organisation": council.pk, "working_days": "5"}
    )
    promise = Promise.objects.get()
    assert (promise.owed_by_organisation, promise.days, promise.public) == (council, 5, True)


def test_a_calendar_is_read_at_its_secret_address_until_it_is_ended(client, east) -> None:
    promise = soon(east, "Mend; the, gate\nand paint it")
    worker = holder("worker", east)
    signed_in(client, worker)
    text = client.post(reverse("promises:calendars"), {"body": ""}).content.decode()
    path = text.partition("/promises/calendar/")[2].partition("<")[0]
    address = f"/promises/calendar/{path}"
    client.logout()
    answered = client.get(address)
    assert answered["Content-Type"].startswith("text/calendar")
    assert "no-store" in answered["Cache-Control"]
    [event] = Calendar.from_ical(answered.content).walk("VEVENT")
    assert event.decoded("dtstart") == promise.due_on
    assert event["summary"] == "Mend; the, gate and paint it"
    assert event["url"].endswith(reverse("promises:work", args=[promise.pk]))
    assert path.strip("/") not in Feed.objects.get().fingerprint
    signed_in(client, worker)
    client.post(reverse("promises:end-calendar", args=[Feed.objects.get().pk]))
    assert client.get(address).status_code == 404
    assert client.get("/promises/calendar/made-up/").status_code == 404


def test_nobody_ends_anothers_calendar(client, east) -> None:
    ann, bob = holder("worker", east), holder("worker", east, "bob@millbrook.example")
    signed_in(client, ann).post(reverse("promises:calendars"), {"body": ""})
    end = reverse("promises:end-calendar", args=[Feed.objects.get().pk])
    assert signed_in(client, bob).post(end).status_code == 404
    assert Feed.objects.get().ended_at is None


def test_a_share_is_said_from_ten_promises_on(east) -> None:
    today = timezone.localdate()
    for number in range(10):
        promise = soon(east, f"Thing {number}")
        assert tallies(east, today)[0].percent is None
        keep(promise, on=today + timedelta(days=60 if number == 9 else 0), actor=TEST)
    [tally] = tallies(east, today)
    assert (tally.in_time, tally.late, tally.percent) == (9, 1, 90)


@time_machine.travel("2026-12-18 12:00Z")
def test_an_idea_is_owed_an_answer_until_it_has_one(east) -> None:
    idea = proposed(taking_ideas(east))
    promise = Promise.objects.get(kind="idea.answer", subject=str(idea.number))
    assert (promise.owed_by_role, promise.due_on) == ("worker", idea.round.terms.checked_by)
    answer(
        idea, possible=True, cost_pence=100_000, reason="It can be done.",
        actor=Actor("worker", holder("worker", east).pk),
    )  # fmt: skip
    promise.refresh_from_db()
    assert (promise.state, promise.steps.last().leaf.kind) == ("met", "idea.answered")
