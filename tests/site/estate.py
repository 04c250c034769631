"""Two neighbourhoods that share a house: in the first stands one of everything that an address is
about, and people of the second must find none of it.

A new address with a gap needs an object here, and what fills its gaps in `gaps.py`.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import time_machine
from allauth.mfa.models import Authenticator
from django.utils import timezone

from doorstep.apps.awards.actions.matching import confirm_payment
from doorstep.apps.awards.actions.payments import release_payment
from doorstep.apps.awards.actions.publishing import publish_form
from doorstep.apps.awards.actions.reports import hand_in_receipt, tell_result
from doorstep.apps.awards.models import Application, Award, GrantForm, Payment, PaymentFile
from doorstep.apps.fund.actions import ask_step, open_fund, propose_shares
from doorstep.apps.fund.models import Fund, Proposal, Step
from doorstep.apps.fund.queries import allocation_of
from doorstep.apps.ledger.actions import import_statement
from doorstep.apps.ledger.models import BankLine
from doorstep.apps.organisations.actions import (
    begin_office,
    give_document,
    open_organisation,
    share,
)
from doorstep.apps.organisations.models import Document, Officer, Organisation, Share
from doorstep.apps.outbox.actions import tell_by_letter
from doorstep.apps.outbox.models import Message
from doorstep.apps.partnerships.actions.meetings import NewItem, call_meeting
from doorstep.apps.partnerships.actions.plans import (
    add_line,
    begin_plan,
    put_forward,
    write_draft,
)
from doorstep.apps.partnerships.actions.seats import open_filling
from doorstep.apps.partnerships.models import Partnership
from doorstep.apps.partnerships.rules.plans import DraftLine
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.people.models import Account, Device, Role
from doorstep.apps.places.models import Place
from doorstep.apps.promises.models import Promise
from doorstep.apps.record.actors import Actor
from doorstep.apps.rounds.actions import add_projects, close_room, draft_round, enter_tally
from doorstep.apps.rounds.models import Round, VoteType
from doorstep.apps.rounds.totals import Counted
from doorstep.apps.voting.actions.paper import print_stack
from doorstep.apps.voting.models import CodeBatch, CodePlan
from doorstep.engine.count import Rule
from doorstep.engine.need.command import shipped_or
from doorstep.engine.need.study import run_study
from tests.apps.awards.applying import SECRET_PLAN, given, sent_in
from tests.apps.awards.scene import LATER, approved, asked, awarded
from tests.apps.awards.street import Street, street
from tests.apps.awards.test_what_became_of_the_money_is_told import picture
from tests.apps.ideas.proposing import proposed, taking_ideas
from tests.apps.ledger.statements import bank_account
from tests.apps.rounds.live import live_room, photo
from tests.apps.voting.boxes import DURING, PEOPLE, World, asking, frozen, opened, with_trustees
from tests.millbrook import ACTOR, IDEAS, drafted, place_with_money

BEGAN = date(2020, 1, 1)
STILL_SHARED = DURING.date() + timedelta(days=30)
STRANGERS = ("other-hall", "far-council", "third-hall")
HOME_OF_ANN = "Ann Hughes\n12 Mill Lane\nMillbrook MB1 2AB"
# Words that stand in what only some may read. None of them may reach anybody else.
SHOWN_TO_SOME = (
    "QUIRKY KITCHENS",  # whom the bank's line names
    "A receipt nobody looked at",  # words handed in, and not public yet
    SECRET_PLAN,  # what an applicant wrote
)
SECRETS = (
    *SHOWN_TO_SOME,
    "ann-of-the-idea@millbrook.example",  # the address of somebody who had an idea
    "officer@millbrook.example",  # the treasurer of whoever is paid
    "12 Mill Lane",  # where a letter goes
    "12345678",  # the payee's account
)


@dataclass
class Estate:
    """One of everything in `east`, and people of `west`, who have no business in it."""

    street: Street
    west: Place
    voting: Round  # open for voting, with trustees, printed codes and papers
    ideas: Round
    room: Round
    counted: Round  # in one room, whose signed sheet is kept
    away: Round  # a round of the other place
    idea: int
    plan: int
    batch: int
    line: int
    match: int
    receipt: int
    note: int
    message: int
    award_away: str  # of the other place, without an agreement
    passkey: int  # of the trustee
    device: int  # of the trustee
    home: dict[str, Account] = field(default_factory=dict)
    visitors: dict[str, Account] = field(default_factory=dict)
    nobody: Account | None = None
    everybody: Account | None = None  # who holds every role in `east`
    other_treasurer: Account | None = None
    trustee: Account | None = None
    share_away: int = 0  # a passport that the other organisation may read

    @property
    def fund(self) -> str:
        return Proposal.objects.get().fund.slug

    @property
    def step(self) -> int:
        return Step.objects.latest("pk").pk

    @property
    def form(self) -> str:
        return GrantForm.objects.get().slug

    @property
    def quick(self) -> str:
        return Award.objects.get(kind="quick").slug

    @property
    def application(self) -> int:
        return Application.objects.exclude(kind="quick").get().pk

    @property
    def payment_file(self) -> int:
        return PaymentFile.objects.get().pk

    @property
    def promise(self) -> int:
        return Promise.objects.filter(kind="idea.answer", place=self.east)[0].pk

    @property
    def share(self) -> int:
        return Share.objects.get(organisation__slug=self.payee).pk

    @property
    def document(self) -> int:
        return Document.objects.get(organisation__slug=self.payee).pk

    @property
    def payee(self) -> str:
        return Organisation.objects.exclude(slug__in=STRANGERS)[0].slug

    @property
    def east(self) -> Place:
        return self.street.told.place


def estate() -> Estate:
    one = street()
    east, west = one.told.place, place_with_money(5_000_000, "millbrook-west")
    line, match, receipt, note = _paid(one)
    world = _voting(east)
    with time_machine.travel(DURING):
        print_stack(world.round, sheets=2, look="normal", language="en", actor=ACTOR)
    ideas = taking_ideas(east, "ideas-east")
    idea = proposed(ideas, address="ann-of-the-idea@millbrook.example")
    tell_by_letter(
        HOME_OF_ANN, subject="A letter", text="Words", topic="fate", key="letter", place=east
    )
    away = draft_round(
        "west-2026", west, title="What comes first?", budget_pence=300_000,
        vote_type=VoteType.APPROVAL, rule=Rule(seed="west"), terms=asking(),
    )  # fmt: skip
    propose_shares(
        Fund.objects.earliest("pk"), "first", run_study(shipped_or(Path("millbrook"))), actor=ACTOR
    )
    ask_step(
        Fund.objects.earliest("pk"), "reclaim", {"asset_class": "bank", "pence": 5},
        reference="asked", actor=Actor("funder", open_account("asks@fund.example", actor=ACTOR).pk),
    )  # fmt: skip
    open_fund("other-fund", "Another fund", actor=ACTOR)
    bank_account(west, "millbrook-west-at-the-host")
    drafted(east, "draft-east")
    _meeting(east)
    _applied(one)
    made = Estate(
        one, west, world.round, ideas, live_room(east, "room-east"), _counted(east),
        away, idea.number,
        CodePlan.objects.get(round=world.round).pk, CodeBatch.objects.get().pk,
        line, match, receipt, note, Message.objects.get(topic="fate").pk, _awarded(one, west),
        _passkey(world.accounts[0]),
        Device.objects.create(account=world.accounts[0], session="x", name="Firefox on Linux").pk,
    )  # fmt: skip
    _people(made)
    made.trustee = world.accounts[0]
    _passport(made)
    _read_by_the_other(made)
    return made


def _awarded(one: Street, west: Place) -> str:
    """An award of the other place, before anything is agreed on it."""
    return awarded(replace(one.told, place=west), slug="west-kitchen").slug


def _read_by_the_other(made: Estate) -> None:
    """The other organisation may read the passport of a third, which holds a paper as well."""
    other = Organisation.objects.get(slug="other-hall")
    third = open_organisation("third-hall", "The Third Hall", "cio", actor=ACTOR)
    holder = open_account("third@example.org", actor=ACTOR)
    begin_office(third, holder, "treasurer", since=BEGAN, actor=ACTOR)
    known = {"on": LATER, "actor": Actor("person", holder.pk)}
    give_document(third, "insurance", picture("third"), issued=BEGAN, expires=None, **known)
    made.share_away = share(third, other, ["insurance"], last_day=STILL_SHARED, **known).pk


def _passport(made: Estate) -> None:
    """The payee's passport holds a paper, and is shared with a body that nobody here speaks for."""
    payee = Organisation.objects.get(slug=made.payee)
    officer = Officer.objects.filter(organisation=payee).latest("pk")
    known = {"on": LATER, "actor": Actor("person", officer.account_id)}
    give_document(payee, "insurance", picture("paper"), issued=BEGAN, expires=None, **known)
    council = open_organisation("far-council", "Far Council", "council", actor=ACTOR)
    share(payee, council, ["insurance"], last_day=STILL_SHARED, **known)


