"""A guessed, mistyped, locked, voided, replaced or foreign code: each is told what to do, and no
try costs anybody a vote."""

import contextlib
import hashlib
import hmac
import logging
import re
import threading

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps.limits.actions import count_one, forget_what_is_over
from doorstep.apps.limits.models import Count
from doorstep.apps.people.actions import give_role
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.apps.voting import codes
from doorstep.apps.voting.actions import casting, desk
from doorstep.apps.voting.actions.box import open_box, seal_round
from doorstep.apps.voting.actions.casting import cast, credential_of, redeem, spend_on_paper
from doorstep.apps.voting.actions.polls import end_poll, log_envelopes
from doorstep.apps.voting.actions.trustees import ask_the_house
from doorstep.apps.voting.box import how_many_count
from doorstep.apps.voting.choices import Choice
from doorstep.apps.voting.models import Credential, LetterAddress
from doorstep.apps.voting.queries import code_counts
from doorstep.site.logs import Plain
from tests.apps.people.signing_in import sign_in
from tests.apps.voting.polling import AFTER, BEFORE, DURING, running
from tests.millbrook import ACTOR

HERE = "192.0.2.1"
LINES = ["1 Mill Lane\nMillbrook", "2 Mill Lane\nMillbrook"]


@pytest.fixture
def during():
    with time_machine.travel(DURING, tick=True):
        yield


def wrong(code: codes.Code) -> str:
    return codes.Code(code.selector, codes.new_code("0000").secret).printed


def why(typed: str, address: str = HERE) -> str:
    with pytest.raises(Refused) as refused:
        redeem(typed, address=address)
    return refused.value.code


@given(st.integers(0, 2**20 - 1))
def test_a_code_is_read_as_it_was_printed_however_it_is_typed(number):
    selector = "".join(codes.ALPHABET[number >> shift & 31] for shift in (0, 5, 10, 15))
    code = codes.new_code(selector)
    assert codes.read(code.printed) == code
    slack = code.printed.lower().replace("0", "o").replace("1", "l").replace("v", "u")
    assert codes.read(f"  {slack.replace('-', ' ')} ") == code


@given(st.integers(0, 15), st.integers(1, 31))
def test_every_single_wrong_character_is_found_by_the_check_character(place, step):
    bare = codes.new_code("W7K2").printed.replace("-", "")
    letter = codes.ALPHABET[(codes.ALPHABET.index(bare[place]) + step) % 32]
    with pytest.raises(codes.MistypedError):
        codes.read(bare[:place] + letter + bare[place + 1 :])


@given(st.integers(0, 14))
def test_two_swapped_characters_are_found(place):
    bare = codes.new_code("W7K2").printed.replace("-", "")
    swapped = bare[:place] + bare[place + 1] + bare[place] + bare[place + 2 :]
    if swapped != bare:
        with pytest.raises(codes.MistypedError):
            codes.read(swapped)


@given(st.text(max_size=120))
def test_anything_typed_is_a_code_or_mistyped(typed):
    with contextlib.suppress(codes.MistypedError):
        assert codes.read(typed).printed


def test_a_new_code_is_dear_to_guess_and_codes_on_paper_stay_right_at_the_cost_of_their_day():
    code, salt = codes.new_code("W7K2"), codes.new_salt()
    peppered = hmac.digest(settings.CODE_PEPPER.encode(), code.secret.encode(), "sha256")
    once, twice, now = (
        hashlib.scrypt(peppered, salt=salt, n=2**13, r=r, p=p, dklen=32)
        for r, p in ((8, 1), (8, 2), (9, 2))
    )
    assert codes.hashed(code, salt) == b"\x03" + now
    for kept in (b"\x03" + now, b"\x02" + twice, once):
        assert codes.is_right(code, salt, kept)
        assert not codes.is_right(codes.read(wrong(code)), salt, kept)
    assert not codes.is_right(code, salt, b"\x03" + twice)


@pytest.mark.django_db
def test_a_mistyped_code_costs_no_try(during):
    polling = running()
    typed = polling.codes[0].printed
    for _ in range(9):
        assert why(typed[:-1] + ("2" if typed[-1] != "2" else "3")) == "mistyped"
    assert redeem(typed, address=HERE).tries_left == 5


