"""The assurance pack: the same figures on the page, in the file and on paper; a sample that nobody
could choose; and what is not there is said."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from doorstep.apps.awards.actions.payments import release_payment
from doorstep.apps.awards.actions.sampling import fix_seed
from doorstep.apps.awards.models import Payment
from doorstep.apps.awards.queries.sampling import sampled, year_of
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.people.models import Role
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.engine.sampling import Voucher, draw
from doorstep.site.assurance import PARTS, as_json, pack
from doorstep.site.words import money
from tests.apps.awards.scene import LATER
from tests.apps.awards.street import street
from tests.apps.people.signing_in import sign_in
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db
YEAR = 2026
CLOSED = date(2027, 4, 1)


@pytest.fixture
def told(time_machine):
    """A place with payments, one of them released, on a day of the year 2026."""
    time_machine.move_to(datetime(2026, 6, 8, 12, tzinfo=UTC))
    one = street()
    for payment in Payment.objects.filter(state="approved"):
        release_payment(payment, on=LATER, actor=one.told.acting("finance"))
    return one


def auditor(client, place):
    account = open_account("auditor@example.org", actor=ACTOR)
    give_role(account, Role.Kind.COUNCIL_OFFICER, place=place, since=LATER, actor=ACTOR)
    sign_in(client, account)


def test_page_file_and_paper_say_the_same_figures(told, page) -> None:
    place = told.told.place
    auditor(page.client, place)
    fix_seed(place, YEAR, on=LATER, actor=ACTOR)
    found = pack(place, YEAR, LATER)
    at = f"/places/{place.slug}/assurance/{YEAR}/"
    seen = page.get(at).text
    figures = place_money(place.slug)
    for pence in (figures.came_in, figures.promised, figures.on_its_way, figures.left):
        assert money(pence) in seen
    for part in found.parts:
        assert f"./doorstep assurance {place.slug} {YEAR} --part {part.key}" in seen
        csv = page.client.get(f"{at}{part.key}.csv").content.decode()
        assert csv.splitlines()[0].startswith(str(part.columns[0]))
        assert len(csv.splitlines()) == 1 + len(part.rows)
    paper = page.client.get(f"{at}pack.pdf")
    assert paper.content.startswith(b"%PDF")
    printed = json.loads(as_json(place, YEAR, LATER, "money"))["parts"]["money"]["rows"]
    assert printed[0]["Sum"] == figures.came_in


def test_what_was_paid_by_quarter_is_what_the_ledger_sent(told) -> None:
    place = told.told.place
    [spend] = [part for part in pack(place, YEAR, LATER).parts if part.key == "spend"]
    figures = place_money(place.slug)
    assert spend.rows[-1][4].pence == figures.paid + figures.on_its_way
    assert sum(row[2].pence for row in spend.rows) == spend.rows[-1][4].pence
    assert spend.rows[-1][4].pence > 0


def test_the_sample_is_drawn_again_from_two_lines_of_the_record(told, time_machine) -> None:
    place = told.told.place
    fixed = fix_seed(place, YEAR, on=LATER, actor=ACTOR)
    assert sampled(place, YEAR, LATER).draw is None, "nothing is drawn while the year runs"
    time_machine.move_to(datetime(2027, 3, 31, 22, 59, tzinfo=UTC))  # 23:59 in London
    last = write_leaf("garden.file", {})
    time_machine.move_to(datetime(2027, 3, 31, 23, 1, tzinfo=UTC))  # 00:01 of 1 April
    write_leaf("garden.file", {})
    found = sampled(place, YEAR, CLOSED)
    assert found.closed == last
    words = f"doorstep voucher sample v1\n{fixed.leaf_hash.hex()}\n{last.leaf_hash.hex()}\n"
    assert found.seed == sha256(words.encode()).hexdigest()
    sent = Payment.objects.filter(released_on__isnull=False, award__place=place)
    again = [Voucher(one.slug, one.pence) for one in sent]
    assert found.draw == draw(again, min(len(again), 5), bytes.fromhex(found.seed))
    assert found.draw.picked


def test_a_seed_is_fixed_once_and_never_afterwards(told) -> None:
    place = told.told.place
    fix_seed(place, YEAR, on=LATER, actor=ACTOR)
    for year, on, said in [
        (YEAR, LATER, "fixed already"),
        (2025, LATER, "could be chosen to suit"),
        (2027, LATER, "begins on 1 April 2027"),
    ]:
        with pytest.raises(Refused, match=said):
            fix_seed(place, year, on=on, actor=ACTOR)
    [part] = [one for one in pack(place, 2025, LATER).parts if one.key == "vouchers"]
    assert "No seed was fixed before this year closed" in part.none


def test_whoever_stayed_out_of_a_payment_is_told_with_what_it_was_for(told) -> None:
    [part] = [one for one in pack(told.told.place, YEAR, LATER).parts if one.key == "interests"]
    about = [str(row[3]) for row in part.rows if row[1] == "stayed out of a payment"]
    payment = Payment.objects.get(approvals__declared="loyalty")
    assert about == [f"{payment.award.title.text}, {payment.slug}"]


def test_a_place_where_nothing_happened_says_so_part_by_part(told, page) -> None:
    from tests.millbrook import place_with_money

    place = place_with_money(100, "quiet-place")
    auditor(page.client, place)
    seen = page.get(f"/places/{place.slug}/assurance/").text
    for said in (
        "Nothing was decided in this year.",
        "Nobody declared an interest, and nobody stayed out.",
        "Doorstep does not keep complaints yet",
        "Nothing is owed here in public now.",
    ):
        assert said in seen
    assert page.client.get(f"/places/{place.slug}/assurance/2026/pack.pdf").status_code == 200


def test_an_officer_fixes_the_seed_by_one_button(told, page) -> None:
    place = told.told.place
    auditor(page.client, place)
    at = f"/places/{place.slug}/assurance/{YEAR}/"
    assert "Fix the seed of this year" in page.get(at).text
    for _twice in range(2):
        page.client.post(f"{at}fix/")
    assert Leaf.objects.filter(kind="sample.seed_fixed").count() == 1
    assert "The seed was fixed on 8 June 2026" in page.get(at).text


def test_years_and_parts_that_are_not_there_lead_nowhere(told, client) -> None:
    place = told.told.place
    auditor(client, place)
    for tail in ("2027/", "1900/", "2026/poems.csv", "2027/pack.pdf"):
        assert client.get(f"/places/{place.slug}/assurance/{tail}").status_code == 404
    with pytest.raises(Refused, match="no part “poems”"):
        as_json(place, YEAR, LATER, "poems")
    with pytest.raises(Refused, match="has begun"):
        as_json(place, 2031, LATER)


def test_the_pack_takes_as_many_statements_for_many_payments(
    told, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(30):
        pack(told.told.place, YEAR, LATER)


@pytest.mark.parametrize(
    ("day", "year"), [("2026-03-31", 2025), ("2026-04-01", 2026), ("2027-01-01", 2026)]
)
def test_a_year_of_accounts_begins_in_april(day, year) -> None:
    assert year_of(date.fromisoformat(day)) == year


def test_every_part_has_its_place_in_the_pack() -> None:
    assert list(PARTS) == [
        "decisions", "interests", "money", "spend", "vouchers", "complaints", "promises",
    ]  # fmt: skip
