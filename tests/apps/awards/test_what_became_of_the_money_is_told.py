"""Receipts, results and closed years: handed in by whoever was paid, looked at by somebody else,
and only then public."""

import io
import json
from datetime import date

import pytest
from django.core import signing
from django.urls import reverse
from PIL import Image, ImageDraw

from doorstep.apps.awards.actions.matching import confirm_payment
from doorstep.apps.awards.actions.payments import release_payment
from doorstep.apps.awards.actions.reports import (
    close_year,
    hand_in_receipt,
    send_receipt_back,
    show_receipt,
    show_result,
    tell_result,
)
from doorstep.apps.awards.due import Standing, next_steps, year_after
from doorstep.apps.awards.models import Payment
from doorstep.apps.awards.models.reports import Receipt, ResultNote
from doorstep.apps.awards.queries.reports import story_of
from doorstep.apps.awards.verify_reports import verify_reports
from doorstep.apps.files.models import StoredFile
from doorstep.apps.ledger.actions import import_statement
from doorstep.apps.ledger.models import BankLine
from doorstep.apps.outbox.models import Message
from doorstep.apps.people.actions import give_role
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from tests.apps.awards.scene import LATER, agreed, approved, asked, awarded, called, details, scene
from tests.apps.ledger.statements import bank_account
from tests.apps.people.signing_in import sign_in
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db


