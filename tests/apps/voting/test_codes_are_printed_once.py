"""The plan is frozen, runs are printed once and committed to before opening, and none is added."""

import contextlib
import io

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from doorstep.apps.people.actions import give_role
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.freezing import missing
from doorstep.apps.voting import addresses, codes, letters
from doorstep.apps.voting.actions.printing import (
    drop_plan,
    keep_addresses,
    next_run,
    plan_codes,
    print_run,
    spoil_run,
)
from doorstep.apps.voting.models import Channel, CodeBatch, CodePlan, Credential
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.tree import root
from tests.apps.people.signing_in import sign_in
from tests.apps.voting.polling import (
    BEFORE,
    DURING,
    card_plan,
    frozen,
    letter_plan,
    opened,
    planned,
    printed,
)
from tests.millbrook import ACTOR

LINES = ["The residents\n1 Mill Lane\nMillbrook", "The residents\n2 Tŷ Gwyn\nMillbrook"]


def why(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def two(polling) -> dict:
    return {"printer": polling.printer, "beside": polling.beside}


def test_a_code_has_fifty_five_bits_of_chance():
    secrets = [codes.new_code("W7K2").secret for _ in range(2000)]
    assert {len(one) for one in secrets} == {11}
    for place in range(11):  # each of 32 characters in each place: 32 ** 11 is 2 ** 55
        assert {one[place] for one in secrets} == set(codes.ALPHABET)


@pytest.mark.django_db
def test_a_run_is_committed_to_by_the_root_of_its_codes():
    polling = printed(frozen(planned(cards=5)))
    batch = CodeBatch.objects.get()
    kept = sorted(
        codes.committed(one.selector, bytes(one.salt), bytes(one.hashed))
        for one in batch.credentials.all()
    )
    assert bytes(batch.root) == root([leaf_hash(each) for each in kept])
    assert f'"root":"{bytes(batch.root).hex()}"' in bytes(batch.leaf.body).decode()
    assert len({one.selector for one in polling.codes}) == 5


@pytest.mark.django_db
def test_a_secret_is_kept_nowhere():
    polling = printed(frozen(planned(cards=2)))
    for one in Credential.objects.values():
        for code in polling.codes:
            assert code.secret not in str(one)


@pytest.mark.django_db
def test_a_run_is_printed_once_by_two_people_between_freeze_and_opening():
    polling = planned(cards=2)
    plan = card_plan(polling)
    assert why(lambda: print_run(plan, 1, **two(polling))) == "not_the_time_to_print"
    frozen(polling)
    plan = card_plan(polling)
    alone = {"printer": polling.printer, "beside": polling.printer}
    assert why(lambda: print_run(plan, 1, **alone)) == "one_printer"
    print_run(plan, 1, **two(polling))
    assert why(lambda: print_run(plan, 1, **two(polling))) == "run_printed"
    assert why(lambda: print_run(plan, 2, **two(polling))) == "all_printed"
    opened(polling)
    assert why(lambda: print_run(card_plan(polling), 2, **two(polling))) == "not_the_time_to_print"
    late = Credential.objects.first()
    late.pk, late.selector = 1, "ZZZZ"
    with pytest.raises(IntegrityError), transaction.atomic():
        late.save(force_insert=True)


@pytest.mark.django_db
def test_a_spoilt_run_is_void_and_printed_anew():
    polling = printed(frozen(planned(cards=2, letters=LINES), LINES))
    batch = CodeBatch.objects.get(plan__channel="letter")
    spoil_run(batch, actor=ACTOR)
    spoil_run(batch, actor=ACTOR)
    assert set(batch.credentials.values_list("state", flat=True)) == {"voided"}
    assert next_run(letter_plan(polling)) == (2, 2)
    again = print_run(letter_plan(polling), 2, **two(polling))
    assert [lines for _code, lines in again.letters] == LINES


@pytest.mark.django_db
def test_the_plan_is_fixed_with_the_rules():
    polling = planned()
    assert why(lambda: plan_codes(polling.round, Channel.DESK, 9)) == "planned"
    assert why(lambda: plan_codes(polling.round, Channel.DOOR, 0)) == "how_many"
    frozen(polling)
    assert why(lambda: plan_codes(polling.round, Channel.DOOR, 9)).startswith("round_is")
    assert why(lambda: drop_plan(card_plan(polling))).startswith("round_is")


@pytest.mark.django_db
def test_a_freeze_waits_for_codes_and_for_cards_beside_letters():
    polling = planned()
    drop_plan(card_plan(polling))
    assert any("No codes are planned" in said for said in missing(polling.round))
    plan_codes(polling.round, Channel.LETTER, 3)
    assert any("No cards are planned" in said for said in missing(polling.round))
    plan_codes(polling.round, Channel.DOOR, 3)
    assert not any("planned" in said for said in missing(polling.round))


@pytest.mark.django_db
def test_letters_go_out_in_every_language_and_show_address_and_code():
    polling = frozen(planned(letters=LINES, languages=["en", "cy"]), LINES)
    done = print_run(letter_plan(polling), 1, **two(polling))
    pages = PdfReader(io.BytesIO(letters.run_as_pdf(polling.round, "letter", done.letters))).pages
    assert len(pages) == 4
    front, back = pages[0].extract_text(), pages[1].extract_text()
    assert "1 Mill Lane" in front
    assert "Mill Lane" not in back
    for text in (front, back):
        assert done.letters[0][0].printed in text
    assert "Your vote" in front
    assert "Eich pleidlais" in back


@pytest.mark.django_db
def test_the_pdf_is_streamed_once(client, page):
    polling = frozen(planned(cards=3))
    for account in (polling.printer, polling.beside):
        give_role(account, "worker", place=polling.round.place, since=BEFORE.date(), actor=ACTOR)
    plan = card_plan(polling)
    with time_machine.travel(DURING, tick=True):
        sign_in(client, polling.printer)
        shown = page.get(f"/rounds/{polling.round.slug}/codes/")
        assert "Print run 1: 3 codes" in shown.text
        form = {f"run{plan.pk}-run": "1", f"run{plan.pk}-beside": str(polling.beside.pk)}
        address = f"/rounds/{polling.round.slug}/codes/{plan.pk}/print/"
        answer = client.post(address, form)
        assert answer["Content-Type"] == "application/pdf"
        assert "no-store" in answer["Cache-Control"]
        again = page.post(address, form, status=409)
        assert "a run is printed once" in again.text
    assert CodeBatch.objects.count() == 1


@pytest.mark.django_db
def test_a_list_of_another_length_is_refused():
    polling = planned(letters=LINES)
    plan = CodePlan.objects.get(round=polling.round, channel="letter")
    assert why(lambda: keep_addresses(plan, LINES[:1])) == "other_number"
    assert keep_addresses(plan, LINES) == 2


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\xef\xbb\xbfaddress,town\n1 Mill Lane,Millbrook\n", ["1 Mill Lane\nMillbrook"]),
        (b'"1, Mill Lane","Millbrook"\r\n\r\n', ["1, Mill Lane\nMillbrook"]),
        (b"1 Mill Lane,,Millbrook,\n", ["1 Mill Lane\nMillbrook"]),
        ("2 Tŷ Gwyn,Millbrook".encode("cp1252", "replace"), ["2 T? Gwyn\nMillbrook"]),
        (b"=1+1,Millbrook\n", ["=1+1\nMillbrook"]),
    ],
)
def test_a_list_is_read_as_spreadsheets_write_it(data, found):
    assert addresses.read(data, 100) == found


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"1 Mill Lane\n", "Line 1"),
        (b"1 Mill Lane,Millbrook\n1 Mill Lane,Millbrook\n", "Line 2"),
        (b'1 Mill Lane,Millbrook\n"2 Mill Lane,Millbrook\n', "Line"),
        (b"1,2,3,4,5,6,7,8\n", "Line 1"),
        (b"x" * 50 + b",Millbrook\n", "Line 1"),
        (b"\x00\x81\x00", "not a list"),
    ],
)
def test_a_broken_list_is_refused_by_its_line(data, said):
    with pytest.raises(Refused, match=said):
        addresses.read(data, 100)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_list_or_refused(data):
    with contextlib.suppress(Refused):
        for address in addresses.read(data, 20):
            assert 2 <= len(address.split("\n")) <= 7