@pytest.mark.django_db
def test_after_five_wrong_tries_a_code_waits_for_the_desk_and_is_not_lost(during):
    polling = running()
    code = polling.codes[0]
    assert [why(wrong(code)) for _ in range(6)] == ["unknown_code"] * 5 + ["locked"]
    assert why(code.printed) == "locked"
    desk.unlock(polling.credential(code), actor=ACTOR)
    assert redeem(code.printed, address=HERE).pk == polling.credential(code).pk
    assert Leaf.objects.filter(log="audit", kind="voting.code_unlocked").count() == 1


@pytest.mark.django_db
def test_a_right_code_gives_its_five_tries_back(during):
    polling = running()
    code = polling.codes[0]
    for _ in range(4):
        assert why(wrong(code)) == "unknown_code"
    redeem(code.printed, address=HERE)
    assert polling.credential(code).tries_left == 5


def test_many_guesses_at_once_are_no_more_than_five(committed_db):
    polling = running(cards=2)
    code = polling.codes[0]
    told = []

    def guess() -> None:
        try:
            with time_machine.travel(DURING, tick=True):
                told.append(why(wrong(code), address=str(threading.get_ident())))
        finally:
            connection.close()

    connection.close()
    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(told) == 12
    assert Credential.objects.get(selector=code.selector).tries_left == 0
    with time_machine.travel(DURING, tick=True):
        assert why(code.printed) == "locked"


@pytest.mark.django_db
def test_who_guesses_from_one_place_is_slowed_and_others_are_not(during):
    polling = running()
    unknown = codes.new_code("0000").printed
    told = [why(unknown) for _ in range(31)]
    assert told == ["unknown_code"] * 30 + ["too_many_wrong_codes"]
    assert redeem(polling.codes[0].printed, address="192.0.2.2")


