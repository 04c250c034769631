"""What each side sees and presses, from the promise to the file for the bank."""

import csv
import io

import pytest
import time_machine
from django.urls import reverse

from doorstep.apps.awards.actions.decisions import delegate
from doorstep.apps.awards.actions.payments import release_payment
from doorstep.apps.awards.actions.quick import give_quick_grant
from doorstep.apps.awards.models import Agreement, Award, Delegation, Payment, PaymentFile
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.places.actions import open_place
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from tests.apps.awards.applying import met
from tests.apps.awards.scene import (
    BEGAN,
    LATER,
    Scene,
    agreed,
    approved,
    asked,
    awarded,
    called,
    details,
    ready,
    scene,
)
from tests.apps.people.signing_in import sign_in
from tests.millbrook import ACTOR, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Scene:
    return scene()


@pytest.fixture(autouse=True)
def later():
    with time_machine.travel("2026-06-08 10:00Z", tick=True):
        yield


@pytest.fixture
def as_(client, told):
    def sign(name: str):
        sign_in(client, getattr(told, name))
        return client

    return sign


def test_an_award_is_paid_by_pressing_buttons_alone(told, page, as_):
    """Nine people's work, five accounts, no command line."""
    as_("secretary")
    made = met(told, "Benches", 80_000)
    decided = "/places/millbrook-east/decided/"
    assert "Benches" in page.get(decided).text
    for _time in range(2):
        page.client.post(decided, {"do": "promise", "which": made.pk})
    award = Award.objects.get()
    money = reverse("award-money", args=[award.slug])
    assert "Write the agreement" in page.get(money).text
    agreement = reverse("agreement", args=[award.slug])
    page.client.post(
        agreement,
        {
            "payee_kind": "organisation", "organisation": told.payee.pk, "purpose": "Two benches",
            "part_1": "500", "day_1": "2026-06-08", "part_2": "300", "day_2": "2026-07-01",
        },
    )  # fmt: skip
    assert "Two benches" in page.get(agreement).text
    page.client.post(f"{agreement}sign/")
    as_("officer")
    assert "Sign the agreement on “Benches”" in page.get("/desk/").text
    yours = reverse("agreement-theirs", args=[award.slug])
    assert "What is asked of you" in page.get(yours).text
    page.client.post(yours)
    assert Award.objects.get().state == "agreed"
    as_("worker")
    bank = reverse("award-bank", args=[award.slug])
    page.client.post(
        bank, {"account_name": "Hall", "sort_code": "010203", "account_number": "12345678"}
    )
    shown = page.get(bank)
    assert "ending 678" in shown.text
    assert "12345678" not in shown.html
    assert "3 working days" in shown.text
    assert "somebody else calls back" in shown.text
    page.client.post(f"{money}1/")
    payment = Payment.objects.get()
    as_("clerk")
    assert "Call back about the bank details" in page.get("/desk/").text
    page.client.post(bank, {"held_from": "register", "confirmation": "match", "confirmed": "yes"})
    one = reverse("payment", args=[payment.slug])
    page.client.post(f"{one}decide/", {"declared": "none"})
    assert "wait until 11 June 2026" in page.get(one).text
    assert page.client.post(f"{one}release/").status_code == 409
    with time_machine.travel("2026-06-11 10:00Z"):
        as_("finance")
        assert "Release £500 for “Benches”" in page.get("/desk/").text
        page.client.post(f"{one}release/")
        page.client.post("/places/millbrook-east/payment-file/")
        got = page.client.post(reverse("payment-file", args=[PaymentFile.objects.get().pk]))
    [row] = csv.reader(io.StringIO(got.content.decode()))
    assert row == [f"DOORSTEP {payment.pk}", "HALL", "12345678", "010203", "26163", "99", "500.00"]
    assert "no-store" in got["Cache-Control"]
    page.client.logout()
    street = page.get(f"/awards/{award.slug}/")
    assert "On its way" in street.text
    assert "2 people: a community worker and a finance officer" in street.text
    assert "St Anne’s Hall" in street.text


