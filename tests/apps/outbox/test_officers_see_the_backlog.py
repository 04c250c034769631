"""The page of the backlog, the letters of a place, and the page that ends the digests."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from doorstep.apps.outbox import gateways
from doorstep.apps.outbox.actions import tell, tell_by_letter
from doorstep.apps.outbox.gateways import NotSent
from doorstep.apps.outbox.models import ChoreRun, Contact, Message, WorkerBeat
from doorstep.apps.outbox.sending import deliver_due
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.places.actions import open_place
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from tests.apps.people.signing_in import sign_in
from tests.apps.printing.reading import text_of

TEST = Actor("system", "test")
HOME = "Ann Hughes\n12 Mill Lane\nMillbrook MB1 2AB"


@pytest.fixture
def place(db):
    return open_place(
        "millbrook-east", "Millbrook East", "Alderdale", population=7240, population_year=2024,
        population_source="Made up", boundary_year=2021, actor=TEST,
    )  # fmt: skip


@pytest.fixture
def worker(client, place):
    account = open_account("worker@millbrook.example", actor=TEST)
    give_role(account, "worker", place=place, since=date(2026, 1, 1), actor=TEST)
    sign_in(client, account)
    return account


@pytest.fixture
def everywhere(client, db):
    account = open_account("host@alderdale.example", actor=TEST)
    give_role(account, "council_officer", since=date(2026, 1, 1), actor=TEST)
    sign_in(client, account)
    return account


def failing(monkeypatch) -> None:
    def fail(*arguments, **options):
        raise NotSent("refused", for_good=True)

    monkeypatch.setattr(gateways, "send_email", fail)


def test_an_empty_outbox_says_so_and_that_no_worker_was_seen(page, worker):
    shown = page.get("/messages/")
    assert "Nothing waits." in shown.text
    assert "no worker has been seen yet" in shown.text
    WorkerBeat.objects.create(worker="1", seen_at=timezone.now())
    assert "No worker" not in page.get("/messages/").text


def test_it_is_reached_from_the_desk_of_an_officer(page, worker):
    assert page.get("/desk/").links["Messages that wait"] == "/messages/"


def test_it_shows_counts_ages_and_failures_and_no_address(page, everywhere, monkeypatch):
    tell("ann@millbrook.example", subject="S", text="T", topic="fate", key="1", at_once=True)
    with monkeypatch.context() as broken:
        failing(broken)
        deliver_due()
    tell("07700900123", subject="S", text="T", topic="fate", key="2", at_once=True)
    tell("bob@millbrook.example", subject="S", text="T", topic="news", key="3")
    ChoreRun.objects.create(name="erase", due_at=timezone.now(), faults=2)
    shown = page.get("/messages/")
    assert shown.table()[1][:3] == ["Text message", "1", "0"]
    assert "E-mail a…@m…" in shown.text
    assert "refused the address" in shown.text
    assert "erase: 2" in shown.text
    for secret in ("ann", "bob", "900123", "millbrook.example"):
        assert secret not in shown.html.replace("host@alderdale.example", "")
    failed = Message.objects.get(state="failed")
    assert page.get("/desk/").links["See what could not be sent"] == "/messages/"
    page.post(reverse("message-again", args=[failed.pk]))
    failed.refresh_from_db()
    assert failed.state == Message.State.QUEUED
    assert "could not be sent" not in page.get("/desk/").text


def test_an_officer_of_one_place_sees_counts_but_no_message_of_others(page, worker, monkeypatch):
    tell("ann@millbrook.example", subject="S", text="T", topic="fate", key="1", at_once=True)
    with monkeypatch.context() as broken:
        failing(broken)
        deliver_due()
    shown = page.get("/messages/")
    assert "These belong to no place of yours" in shown.text
    assert "a…@m…" not in shown.text
    assert "could not be sent" not in page.get("/desk/").text
    failed = Message.objects.get(state="failed")
    page.post(reverse("message-again", args=[failed.pk]), status=404)
    Message.objects.update(place=worker.roles.get().place)
    assert "a…@m…" in page.get("/messages/").text


def test_neighbours_do_not_see_it(client, place):
    account = open_account("ann@millbrook.example", actor=TEST)
    give_role(account, "resident", place=place, since=date(2026, 1, 1), actor=TEST)
    sign_in(client, account, second_factor=False)
    assert client.get("/messages/").status_code == 403
    assert client.get(f"/places/{place.slug}/letters/").status_code == 403
    assert client.post(f"/places/{place.slug}/letters.pdf").status_code == 403


def test_letters_are_printed_until_they_are_posted(page, worker, place):
    for number in range(3):
        tell_by_letter(
            HOME.replace("12", str(number)), subject="Eich syniad ŵ", text="Para one.\n\nPara two.",
            topic="fate", key=str(number), place=place, link="/rounds/x/",
        )  # fmt: skip
    assert deliver_due() == 0, "no gateway takes a letter"
    assert "3 letters wait." in page.get("/desk/").text
    shown = page.get(f"/places/{place.slug}/letters/")
    assert "3 letters wait." in shown.text
    address = f"/places/{place.slug}/letters.pdf"
    for _again in range(2):
        answer = page.client.post(address)
        assert answer["Content-Type"] == "application/pdf"
        text = text_of(answer.content)
        assert text.count("Ann Hughes") == 3
        assert "Eich syniad ŵ" in text
    tell_by_letter(HOME, subject="Late", text="T", topic="fate", key="late", place=place)
    after = page.post(f"/places/{place.slug}/letters/")
    assert "3 letters are posted." in after.text or "3 letters are posted." in after.html
    assert "1 letter waits." in after.text
    assert page.post(f"/places/{place.slug}/letters/").text.count("1 letter waits.") == 1
    assert Message.objects.filter(state="sent").count() == 3


def test_without_letters_there_is_nothing_to_print(page, worker, place):
    assert "No letters wait" in page.get(f"/places/{place.slug}/letters/").text
    assert "No letters wait" in page.post(f"/places/{place.slug}/letters.pdf", status=409).text


def test_a_letter_that_cannot_be_printed_is_refused_when_it_is_written(place):
    with pytest.raises(Refused, match="cannot be printed"):
        tell_by_letter(HOME, subject="漢字", text="T", topic="fate", key="1", place=place)
    assert not Message.objects.exists()


def test_digests_end_by_a_page_and_begin_again(page, db):
    tell("ann@millbrook.example", subject="S", text="T", topic="news", key="1")
    contact = Contact.objects.get()
    address = reverse("unsubscribe", args=[contact.token])
    assert page.get(address).heading == "Get no more digests?"
    contact.refresh_from_db()
    assert contact.unsubscribed_at is None, "looking ends nothing: mail scanners look"
    assert page.post(address, {"want": "no"}).heading == "You get no more digests"
    assert Message.objects.get().state == Message.State.DROPPED
    assert page.post(address, {"want": "yes"}).heading == "Get no more digests?"


def test_digests_end_by_one_click_of_a_mail_program(db, client):
    tell("ann@millbrook.example", subject="S", text="T", topic="news", key="1")
    contact = Contact.objects.get()
    client.handler.enforce_csrf_checks = True
    for _twice in range(2):
        answer = client.post(
            reverse("unsubscribe", args=[contact.token]), {"List-Unsubscribe": "One-Click"}
        )
        assert answer.status_code == 200, "RFC 8058: no redirect"
        contact.refresh_from_db()
        assert timezone.now() - contact.unsubscribed_at < timedelta(minutes=1)
    assert client.get("/messages/end/guessed/").status_code == 404