def test_guesses_at_one_moment_are_answered_no_more_than_guesses_in_turn(committed_db):
    polling = running(cards=1)
    told = []
    ready = threading.Barrier(40)

    def guess() -> None:
        ready.wait(60)
        try:
            told.append(why(codes.new_code("0000").printed))
        finally:
            connection.close()

    with time_machine.travel(DURING, tick=True):
        connection.close()
        threads = [threading.Thread(target=guess) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert (told.count("unknown_code"), told.count("too_many_wrong_codes")) == (30, 10)
        assert why(polling.codes[0].printed) == "too_many_wrong_codes"


@pytest.mark.django_db
def test_a_right_code_that_was_on_its_way_when_the_last_guess_fell_is_refused(during, monkeypatch):
    polling = running()
    fits = codes.is_right

    def slowly(*given):
        for _ in range(30):  # others, while this one is hashed
            why(codes.new_code("0000").printed)
        return fits(*given)

    monkeypatch.setattr(codes, "is_right", slowly)
    assert why(polling.codes[0].printed) == "too_many_wrong_codes"


@pytest.mark.django_db
def test_who_guessed_waits_a_quarter_of_an_hour_and_is_then_forgotten():
    with time_machine.travel(DURING, tick=False) as clock:
        polling = running()
        for _ in range(30):
            why(codes.new_code("0000").printed)
        clock.shift(14 * 60 + 59)
        assert why(polling.codes[0].printed) == "too_many_wrong_codes"
        forget_what_is_over()
        assert Count.objects.filter(key__startswith="voting.wrong.").exclude(key="voting.wrong.all")
        clock.shift(1)
        assert redeem(polling.codes[0].printed, address=HERE)
        forget_what_is_over()
        assert not Count.objects.exists()


@pytest.mark.django_db
def test_what_is_counted_names_no_address(during):
    why(codes.new_code("0000").printed)
    kept = list(Count.objects.values_list("key", flat=True))
    assert len(kept) == 2
    assert not any(HERE in key for key in kept)


@pytest.mark.django_db
def test_guessing_from_everywhere_keeps_nobody_else_from_voting(during):
    polling = running()
    unknown = codes.new_code("0000").printed
    for _ in range(600):
        count_one("voting.wrong.all", 60)
    assert redeem(polling.codes[0].printed, address=HERE)
    assert why(unknown) == "unknown_code"
    assert why(polling.codes[0].printed) == "too_many_wrong_codes"
    assert redeem(polling.codes[0].printed, address="192.0.2.2")


@pytest.mark.django_db
def test_one_subscriber_is_one_address_however_many_they_hold(during):
    polling = running()
    unknown = codes.new_code("0000").printed
    told = [why(unknown, f"2001:db8:0:1::{place:x}") for place in range(31)]
    assert told == ["unknown_code"] * 30 + ["too_many_wrong_codes"]
    assert redeem(polling.codes[0].printed, address="2001:db8:0:2::1")


@pytest.mark.django_db
def test_two_codes_with_one_beginning_take_no_tries_from_each_other(during):
    here, there = running(slug="here"), running(slug="there")
    mine, other = here.codes[0], there.codes[0]
    # Two rounds may print the same beginning by chance; no code changes, so here it is arranged.
    both = [here.credential(mine), there.credential(other)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(casting, "_candidates", lambda _selector: both)
        assert redeem(mine.printed, address=HERE).pk == both[0].pk
        assert redeem(other.printed, address=HERE).pk == both[1].pk
        for one in both:
            one.refresh_from_db()
            assert one.tries_left == 5
        assert why(wrong(mine)) == "unknown_code"
    assert {here.credential(mine).tries_left, there.credential(other).tries_left} == {4}


@pytest.mark.django_db
def test_voided_replaced_and_returned_codes_say_so_and_their_ballots_do_not_count(during):
    polling = running(letters=LINES, cards=5)
    first, second, spare, _four, _five = polling.codes
    for code in (first, second):
        cast(credential_of(polling.credential(code).pk), Choice(((0, 1),)), "a-b-c-d-11")
    assert how_many_count(polling.round) == 2
    desk.void(polling.credential(first), actor=ACTOR)
    card = desk.replace(polling.credential(second), spare.selector, actor=ACTOR)
    desk.letter_returned(polling.credential(polling.letters[0]), actor=ACTOR)
    assert how_many_count(polling.round) == 0
    assert why(first.printed) == "code_voided"
    assert why(second.printed) == "code_replaced"
    assert why(polling.letters[0].printed) == "code_returned"
    assert redeem(spare.printed, address=HERE).pk == card.pk
    counts = code_counts(polling.round)
    assert (counts.issued, counts.voided, counts.replaced, counts.returned) == (7, 1, 1, 1)
    with pytest.raises(Refused, match="given out already"):
        desk.replace(polling.credential(polling.letters[1]), spare.selector, actor=ACTOR)
    kinds = Leaf.objects.filter(log="audit", kind__startswith="voting.").values_list("kind")
    assert sorted(kind for (kind,) in kinds) == [
        "voting.code_replaced", "voting.code_voided", "voting.letter_returned",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_code_used_on_paper_says_so_online(during):
    polling = running()
    code = polling.codes[0]
    spend_on_paper(polling.round, code.printed, actor=ACTOR)
    assert why(code.printed) == "used_on_paper"


@pytest.mark.django_db
def test_a_code_of_another_round_opens_its_own_ballot_and_is_no_paper_here(during):
    here, there = running(slug="here"), running(slug="there")
    assert redeem(there.codes[0].printed, address=HERE).round_id == there.round.pk
    with pytest.raises(Refused) as refused:
        spend_on_paper(here.round, there.codes[0].printed, actor=ACTOR)
    assert refused.value.code == "foreign_code"


def test_a_secret_stands_in_no_log_even_when_something_breaks():
    for typed in ("4NH9-442Q-8GMB-YC5R", "4NH9 442Q 8GMB YC5R", "4NH9\t442Q_8GMB.YC5R/"):
        record = logging.LogRecord(
            "django.request", logging.ERROR, "", 1, "Internal Server Error: %s",
            (f"/v/{typed}",), None,
        )  # fmt: skip
        written = Plain("%(message)s").format(record)
        assert not [part for part in ("4NH9", "442Q", "8GMB", "YC5R") if part in written]
    assert codes.new_code("W7K2").secret not in repr(codes.new_code("W7K2"))


@pytest.mark.django_db
def test_a_fault_behind_the_qr_address_reaches_no_page_and_no_log(client, caplog, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("4NH9-442Q-8GMB-YC5R")

    monkeypatch.setattr("doorstep.apps.voting.views.casting.redeem", broken)
    answer = client.get("/v/4NH9-442Q-8GMB-YC5R")
    assert answer.status_code == 303
    assert "4NH9" not in caplog.text


@pytest.mark.django_db
def test_the_desk_is_for_workers_and_members_with_a_second_factor(client, page, during):
    polling = running(letters=LINES)
    address = f"/rounds/{polling.round.slug}/desk/"
    assert Client().get(address).status_code == 302
    give_role(
        polling.printer, "worker", place=polling.round.place, since=BEFORE.date(), actor=ACTOR
    )
    sign_in(client, polling.printer)
    found = page.post(address, {"q": "1 mill"})
    assert "1 Mill Lane" in found.text
    assert "2 Mill Lane" not in found.text
    assert "1 Mill Lane" in page.post(address, {"q": "1\x00 mill"}).text  # no keyboard types that
    code = polling.letters[0]
    shown = page.post(address, {"q": code.selector})
    assert f"Code {code.selector}…" in shown.text
    done = page.post(f"{address}act/", {"selector": code.selector, "act": "void"})
    assert "Done." in done.html
    assert polling.credential(code).state == "voided"


@pytest.mark.django_db
def test_a_whole_code_at_the_desk_stands_in_no_address_and_is_not_shown_again(client, page, during):
    polling = running(letters=LINES)
    address = f"/rounds/{polling.round.slug}/desk/"
    give_role(
        polling.printer, "worker", place=polling.round.place, since=BEFORE.date(), actor=ACTOR
    )
    sign_in(client, polling.printer)
    empty = page.get(address, {"q": polling.letters[0].printed})
    assert "1 Mill Lane" not in empty.text  # nothing is asked by an address
    assert 'method="get"' not in empty.html.split("<main", 1)[1]
    mistyped = polling.codes[0].printed[:-1]
    for typed in (polling.letters[0].printed, wrong(polling.codes[0]), mistyped):
        shown = page.post(address, {"q": typed})
        for part in typed.split("-")[1:]:
            assert part not in shown.html
    assert "First four characters" in shown.text


@pytest.mark.django_db
def test_the_public_numbers_are_codes_and_never_choices(page, during):
    polling = running(letters=LINES, cards=2)
    shown = page.get(f"/rounds/{polling.round.slug}/voting/")
    assert "Issued" in shown.text


@pytest.mark.django_db
def test_the_public_numbers_stay_when_the_codes_are_destroyed(page):
    """Issued, used, void, replaced and returned: the same on every page until after the seal."""
    with time_machine.travel(DURING, tick=True):
        polling = running(letters=LINES, cards=14)
        for code in polling.codes[:12]:
            cast(credential_of(polling.credential(code).pk), Choice(((0, 1),)), "a-b-c-d-11")
        desk.void(polling.credential(polling.codes[0]), actor=ACTOR)
        desk.replace(polling.credential(polling.codes[1]), polling.codes[12].selector, actor=ACTOR)
        desk.letter_returned(polling.credential(polling.letters[0]), actor=ACTOR)
        spend_on_paper(polling.round, polling.codes[13].printed, actor=ACTOR)
        log_envelopes(polling.poll)
        told = [code_counts(polling.round)]
    with time_machine.travel(AFTER, tick=True):
        end_poll(polling.poll)
        told.append(code_counts(polling.round))
        for member in (polling.printer, polling.beside):
            ask_the_house(polling.round, member, actor=Actor("partnership_member", member.pk))
        open_box(polling.round, actor=ACTOR)
        told.append(code_counts(polling.round))
        seal_round(polling.round, actor=ACTOR)
        told.append(code_counts(polling.round))
        assert not Credential.objects.exists()
        assert not LetterAddress.objects.exists()
        shown = page.get(f"/rounds/{polling.round.slug}/voting/")
    for counts in told:
        assert (counts.issued, counts.used) == (16, 13)
        assert (counts.voided, counts.replaced, counts.returned) == (1, 1, 1)
        assert counts.by_channel == {"desk": 14, "letter": 2}
    assert {(one.used_online, one.used_paper) for one in told[1:]} == {(12, 1)}
    figures = dict(re.findall(r"<dt>([^<]+)</dt><dd>([0-9]+)</dd>", shown.html))
    assert figures == {
        "Issued": "16", "Used": "13", "Made void": "1", "Replaced": "1",
        "Letters that came back": "1",
    }  # fmt: skip