def test_the_file_is_read_by_a_finance_officer_with_a_second_factor_and_logged(told, as_, client):
    _award, payment = ready(told)
    approved(told, payment)
    release_payment(payment, on=LATER, actor=told.acting("finance"))
    as_("finance").post("/places/millbrook-east/payment-file/")
    address = reverse("payment-file", args=[PaymentFile.objects.get().pk])
    for _time in range(2):
        assert b"12345678" in client.post(address).content
    kinds = list(Leaf.objects.filter(log="audit").values_list("kind", flat=True))
    assert kinds.count("payment.file_taken") == kinds.count("organisation.mandate_read") == 2
    sign_in(client, told.secretary)
    assert client.post(address).status_code == 403
    client.logout()
    sign_in(client, told.finance, second_factor=False)
    assert client.post(address).status_code == 302


def test_each_payment_is_in_exactly_one_file(told, as_, client):
    award = awarded(told)
    agreed(told, award)
    called(told, details(told))
    as_("finance")
    for number in ("1", "2"):
        payment = approved(told, asked(told, award, 1_000 + int(number), number))
        release_payment(payment, on=LATER, actor=told.acting("finance"))
        client.post("/places/millbrook-east/payment-file/")
    assert client.post("/places/millbrook-east/payment-file/").status_code == 409
    assert [file.lines.count() for file in PaymentFile.objects.all()] == [1, 1]


def test_somebody_with_an_interest_is_shown_by_role(told, page, as_):
    _award, payment = ready(told)
    as_("chair")
    page.client.post(reverse("payment-decide", args=[payment.slug]), {"declared": "indirect"})
    page.client.logout()
    text = page.get("/awards/kitchen/").text
    assert "A partnership member stayed out because of an interest." in text
    assert "@" not in text


def test_a_person_who_is_paid_back_is_not_named(told, page, as_):
    award = awarded(told, 20_000)
    agreed(told, award, told.neighbour, payee_kind="reimbursement")
    called(told, details(told, told.neighbour))
    asked(told, award, 5_000, "Tools4U 3 May")
    text = page.get("/awards/kitchen/").text
    assert "Asked for" in text
    assert "Tools4U" not in text
    for leaf in Leaf.objects.filter(log="public", kind="payment.raised"):
        assert "Tools4U" not in page.get(f"/record/{leaf.idx}/").text


def test_a_quick_grant_takes_one_screen_and_one_more_person(told, page, as_):
    delegate(
        told.place, title="Small things", holder_role="worker", pence=50_000, month_pence=60_000,
        since=DAY, until=LATER.replace(year=2027), decided_on=DAY,
        voted={"partnership_member": 9}, actor=told.acting("secretary"),
    )  # fmt: skip
    # Nobody of the host calls back about the host's own account.
    called(told, details(told, told.host), "secretary")
    as_("worker")
    address = "/places/millbrook-east/quick/"
    boxes = page.get(address).all("input")
    key = next(box.get("value") for box in boxes if box.get("name") == "once")
    form = {
        "once": key, "title": "Paint for the shelter", "purpose": "It peels.", "pence": "120",
        "payee_kind": "host", "organisation": told.host.pk, "invoice": "Tools4U 3 May",
    }  # fmt: skip
    for _time in range(2):
        assert page.client.post(address, form).status_code == 302
    payment = Payment.objects.get()
    assert (payment.award.kind, payment.pence) == ("quick", 12_000)
    # The host is paid, so nobody of the host approves.
    as_("finance")
    page.client.post(reverse("payment-decide", args=[payment.slug]), {"declared": "none"})
    assert Payment.objects.get().state == "raised"
    as_("chair")
    page.client.post(reverse("payment-decide", args=[payment.slug]), {"declared": "none"})
    assert Payment.objects.get().state == "approved"
    as_("worker")
    too_much = page.client.post(address, {**form, "once": "ab" * 8, "pence": "501", "invoice": "2"})
    assert "between £50 and £500" in too_much.content.decode()
    month = page.client.post(address, {**form, "once": "cd" * 8, "pence": "490", "invoice": "3"})
    assert "£120 of this month’s £600 is given already" in month.content.decode()


def test_what_is_asked_follows_the_sum(page):
    small = page.get("/asked/?sum=120&kind=quick").text
    large = page.get("/asked/?sum=12,000&kind=project").text
    long = page.get("/asked/?sum=12000&kind=unrestricted").text
    assert "signed by both sides" not in small
    assert "Two prices" in large
    assert "at least two parts" in large
    assert "Rule: " in large
    assert "receipt" not in long.partition("For £12,000")[2]
    assert "not a sum of money" in page.get("/asked/?sum=lots").text
    assert "Three kinds of money" in page.get("/asked/").text