def _meeting(place: Place) -> None:
    """A meeting to come, with one item."""
    now = timezone.now()
    call_meeting(
        place.partnership, meets_at=now + timedelta(days=30), where="The hall",
        items=[NewItem("matter", "Paint the hall")], on=timezone.localdate(), actor=ACTOR,
    )  # fmt: skip
    open_filling(
        place.partnership, "lot", seats=1, closes_on=now.date() + timedelta(days=30),
        seed_from="The lottery", on=timezone.localdate(), actor=ACTOR,
    )  # fmt: skip

    _plan(place.partnership)


def _plan(partnership: Partnership) -> None:
    """A plan that waits for the funder's answer."""
    share = allocation_of(partnership.place_id)
    assert share is not None
    today = timezone.localdate()
    plan = begin_plan(partnership, actor=ACTOR)
    write_draft(
        plan, vision="A place to meet.", legacy="A kitchen.", begins_on=today,
        ends_on=today + timedelta(days=700), actor=ACTOR,
    )  # fmt: skip
    add_line(plan, DraftLine("training", "First aid", share.pence, 5), actor=ACTOR)
    put_forward(plan, why="Nobody met.", on=today, actor=ACTOR)


def _paid(one: Street) -> tuple[int, int, int, int]:
    """A payment that the bank booked, a receipt and a result that wait to be looked at."""
    told = one.told
    payment = approved(told, asked(told, one.kitchen, 5_000, "5"))
    release_payment(payment, on=LATER, actor=told.acting("finance"))
    text = "date,amount,who\n2026-06-09,-50.00,QUIRKY KITCHENS\n2026-06-09,-7.00,QUIRKY KITCHENS\n"
    import_statement(bank_account(told.place), text.encode(), actor=ACTOR)
    first, second = BankLine.objects.order_by("number")
    match = confirm_payment(first, payment, actor=told.acting("clerk"))
    payment = Payment.objects.select_related("award__place", "award__title").get(pk=payment.pk)
    payee = Actor("payee", payment.pk)
    receipt = hand_in_receipt(payment, picture(), pence=5_000, actor=payee)
    note = tell_result(
        payment.award, outcome="happened", words="A receipt nobody looked at",
        photo=picture("hall"), actor=payee,
    )  # fmt: skip
    return second.pk, match.pk, receipt.pk, note.pk


