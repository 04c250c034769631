"""Each step of a fund is asked for by one person and agreed to by another, and can be taken back
where nobody counts on it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from doorstep.apps.fund.actions import (
    agree_step,
    allocate,
    ask_step,
    end_term,
    open_fund,
    pay_costs,
    promise_wave,
    receive_dormant,
    receive_match,
    refuse_step,
    release,
    review_reserve,
    set_aside,
    take_back,
)
from doorstep.apps.fund.invariants import reserves_are_whole, shares_are_whole
from doorstep.apps.fund.models import AssetClass, Review, Step, StepAnswer
from doorstep.apps.fund.queries import matched_pence, released_pence
from doorstep.apps.fund.verify import verify_fund
from doorstep.apps.fund.verify_giving import verify_giving
from doorstep.apps.fund.walk import streams
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import balances
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.places.actions import open_place
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule
from tests.apps.people.signing_in import sign_in
from tests.apps.record.publishing import lift_seals
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
ON = {"on": DAY, "actor": ACTOR}
TERM = {"begins_on": date(2026, 4, 1), "ends_on": date(2036, 3, 31)}
WHY = "It was booked twice by mistake."


@pytest.fixture
def fund():
    there = open_fund("alderdale", "A fund", actor=ACTOR)
    receive_dormant(there, AssetClass.BANK, 1_000_000, giver="A bank", idem_key="in", **ON)
    return there


@pytest.fixture
def place():
    return open_place(
        "east", "East", "Alderdale", population=7_000, population_year=2024,
        population_source="Made up", boundary_year=2021, actor=ACTOR,
    )  # fmt: skip


def person(email, role="funder", place=None):
    account = open_account(email, actor=ACTOR)
    give_role(account, role, place=place, since=DAY, actor=ACTOR)
    return account


@pytest.fixture
def ann():
    return person("ann@fund.example")


@pytest.fixture
def bea():
    return person("bea@fund.example")


def held(code: str) -> int:
    return balances([code]).get(code, 0)


def sound() -> bool:
    faults = [verify_fund, verify_giving, reserves_are_whole, shares_are_whole]
    return [str(one) for check in faults for one in check()] == []


def test_money_moves_when_a_second_person_says_yes_and_never_twice(fund, ann, bea):
    asker, other = Actor("funder", ann.pk), Actor("funder", bea.pk)
    said = {"pence": 500}
    step = ask_step(fund, "costs", said, words="The office", reference="1", actor=asker)
    assert held("alderdale:pot") == 550_000
    assert ask_step(fund, "costs", said, words="The office", reference="1", actor=asker) == step
    with pytest.raises(Refused, match="sent already with other answers"):
        ask_step(fund, "costs", {"pence": 501}, words="The office", reference="1", actor=asker)
    with pytest.raises(Refused, match="somebody else agrees to it"):
        agree_step(step, actor=asker)
    answer = agree_step(step, actor=other)
    assert agree_step(step, actor=other) == answer
    assert held("alderdale:pot") == 549_500
    with pytest.raises(Refused, match="answered already"):
        refuse_step(step, reason=WHY, actor=asker)
    assert sound()


def test_what_the_fund_would_refuse_is_said_when_it_is_asked(fund, ann):
    asker = Actor("funder", ann.pk)
    entries = Journal.objects.count()
    for kind, said, words, match in (
        ("costs", {"pence": 550_001}, "The office", "only £5,500 is left"),
        ("release", {"asset_class": "bank", "pence": 1}, "", "Nobody has reviewed"),
        ("match", {"pence": 550_001, "on": "2026-06-01"}, "A trust", "the rule allows £5,500"),
        ("reclaim", {"asset_class": "bank", "pence": 1_000_001}, "", "only £10,000 came"),
        ("undo", {"entry": 99}, WHY, "has no entry 99"),
    ):
        with pytest.raises(Refused, match=match):
            ask_step(fund, kind, said, words=words, reference=kind, actor=asker)
    assert (Step.objects.count(), Journal.objects.count()) == (0, entries)


def test_a_command_of_no_person_cannot_ask(fund):
    with pytest.raises(Refused, match="Only somebody with an account"):
        ask_step(fund, "costs", {"pence": 1}, words="x", reference="1", actor=ACTOR)


def test_the_database_too_refuses_that_one_person_asks_and_agrees(fund, ann, bea):
    asker = Actor("funder", ann.pk)
    step = ask_step(fund, "costs", {"pence": 5}, words="Office", reference="1", actor=asker)
    other = ask_step(fund, "costs", {"pence": 6}, words="Office", reference="2", actor=asker)
    made = agree_step(other, actor=Actor("funder", bea.pk))
    made.pk, made.step, made.account, made.leaf = None, step, ann, step.leaf
    made.journal = Journal.objects.get(idem_key="in")
    with pytest.raises(IntegrityError, match="nobody agrees"), transaction.atomic():
        made.save(force_insert=True)
    lift_seals("fund_stepanswer")
    StepAnswer.objects.update(account=ann)
    assert any("agreed to it" in fault.sentence for fault in verify_giving())


def test_every_entry_that_nobody_counts_on_can_be_taken_back(fund, place, ann):
    """Each of them alone; after all of them the fund is as it was before."""
    arrival = Journal.objects.get(idem_key="in")
    matched = receive_match(fund, 550_000, giver="A trust", idem_key="m", **ON).journal
    with pytest.raises(Refused, match="Take back as much of the match first"):
        take_back(fund, arrival.seq, reason=WHY, idem_key="x", actor=ACTOR)
    review_reserve(fund, AssetClass.BANK, 100_000, reason=WHY, on=DAY, actor=ACTOR)
    freed = release(fund, AssetClass.BANK, 50_000, idem_key="r", **ON).journal
    costs = pay_costs(fund, 5_000, payee="The office", idem_key="c", **ON)
    programme = set_aside(fund, "long", "Long-term", 300_000, idem_key="p", **ON)
    aside = Journal.objects.get(idem_key="p")
    wave = promise_wave(programme, "one", {place: 100_000}, years=10, **TERM, **ON)
    with pytest.raises(Refused, match="only £2,000 is left"):
        take_back(fund, aside.seq, reason=WHY, idem_key="x", actor=ACTOR)
    with pytest.raises(Refused, match="places count on what was promised"):
        take_back(fund, wave.journal.seq, reason=WHY, idem_key="x", actor=ACTOR)
    given = allocate(fund, place, 1_000, idem_key="a", **TERM, **ON).journal
    with pytest.raises(Refused, match="places count on what was promised"):
        take_back(fund, given.seq, reason=WHY, idem_key="x", actor=ACTOR)
    assert sound()
    for journal in (costs, freed):
        back = take_back(fund, journal.seq, reason=WHY, idem_key=f"u{journal.seq}", actor=ACTOR)
        with pytest.raises(Refused):
            take_back(fund, back.seq, reason=WHY, idem_key="xx", actor=ACTOR)
        with pytest.raises(Refused, match="reversed already"):
            take_back(fund, journal.seq, reason=WHY, idem_key="xy", actor=ACTOR)
        assert sound()
    take_back(fund, matched.seq, reason=WHY, idem_key="um", actor=ACTOR)
    assert (matched_pence(fund), released_pence(fund)) == (0, 550_000)
    assert sound()


def test_money_booked_by_mistake_goes_as_it_came(fund):
    arrival = Journal.objects.get(idem_key="in")
    take_back(fund, arrival.seq, reason=WHY, idem_key="u", actor=ACTOR)
    assert streams(fund) == []
    assert (held("alderdale:pot"), held("alderdale:reserve:bank"), released_pence(fund)) == (
        0, 0, 0,
    )  # fmt: skip
    assert sound()


def test_a_draw_down_that_is_taken_back_can_be_drawn_again(fund, place, ann, bea):
    programme = set_aside(fund, "long", "Long-term", 100_000, idem_key="p", **ON)
    wave = promise_wave(programme, "one", {place: 10_000}, years=1, **TERM, **ON)
    share = wave.shares.get()
    member = person("member@east.example", "partnership_member", place)
    asker, other = Actor("partnership_member", member.pk), Actor("funder", bea.pk)
    for turn in ("1", "2"):
        step = ask_step(
            fund, "draw", {"share": share.pk, "pence": 10_000}, reference=turn, actor=asker
        )
        drawn = agree_step(step, actor=other).journal
        assert held("place:east:available") == 10_000
        if turn == "1":
            take_back(fund, drawn.seq, reason=WHY, idem_key="u", actor=ACTOR)
            assert held("alderdale:due:east") == 10_000
        assert sound()
    back = {"place": "east", "pence": 10_000}
    step = ask_step(fund, "back", back, words="It was not needed here.", reference="b", actor=asker)
    returned = agree_step(step, actor=other).journal
    take_back(fund, returned.seq, reason=WHY, idem_key="ub", actor=ACTOR)
    assert held("place:east:available") == 10_000
    assert ("back", "pot") not in {one[:2] for one in streams(fund)}
    assert sound()


def test_money_of_a_day_to_come_is_refused(fund):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="has not come yet"):
        receive_dormant(
            fund, AssetClass.BANK, 5, giver="A bank", on=tomorrow, idem_key="t", actor=ACTOR
        )


ADDRESS = "/fund/alderdale/desk/"


def test_two_funders_take_every_step_on_their_pages(page, fund, place, ann, bea, monkeypatch):
    """Each kind of step that the issue names, by form, with what is refused in words."""

    def as_(account):
        sign_in(page.client, account)

    def ask(step, **typed):
        as_(ann)
        sent = {"step": step, "reference": f"{step}-{len(typed)}-{Step.objects.count()}", **typed}
        return page.client.post(ADDRESS, sent)

    def agreed():
        step = Step.objects.latest("pk")
        as_(ann)
        own = page.post(f"/fund/alderdale/steps/{step.pk}/", {"answer": "yes"})
        assert "Say why" in own.text  # the asker is only asked why they take it back
        as_(bea)
        assert "Say yes or no" in page.get("/desk/").text
        answer = page.client.post(f"/fund/alderdale/steps/{step.pk}/", {"answer": "yes"})
        assert answer.status_code == 302, answer.content.decode()
        again = page.client.post(f"/fund/alderdale/steps/{step.pk}/", {"answer": "yes"})
        assert again.status_code == 302, "who heard nothing sends it again"
        as_(ann)
        page.post(f"/fund/alderdale/steps/{step.pk}/", {"answer": "yes"}, status=404)
        as_(bea)
        return StepAnswer.objects.get(step=step).journal

    today = timezone.localdate().isoformat()
    for step, typed in (
        ("receive", {"asset_class": "securities", "pence": "100", "giver": "B", "on": today}),
        ("match", {"pence": "50", "giver": "A trust", "on": today}),
        ("reclaim", {"asset_class": "bank", "pence": "10.50"}),
        ("costs", {"payee": "The office", "pence": "20"}),
        ("aside", {"programme": "long", "programme_name": "Long-term", "pence": "3000"}),
        ("allocate", {"place": str(place.pk), "pence": "100", **_term()}),
        ("back", {"place": str(place.pk), "pence": "5", "reason": "It was not needed here."}),
    ):
        answer = ask(step, **typed)
        assert answer.status_code == 302, answer.content.decode()
        agreed()
    for expected in ("1", "0"):
        assert ask("review", asset_class="bank", pence=expected, reason=WHY).status_code == 302
    assert Review.objects.first().expected_pence == 0
    assert ask("release", asset_class="bank", pence="100").status_code == 302
    entry = agreed()
    assert ask("undo", entry=str(entry.seq), reason=WHY).status_code == 302
    agreed()
    programme = fund.programmes.get()
    wave = promise_wave(programme, "one", {place: 100_000}, years=10, **TERM, **ON)
    share = wave.shares.get()
    as_(ann)
    assert "£100" in page.get(ADDRESS).text
    refused = page.post(
        ADDRESS, {"step": "draw", "reference": "d", "share": str(share.pk), "pence": "100.01"}
    )
    assert "£100 can be drawn now" in refused.text
    assert ask("draw", share=str(share.pk), pence="60").status_code == 302
    agreed()
    assert (
        "This term runs to 31 March 2036"
        in page.post(ADDRESS, {"step": "end", "reference": "e", "share": str(share.pk)}).text
    )
    assert sound()
    end = date(2036, 4, 1)
    monkeypatch.setattr("doorstep.apps.fund.actions.money.timezone.localdate", lambda: end)
    assert end_term(share, actor=ACTOR).transfers.get().pence == 94_000


def _term():
    return {"begins_on": "2026-04-01", "ends_on": "2036-03-31"}


def test_steps_that_wait_take_no_more_statements_however_many(client, fund, place, ann, bea):
    def statements() -> int:
        client.get("/fund/alderdale/desk/")
        with CaptureQueriesContext(connection) as taken:
            page = client.get("/fund/alderdale/desk/")
        assert page.content.decode().count("Asked for by a funder") == Step.objects.count()
        return len(taken)

    sign_in(client, bea)
    none = statements()
    term = {name: day.isoformat() for name, day in TERM.items()}
    for number in range(3):
        said = {"place": "east", "pence": 100 + number, **term}
        ask_step(fund, "allocate", said, reference=str(number), actor=Actor("funder", ann.pk))
    assert statements() == none <= 12


def test_a_no_has_a_reason_and_moves_nothing(page, fund, ann, bea):
    step = ask_step(
        fund, "costs", {"pence": 5}, words="Office", reference="1", actor=Actor("funder", ann.pk)
    )
    sign_in(page.client, bea)
    address = f"/fund/alderdale/steps/{step.pk}/"
    assert "Say why in 20" in page.post(address, {"answer": "no", "reason": "No."}).text
    kept = page.client.post(address, {"answer": "no", "reason": "Nobody knows this bill here."})
    assert kept.status_code == 302
    assert StepAnswer.objects.get().journal is None
    assert held("alderdale:pot") == 550_000
    assert sound()


def test_a_place_asks_for_its_share_and_may_take_it_back(page, fund, place, bea):
    programme = set_aside(fund, "long", "Long-term", 100_000, idem_key="p", **ON)
    wave = promise_wave(programme, "one", {place: 10_000}, years=10, **TERM, **ON)
    share = wave.shares.get()
    member = person("member@east.example", "partnership_member", place)
    sign_in(page.client, member)
    assert "/places/east/share/" in page.get("/desk/").links.values()
    typed = {"step": "draw", "reference": "1", "share": str(share.pk), "pence": "10"}
    answer = page.client.post("/places/east/share/", typed)
    assert answer.status_code == 302, answer.content.decode()
    there = page.get("/places/east/share/")
    assert ["East", "1 April 2026 to 31 March 2036", "£100", "£10", "£0", "£10"] in there.table(0)
    step = Step.objects.get()
    back = {"take-back": str(step.pk), "reason": "We wait for the builder first."}
    assert page.client.post("/places/east/share/", back).status_code == 302
    assert step.answer.agreed is False
    other = open_place(
        "west", "West", "Alderdale", population=7_000, population_year=2024,
        population_source="Made up", boundary_year=2021, actor=ACTOR,
    )  # fmt: skip
    sign_in(page.client, person("member@west.example", "partnership_member", other))
    assert page.client.get("/places/east/share/").status_code == 403
    assert "has not been given" in page.get("/places/west/share/").text
    assert int(rule("account.ask_again_after", DAY).value) > 0