def test_a_mistyped_bank_number_is_refused_in_words(told, page, as_):
    award = awarded(told)
    agreed(told, award)
    as_("worker")
    answer = page.client.post(
        reverse("award-bank", args=[award.slug]),
        {"account_name": "Hall", "sort_code": "0102", "account_number": "12345678"},
    )
    assert "A sort code has 6 figures" in answer.content.decode()


def test_somebody_of_another_place_sees_nothing(told, page, client):
    west = open_place(
        "millbrook-west", "Millbrook West", "Alderdale", population=6_000, population_year=2024,
        population_source="a test", boundary_year=2021, actor=ACTOR,
    )  # fmt: skip
    stranger = open_account("west@millbrook.example", actor=ACTOR)
    give_role(stranger, "partnership_member", place=west, since=BEGAN, actor=ACTOR)
    award, payment = ready(told)
    sign_in(client, stranger)
    for address in (
        "/places/millbrook-east/payments/",
        reverse("award-money", args=[award.slug]),
        reverse("award-bank", args=[award.slug]),
        reverse("agreement", args=[award.slug]),
        reverse("payment", args=[payment.slug]),
    ):
        assert client.get(address).status_code == 403, address
    assert client.get(reverse("agreement-theirs", args=[award.slug])).status_code == 404
    assert client.post(reverse("payment-decide", args=[payment.slug])).status_code == 403


@pytest.mark.parametrize("name", ["secretary", "finance", "worker", "funder"])
def test_every_page_is_a_good_one_for_everybody_who_may_open_it(told, page, as_, name):
    award, payment = ready(told)
    second = asked(told, awarded_again(told), 20_000, "Z")
    release_payment(approved(told, second), on=LATER, actor=told.acting("finance"))
    as_(name)
    for address in (
        "/places/millbrook-east/payments/",
        reverse("award-money", args=[award.slug]),
        reverse("agreement", args=[award.slug]),
        reverse("award-end", args=[award.slug]),
        reverse("payment", args=[payment.slug]),
        reverse("payment", args=[second.slug]),
        "/desk/",
    ):
        assert page.get(address).status == 200
    if name == "secretary":
        page.get("/places/millbrook-east/decide/")
    if name == "finance":
        page.client.post("/places/millbrook-east/payment-file/")
        page.get(reverse("payment-file", args=[PaymentFile.objects.get().pk]))
        page.get("/places/millbrook-east/payments/")


def awarded_again(told: Scene) -> Award:
    award = awarded(told, 20_000, "bench")
    agreed(told, award)
    return award


def test_a_wrong_agreement_says_what_is_wrong(told, page, as_):
    award = awarded(told)
    as_("secretary")
    answer = page.client.post(
        reverse("agreement", args=[award.slug]),
        {
            "payee_kind": "organisation", "organisation": told.payee.pk, "purpose": "Benches",
            "part_1": "500", "day_1": "2026-06-08",
        },
    )  # fmt: skip
    assert "The instalments come to £500, but the award is £1,800" in answer.content.decode()
    assert not Agreement.objects.exists()


def test_no_second_limit_lifts_a_places_month(told):
    def limit(role: str) -> Delegation:
        return delegate(
            told.place, title="Small things", holder_role=role, pence=50_000, month_pence=150_000,
            since=DAY, until=LATER.replace(year=2027), decided_on=DAY,
            voted={"partnership_member": 9}, actor=told.acting("secretary"),
        )  # fmt: skip

    def give(from_: Delegation, number: int, who: str) -> Payment:
        return give_quick_grant(
            from_, key=f"{number:016x}", title="Paint", purpose="It peels.", pence=50_000,
            payee_kind="host", payee=told.host, invoice=f"Bill {number}", on=DAY,
            actor=told.acting(who),
        )  # fmt: skip

    called(told, details(told, told.host), "secretary")
    first = limit("worker")
    for number in range(3):
        give(first, number, "worker")
    second = limit("worker")
    first.refresh_from_db()
    assert first.until == DAY
    with pytest.raises(Refused, match="holds from"):
        give(first, 3, "worker")
    give(second, 4, "worker")
    with pytest.raises(Refused, match="£2,000 of this month’s £2,000"):
        give(second, 5, "worker")
    with pytest.raises(Refused, match="£2,000 of this month’s £2,000"):
        give(limit("partnership_member"), 6, "secretary")