def _applied(one: Street) -> None:
    """A form of this place, and what somebody sent in with it."""
    told = one.told
    form = publish_form(
        told.place, key="1" * 16, title="Small grants", kind="project", least=60_000, most=90_000,
        on=LATER, actor=told.acting("funder"),
    )  # fmt: skip
    sent_in(told, form)
    # The chair is close to whoever is paid.
    member = open_account("member@millbrook.example", actor=ACTOR)
    give_role(member, "partnership_member", place=told.place, since=BEGAN, actor=ACTOR)
    given(told, Actor("partnership_member", member.pk))


def _voting(place: Place) -> World:
    round_ = draft_round(
        "east-2026", place, title="What comes first?", budget_pence=300_000,
        vote_type=VoteType.APPROVAL, rule=Rule(seed="east"), terms=asking(),
    )  # fmt: skip
    add_projects(round_, IDEAS)
    accounts = [
        open_account(f"{name.split()[0].lower()}@example.org", actor=ACTOR) for name in PEOPLE
    ]
    return opened(frozen(with_trustees(World(round_, accounts=accounts))))


def _counted(place: Place) -> Round:
    round_ = live_room(place, "room-done")
    found = Counted("slips", 9, {"kitchen": 5, "bench": 4, "bus": 3})
    enter_tally(
        round_, found, counter=open_account("first@example.org", actor=ACTOR), photo=photo()
    )
    enter_tally(round_, found, counter=open_account("second@example.org", actor=ACTOR), photo=None)
    return close_room(round_, actor=ACTOR)


def _passkey(account: Account) -> int:
    made = Authenticator.objects.create(
        user=account, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone", "credential": {}}
    )
    return made.pk


def _people(made: Estate) -> None:
    made.everybody = open_account("everybody@example.org", actor=ACTOR)
    for kind in Role.Kind.values:
        give_role(made.everybody, kind, place=made.east, since=BEGAN, actor=ACTOR)
        made.home[kind] = open_account(f"home-{kind}@example.org", actor=ACTOR)
        there = None if kind == Role.Kind.FUNDER else made.east  # a fund is of all places
        give_role(made.home[kind], kind, place=there, since=BEGAN, actor=ACTOR)
        made.visitors[kind] = open_account(f"away-{kind}@example.org", actor=ACTOR)
        give_role(made.visitors[kind], kind, place=made.west, since=BEGAN, actor=ACTOR)
    made.nobody = open_account("nobody@example.org", actor=ACTOR)
    made.other_treasurer = open_account("treasurer@example.org", actor=ACTOR)
    other = open_organisation("other-hall", "The Other Hall", "cio", actor=ACTOR)
    begin_office(other, made.other_treasurer, "treasurer", since=BEGAN, actor=ACTOR)