def picture(words: str = "£1,800", size: int = 400, form: str = "JPEG", quality: int = 90) -> bytes:
    image = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(image)
    for number, letter in enumerate(words):
        code = ord(letter)
        draw.rectangle(
            (20 + 50 * number, code % 90, 60 + 50 * number, 120 + code), fill=(code % 200, 30, 80)
        )
    out = io.BytesIO()
    image.resize((size, size * 3 // 4)).save(out, form, quality=quality)
    return out.getvalue()


@pytest.fixture
def told(db):
    return scene()


def paid(told, kind: str = "project") -> Payment:
    award = awarded(told, 180_000, kind=kind)
    agreed(told, award)
    called(told, details(told))
    payment = asked(told, award)
    approved(told, payment)
    release_payment(payment, on=LATER, actor=told.acting("finance"))
    text = "date,amount,who\n2026-06-09,-1800.00,ST ANNES HALL\n"
    import_statement(bank_account(told.place), text.encode(), actor=ACTOR)
    confirm_payment(BankLine.objects.get(), payment, actor=told.acting("clerk"))
    return Payment.objects.select_related("award__place", "award__title").get(pk=payment.pk)


def test_a_receipt_is_public_once_somebody_else_looked(told, client):
    payment = paid(told)
    payee = Actor("payee", payment.pk)
    receipt = hand_in_receipt(payment, picture(), pence=180_000, actor=payee)
    page = client.get("/awards/kitchen/").content.decode()
    assert "1 receipt handed in" in page
    assert client.get(f"/files/{receipt.file.token}/").status_code == 404
    shown = show_receipt(receipt, actor=told.acting("worker"))
    assert show_receipt(receipt, actor=told.acting("worker")).shown == shown.shown
    page = client.get("/awards/kitchen/").content.decode()
    assert f"/files/{shown.shown.token}/" in page
    assert "They show £1,800 of the £1,800 that was paid" in page
    assert client.get(f"/files/{shown.shown.token}/").status_code == 200
    assert list(verify_reports()) == []


def test_the_covered_version_is_what_the_public_sees(told, client):
    receipt = hand_in_receipt(
        paid(told), picture("secret"), pence=180_000, actor=told.acting("worker")
    )
    with pytest.raises(Refused, match="You handed this in"):
        show_receipt(receipt, actor=told.acting("worker"))
    shown = show_receipt(receipt, covered=picture("#"), actor=told.acting("chair"))
    assert shown.shown_id != receipt.file_id
    assert receipt.file.token not in client.get("/awards/kitchen/").content.decode()


def test_nobody_close_to_the_payee_makes_a_receipt_public(told):
    payment = paid(told)
    receipt = hand_in_receipt(payment, picture(), pence=1, actor=Actor("payee", payment.pk))
    note = tell_result(
        payment.award, outcome="happened", words="It did.", actor=Actor("payee", payment.pk)
    )
    give_role(told.officer, "worker", place=told.place, since=date(2026, 1, 1), actor=ACTOR)
    close = Actor("worker", told.officer.pk)
    with pytest.raises(Refused, match="close to whoever was paid"):
        show_receipt(receipt, actor=close)
    with pytest.raises(Refused, match="close to whoever was paid"):
        show_result(note, with_photo=False, actor=close)
    assert show_receipt(receipt, actor=told.acting("worker")).shown is not None


@pytest.mark.parametrize("said", [{}, {"do": ""}, {"do": "Covered"}, {"do": "publish"}])
def test_a_missing_word_never_shows_the_uncovered_receipt(told, client, said):
    payment = paid(told)
    receipt = hand_in_receipt(payment, picture(), pence=1, actor=Actor("payee", payment.pk))
    sign_in(client, told.worker)
    answer = client.post(reverse("receipt-look", args=[receipt.pk]), said)
    assert answer.status_code == 409
    assert "Choose whether it is shown" in answer.content.decode()
    receipt.refresh_from_db()
    assert receipt.shown is None


def test_a_file_that_was_handed_in_before_or_refused_is_erased(told):
    payment = paid(told)
    payee = Actor("payee", payment.pk)
    hand_in_receipt(payment, picture(), pence=100, actor=payee)
    hand_in_receipt(payment, picture(), pence=100, actor=payee)
    assert StoredFile.objects.filter(content__erasure=None).count() == 1


def test_a_link_tells_so_many_results_and_then_keeps_no_more_photos(told):
    payment = paid(told)
    payee = Actor("payee", payment.pk)
    for number in range(20):
        tell_result(payment.award, outcome="happened", words=f"Day {number}", actor=payee)
    with pytest.raises(Refused, match="20 times"):
        tell_result(payment.award, outcome="happened", words="More", photo=picture(), actor=payee)
    again = tell_result(payment.award, outcome="happened", words="Day 3", actor=payee)
    assert again.pk == ResultNote.objects.order_by("pk")[3].pk
    assert not StoredFile.objects.exists()


def test_the_same_file_again_is_the_first_and_a_copy_of_the_picture_is_flagged(told):
    payment = paid(told)
    payee = Actor("payee", payment.pk)
    first = hand_in_receipt(payment, picture(), pence=100, actor=payee)
    assert hand_in_receipt(payment, picture(), pence=100, actor=payee) == first
    copy = hand_in_receipt(payment, picture(size=240, quality=40), pence=100, actor=payee)
    assert copy.looks_like == first
    other = hand_in_receipt(payment, picture("bench"), pence=100, actor=payee)
    assert other.looks_like is None
    assert Receipt.objects.count() == 3


def test_a_receipt_sent_back_says_why_and_another_may_come(told):
    payment = paid(told)
    payee = Actor("payee", payment.pk)
    receipt = hand_in_receipt(payment, picture(), pence=100, actor=payee)
    send_receipt_back(receipt, reason="It is blurred", actor=told.acting("worker"))
    with pytest.raises(Refused, match="looked at already"):
        show_receipt(receipt, actor=told.acting("chair"))
    assert hand_in_receipt(payment, picture(), pence=100, actor=payee) != receipt
    assert list(verify_reports()) == []


def test_nothing_is_taken_before_a_payment_is_sent(told):
    award = awarded(told)
    agreed(told, award)
    called(told, details(told))
    with pytest.raises(Refused, match="not sent yet"):
        hand_in_receipt(asked(told, award), picture(), pence=1, actor=told.acting("worker"))


def test_what_happened_is_public_once_somebody_else_read_it(told, client):
    award = paid(told).award
    note = tell_result(
        award, outcome="stopped", words="The roof leaked, so we stopped.", photo=picture(),
        actor=told.acting("worker"),
    )  # fmt: skip
    assert "The roof leaked" not in client.get("/awards/kitchen/").content.decode()
    leaf = json.loads(bytes(note.told.body))
    assert "roof" not in json.dumps(leaf)
    assert "roof" not in client.get(f"/record/{note.told.idx}/").content.decode()
    with pytest.raises(Refused, match="You wrote this"):
        show_result(note, with_photo=True, actor=told.acting("worker"))
    show_result(note, with_photo=True, actor=told.acting("chair"))
    page = client.get("/awards/kitchen/").content.decode()
    assert "The roof leaked" in page
    assert "It stopped." in page
    assert list(verify_reports()) == []


def test_an_unrestricted_award_needs_no_receipt_and_closes_its_years(told, client):
    payment = paid(told, "unrestricted")
    with pytest.raises(Refused, match="needs no receipts"):
        hand_in_receipt(payment, picture(), pence=1, actor=told.acting("worker"))
    story = story_of(payment.award, date(2026, 7, 1))
    assert [(one.kind, one.due) for one in story.next] == [("year", date(2027, 10, 8))]
    with pytest.raises(Refused, match="not ended"):
        close_year(
            payment.award, ends_on=date(2999, 1, 1), accounts=picture(), story="x",
            actor=told.acting("worker"),
        )  # fmt: skip
    for _twice in range(2):
        close_year(
            payment.award, ends_on=date(2026, 6, 30), accounts=picture(), story="A good year.",
            actor=told.acting("worker"),
        )  # fmt: skip
    assert payment.award.years.count() == 1
    assert "A good year." in client.get("/awards/kitchen/").content.decode()
    assert list(verify_reports()) == []


def test_what_is_owed_is_in_proportion_and_has_a_date(told):
    payment = paid(told)
    story = story_of(payment.award, date(2026, 7, 1))
    assert [(one.kind, one.due) for one in story.next] == [
        ("receipts", date(2026, 7, 7)),
        ("result", date(2026, 12, 8)),
    ]
    assert year_after(date(2024, 2, 29), 1) == date(2025, 2, 28)


def test_a_link_takes_receipts_without_an_account(told, client):
    payment = paid(told)
    address = "/receipts/" + signing.dumps(payment.slug, salt="doorstep receipts v1") + "/"
    assert client.get(address).status_code == 200
    file = io.BytesIO(picture())
    file.name = "me.jpg"
    sent = {"what": "receipt", "r-pence": "1,800", "r-file": file}
    assert client.post(address, sent).status_code == 302
    assert Receipt.objects.get().handed_by is None
    words = {"what": "result", "w-outcome": "learned", "w-words": "Ask twice."}
    assert client.post(address, words).status_code == 302
    assert ResultNote.objects.get().outcome == "learned"
    broken = io.BytesIO(b"<svg onload=alert(1)>")
    broken.name = "me.jpg"
    answer = client.post(address, sent | {"r-file": broken})
    assert answer.status_code == 422
    assert client.get("/receipts/guessed/").status_code == 410


def test_the_desk_sends_the_link_and_looks(told, client, page):
    payment = paid(told)
    hand_in_receipt(payment, picture(), pence=180_000, actor=Actor("payee", payment.pk))
    sign_in(client, told.worker)
    shown = page.get("/awards/kitchen/receipts/")
    assert shown is not None
    sent = {"what": "link", "payment": payment.slug, "address": "group@example.org"}
    assert client.post("/awards/kitchen/receipts/", sent).status_code == 302
    assert client.post("/awards/kitchen/receipts/", sent).status_code == 302
    assert Message.objects.count() == 1
    receipt = Receipt.objects.get()
    assert client.get(f"/receipt/{receipt.pk}/file/").status_code == 200
    assert client.post(f"/receipt/{receipt.pk}/look/", {"do": "show"}).status_code == 302
    page.get("/awards/kitchen/")
    page.get("/desk/")
    client.logout()
    assert client.get(f"/receipt/{receipt.pk}/file/").status_code == 302


def test_an_instalment_can_be_asked_for_from_its_day_and_is_never_late():
    """The day in an agreement is the first on which a part can be asked for, not the last."""
    part = Standing(
        place="millbrook-east", kind="small", state="signed", pence=100_000, paid_on=[], paid=0,
        on_its_way=[], asked_for=False, signed=True, handed_in=0, shown=0, waiting=0, told=False,
        told_waiting=False, years=1, instalment_due=date(2027, 3, 1),
    )  # fmt: skip
    (step,) = next_steps(part, date(2026, 11, 22))
    assert (step.begins, step.due) == (date(2027, 3, 1), None)
