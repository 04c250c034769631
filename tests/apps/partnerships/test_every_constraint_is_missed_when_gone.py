"""Each constraint of places, people, organisations and partnerships, broken by one row.

The row is refused; then the constraint is dropped and the same row must get in. So every
constraint is there for something, and this file would notice if one went missing. A constraint
without a row here fails the first test.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from doorstep.apps.files.models import StoredFile
from doorstep.apps.organisations.models import (
    BankMandate,
    Document,
    Identifier,
    MandateChange,
    Officer,
    Opening,
    Organisation,
    Share,
    Signatory,
    Sponsorship,
    Tie,
    TiesSaid,
)
from doorstep.apps.partnerships.models import (
    AgendaItem,
    Candidate,
    CouncilAgreement,
    CouncilDuty,
    CouncilSignature,
    Declaration,
    Filling,
    HostAgreement,
    Household,
    Interest,
    ItemDecision,
    LearningEntry,
    LearningWithdrawn,
    LineAgreed,
    Listening,
    Meeting,
    Membership,
    MemorandumSignature,
    MinutesStep,
    Paper,
    Partnership,
    Plan,
    PlanLine,
    PlanReview,
    Presence,
    Start,
    StartMoney,
)
from doorstep.apps.people.models import Account, Role
from doorstep.apps.places.models import (
    Area,
    AreaFigure,
    AreaLink,
    NeedFigure,
    Place,
    Postcode,
    SourceFile,
    Street,
)
from doorstep.apps.record import seals
from doorstep.apps.record.actions import keep_words, write_leaf
from doorstep.apps.record.models import Leaf, Wording

ROOMS = ("places", "people", "organisations", "partnerships")
MAY, JUNE, APRIL = date(2026, 5, 1), date(2026, 6, 1), date(2026, 4, 1)
BACKWARDS = {"since": MAY, "until": APRIL}
_numbers = count()
_postcodes = count()  # their own, for a postcode has room for three digits only
A_DUTY = {"kind": "duty", "what": "books", "before": "host", "minutes": None}

# Everything but what the constraint is about: called each time, so that rows are strangers.
WHOLE: dict[type[models.Model], Callable[[], dict]] = {
    Place: lambda: {
        "slug": f"place-{next(_numbers)}",
        "name": "A place",
        "council": "A council",
        "population": 6_000,
        "population_year": 2024,
        "population_source": "a test",
        "boundary_year": 2021,
    },
    Street: lambda: {
        "name": "Mill Lane",
        "postcode": "ZA1 1AJ",
        "name_key": f"mill lane {next(_numbers)}",
        "postcode_key": "ZA11AJ",
    },
    NeedFigure: lambda: {
        "place": a(Place),
        "measure": "deprivation",
        "value": 1,
        "year": 2024,
        "boundary_year": 2021,
        "source": "a test",
        "licence": "CC0",
    },
    SourceFile: lambda: {
        "kind": "figures",
        "about": "LSOA 2021: a test",
        "title": "A test",
        "publisher": "Nobody",
        "licence": "CC0",
        "year": 2024,
        "file": "test.csv",
        "sha256": f"{next(_numbers):064x}",
        "rows": 1,
        "leaf": free_leaf(),
    },
    Area: lambda: {"unit": "LSOA", "year": 2021, "code": f"E{next(_numbers):08}"},
    AreaLink: lambda: {
        "small": a(Area),
        "larger": a(Area, unit="MSOA"),
        "unit": "MSOA",
        "year": 2021,
        "source": a(SourceFile),
    },
    AreaFigure: lambda: {
        "area": a(Area),
        "measure": "IMD 2025",
        "value": 1.5,
        "source": a(SourceFile),
    },
    Postcode: lambda: {"key": f"ZA{next(_postcodes):03}AA", "source": a(SourceFile)},
    Account: lambda: {"email": f"account-{next(_numbers)}@millbrook.example"},
    Role: lambda: {"account": a(Account), "kind": "funder", "place": a(Place), "since": MAY},
    Organisation: lambda: {"slug": f"body-{next(_numbers)}", "name": "A body", "kind": "cio"},
    Identifier: lambda: {
        "organisation": a(Organisation),
        "scheme": "GB-CHC",
        "value": str(1_000_000 + next(_numbers)),
    },
    Officer: lambda: {
        "organisation": a(Organisation),
        "account": a(Account),
        "title": "chair",
        "since": MAY,
    },
    BankMandate: lambda: {
        "organisation": a(Organisation),
        "account_name": "A body",
        "sealed_number": "x" * 100,
        "last_three": "123",
        "since": MAY,
    },
    Signatory: lambda: {"organisation": a(Organisation), "account": a(Account), "since": MAY},
    MandateChange: lambda: {
        "organisation": a(Organisation),
        "account_name": "A body",
        "sealed_number": "x" * 100,
        "last_three": "123",
        "signatures": 2,
        "asked_by": a(Account),
        "asked_on": MAY,
        "last_day": JUNE,
    },
    Tie: lambda: {"account": a(Account), "other": a(Account), "kind": "household", "since": MAY},
    TiesSaid: lambda: {
        "organisation": a(Organisation),
        "account": a(Account),
        "on": MAY,
        "leaf": unused(TiesSaid),
    },
    Document: lambda: {
        "organisation": a(Organisation),
        "kind": "insurance",
        "file": a(StoredFile),
        "issued": APRIL,
        "given_by": a(Account),
        "given_on": MAY,
        "leaf": unused(Document),
    },
    StoredFile: lambda: {
        "purpose": "passport",
        "public": False,
        "kind": "application/pdf",
        "size": 1,
        "pages": 1,
        "width": 1,
        "height": 1,
        "fingerprint": f"{next(_numbers):064x}",
        "kept": unused(StoredFile, "kept"),
    },
    Sponsorship: lambda: {
        "group": a(Organisation),
        "sponsor": a(Organisation),
        "asked_by": a(Account),
        "asked_on": MAY,
    },
    Share: lambda: {
        "organisation": a(Organisation),
        "reader": a(Organisation),
        "shared_by": a(Account),
        "shared_on": MAY,
        "last_day": JUNE,
        "leaf": unused(Share),
    },
    Opening: lambda: {
        "share": a(Share),
        "account": a(Account),
        "role": "person",
        "leaf": unused(Opening),
    },
    Partnership: lambda: {"place": a(Place), "name": "Together"},
    Membership: lambda: {
        "partnership": a(Partnership),
        "account": a(Account),
        "seat": "member",
        "lives_here": True,
        "since": MAY,
        "term_since": MAY,
    },
    Interest: lambda: {
        "membership": a(Membership),
        "organisation": a(Organisation),
        "kind": "direct",
        "since": MAY,
    },
    HostAgreement: lambda: {
        "partnership": a(Partnership),
        "organisation": a(Organisation),
        "since": MAY,
    },
    Household: lambda: {"one": a(Account), "other": a(Account), "since": MAY},
    Meeting: lambda: {
        "partnership": a(Partnership),
        "number": next(_numbers) + 1,
        "kind": "ordinary",
        "where": words(),
        "meets_at": datetime(2026, 6, 1, 19, tzinfo=UTC),
        "called_on": MAY,
        "notice_by": MAY,
        "called": free_leaf("meeting_called"),
    },
    AgendaItem: lambda: {
        "meeting": a(Meeting),
        "number": 1,
        "kind": "matter",
        "title": words(),
        "leaf": any_leaf(),
    },
    Paper: lambda: {
        "item": a(AgendaItem),
        "title": words(),
        "file": stored_file(),
        "leaf": unused(Paper, "leaf"),
    },
    Declaration: lambda: {
        "meeting": a(Meeting),
        "membership": a(Membership),
        "kind": "direct",
        "leaf": unused(Declaration, "leaf"),
    },
    Presence: lambda: {
        "item": a(AgendaItem),
        "membership": a(Membership),
        "lives_here": True,
    },
    ItemDecision: lambda: {
        "item": in_a_room(3),
        "method": "hands",
        "in_favour": 2,
        "against": 1,
        "abstained": 0,
        "present": 3,
        "counted": 3,
        "residents": 3,
        "quorum": 3,
        "majority": 51,
        "chair": a(Membership),
        "outcome": "carried",
        "decided_on": JUNE,
        "leaf": free_leaf("meeting_decision"),
    },
    Filling: lambda: {
        "partnership": a(Partnership),
        "number": 1,
        "how": "lot",
        "seats": 2,
        "closes_on": JUNE,
        "seed_from": words(),
        "opened": free_leaf("filling_opened"),
    },
    Candidate: lambda: {
        "filling": a(Filling),
        "number": next(_numbers) % 30_000,
        "account": a(Account),
        "name": words(),
        "lives_here": True,
    },
    CouncilAgreement: lambda: {
        "partnership": a(Partnership),
        "number": next(_numbers) % 30_000,
        "council": a(Organisation, kind="council"),
        "state": "offered",
        "why": words(),
        "offered": free_leaf("council_offered"),
    },
    CouncilDuty: lambda: {
        "agreement": a(CouncilAgreement, state="draft", offered=None),
        "number": 1,
        "side": "council",
        "words": words(),
        "every": 0,
        "first_on": JUNE,
    },
    CouncilSignature: lambda: {
        "agreement": a(CouncilAgreement),
        "side": "council",
        "account": a(Account),
        "on": JUNE,
        "leaf": unused(CouncilSignature, "leaf"),
    },
    Start: lambda: {
        "place": a(Place),
        "where": words(),
        "money_pence": 50,
        "opened_on": MAY,
        "opened": free_leaf("start_opened"),
    },
    Listening: lambda: {
        "start": a(Start),
        "how": "doors",
        "people": 5,
        "heard": words(),
        "on": JUNE,
        "leaf": unused(Listening, "leaf"),
    },
    LearningEntry: lambda: {
        "partnership": a(Partnership),
        "number": next(_numbers) + 1,
        "kind": "support",
        "on": JUNE,
        "what": "adviser",
        "minutes": 60,
        "given_by": words(),
        "leaf": unused(LearningEntry, "leaf"),
    },
    LearningWithdrawn: lambda: {
        "entry": a(LearningEntry),
        "reason": words(),
        "on": JUNE,
        "leaf": unused(LearningWithdrawn, "leaf"),
    },
    StartMoney: lambda: {
        "start": a(Start),
        "number": 1,
        "kind": "training",
        "title": words(),
        "pence": 5,
        "in_favour": 3,
        "against": 0,
        "on": JUNE,
        "leaf": free_leaf("start_money"),
    },
    Plan: lambda: {
        "partnership": a(Partnership),
        "number": next(_numbers) % 30_000,
        "state": "put_forward",
        "begins_on": MAY,
        "ends_on": JUNE,
        "allocation_pence": 5,
        "vision": words(),
        "legacy": words(),
        "why": words(),
        "put_forward": free_leaf("plan_put_forward"),
    },
    PlanLine: lambda: {
        "plan": a(Plan, state="draft", put_forward=None),
        "number": 1,
        "kind": "project",
        "title": words(),
        "pence": 5,
        "now_pence": 5,
    },
    LineAgreed: lambda: {"line": a(PlanLine), "leaf": free_leaf("plan_line")},
    PlanReview: lambda: {
        "plan": a(Plan),
        "done": words(),
        "change": words(),
        "on": JUNE,
        "leaf": unused(PlanReview, "leaf"),
    },
    MemorandumSignature: lambda: {
        "plan": a(Plan),
        "side": "funder",
        "account": a(Account),
        "on": JUNE,
        "leaf": unused(MemorandumSignature, "leaf"),
    },
    MinutesStep: lambda: {
        "meeting": a(Meeting),
        "seq": 1,
        "kind": "drafted",
        "text": words(),
        "on": JUNE,
        "leaf": any_leaf(),
    },
}


def unused(model: type[models.Model], field: str = "leaf") -> Leaf:
    """A leaf that no row of this table has yet."""
    taken = model._default_manager.values(field)
    return Leaf.objects.exclude(pk__in=taken).first() or write_leaf("garden.file", {})


def free_leaf(pointed_at: str = "sourcefile") -> Leaf:
    """A leaf that no such row points at yet; a new one while the record can still be written."""
    free = Leaf.objects.filter(**{pointed_at: None}).first()
    return free or write_leaf("garden.file", {})


def any_leaf() -> Leaf:
    return Leaf.objects.first() or write_leaf("garden.file", {})


def words() -> Wording:
    return Wording.objects.first() or keep_words("Some words")


def stored_file() -> StoredFile:
    """A file's row alone, as no file is opened here."""
    return StoredFile.objects.create(
        purpose="paper", public=True, kind="application/pdf", size=1, pages=1, width=1, height=1,
        fingerprint=f"{next(_numbers):064x}", kept=unused(StoredFile, "kept"),
    )  # fmt: skip


def in_a_room(people: int) -> AgendaItem:
    """An item at which so many residents take part."""
    item = a(AgendaItem)
    for _person in range(people):
        a(Presence, item=item)
    return item


def a(model: type[models.Model], **changed: object) -> models.Model:
    return model._default_manager.create(**{**WHOLE[model](), **changed})


def twice(model: type[models.Model], *same: str, **changed: object) -> Callable[[], None]:
    """Two rows that agree in `same`."""

    def make() -> None:
        first = a(model, **changed)
        a(model, **{**changed, **{name: getattr(first, name) for name in same}})

    return make


def one(model: type[models.Model], **changed: object) -> Callable[[], None]:
    def make() -> None:
        a(model, **changed)

    return make


def answered_plan(state: str, **more: object) -> Plan:
    return a(Plan, state=state, answered=free_leaf("plan_answered"), **more)


def ended_agreement(**more: object) -> CouncilAgreement:
    ended = {"state": "ended", "reason": words(), "ended": free_leaf("council_ended")}
    return a(CouncilAgreement, **{**ended, **more})


def first_account() -> Account:
    """One that came before any other made here."""
    return Account.objects.order_by("pk").first() or a(Account)


def another_case() -> None:
    first = a(Account)
    a(Account, email=first.email.upper())


def paid_back_twice() -> None:
    person = a(Account)
    for _time in range(2):
        a(BankMandate, organisation=None, account=person)


def changed_by_one() -> None:
    alone, body = a(Account), a(Organisation)
    a(
        MandateChange,
        organisation=body,
        asked_by=alone,
        decided_by=alone,
        decided_on=MAY,
        state="confirmed",
        sealed_number="",
        mandate=a(BankMandate, organisation=body),
    )


def tied_to_oneself() -> None:
    alone = a(Account)
    a(Tie, account=alone, other=alone)


def sponsored_by_itself() -> None:
    body = a(Organisation)
    a(Sponsorship, group=body, sponsor=body)


def shared_twice_with_a_place() -> None:
    first = a(Share, reader=None, place=a(Place))
    a(Share, reader=None, place=first.place, organisation=first.organisation)


BROKEN: dict[str, Callable[[], None]] = {
    "place_has_slug_and_name": one(Place, name=""),
    "place_population_positive": one(Place, population=0),
    "place_population_says_source": one(Place, population_source=""),
    "place_years_plausible": one(Place, boundary_year=21),
    "street_said_once_for_a_postcode": twice(Street, "name_key", "postcode_key"),
    "street_can_be_found": one(Street, name_key=""),
    "need_said_once": twice(NeedFigure, "place"),
    "need_says_source_and_licence": one(NeedFigure, source=""),
    "need_measure_known": one(NeedFigure, measure="happiness"),
    "need_years_plausible": one(NeedFigure, year=24),
    "file_read_once": twice(SourceFile, "kind", "about", "sha256"),
    "file_says_title_licence_and_checksum": one(SourceFile, licence=""),
    "file_year_plausible": one(SourceFile, year=24),
    "area_stands_once": twice(Area, "code"),
    "area_has_code": one(Area, code=""),
    "area_year_plausible": one(Area, year=21),
    "area_lies_in_one_of_a_kind": twice(AreaLink, "small"),
    "area_figure_said_once": twice(AreaFigure, "area"),
    "area_rank_is_among_its_number": one(AreaFigure, rank=8, of=7),
    "postcode_is_whole": one(Postcode, key="ZA1"),
    "postcode_ended_in_a_month": one(Postcode, ended="2024"),
    "account_email_once_in_any_case": another_case,
    "role_ends_after_it_begins": one(Role, **BACKWARDS),
    "role_kind_known": one(Role, kind="mayor"),
    "role_of_a_neighbour_has_a_place": one(Role, kind="resident", place=None),
    "role_open_once_at_a_place": twice(Role, "account", "place"),
    "role_open_once_everywhere": twice(Role, "account", place=None),
    "organisation_has_slug_and_name": one(Organisation, name=""),
    "organisation_kind_known": one(Organisation, kind="guild"),
    "identifier_used_once": twice(Identifier, "value"),
    "identifier_scheme_known": one(Identifier, scheme="GB-XYZ"),
    "identifier_not_empty": one(Identifier, value=""),
    "officer_ends_after_it_begins": one(Officer, **BACKWARDS),
    "officer_title_known": one(Officer, title="pirate"),
    "officer_open_once": twice(Officer, "organisation", "account"),
    "bankmandate_ends_after_it_begins": one(BankMandate, **BACKWARDS),
    "bankmandate_shows_three_digits": one(BankMandate, last_three="12"),
    "bankmandate_is_sealed": one(BankMandate, sealed_number="40478470872490"),
    "bankmandate_open_once": twice(BankMandate, "organisation"),
    "bankmandate_open_once_a_person": paid_back_twice,
    "bankmandate_of_one_payee": lambda: one(BankMandate, account=a(Account))(),
    "bankmandate_is_signed_by_somebody": one(BankMandate, signatures=6),
    "signatory_ends_after_it_begins": one(Signatory, **BACKWARDS),
    "signatory_open_once": twice(Signatory, "organisation", "account"),
    "mandatechange_one_waits": twice(MandateChange, "organisation"),
    "mandatechange_is_signed_by_somebody": one(MandateChange, signatures=0),
    "mandatechange_shows_three_digits": one(MandateChange, last_three="12"),
    "mandatechange_is_sealed_or_forgotten": one(MandateChange, sealed_number="40478470872490"),
    "mandatechange_may_be_answered": one(MandateChange, last_day=MAY),
    "mandatechange_takes_two_people": changed_by_one,
    "tie_ends_after_it_begins": one(Tie, **BACKWARDS),
    "tie_is_between_two": tied_to_oneself,
    "tie_kind_known": one(Tie, kind="rivalry"),
    "tie_open_once": twice(Tie, "account", "other"),
    "document_kind_known": one(Document, kind="poem"),
    "document_expires_after_it_was_issued": one(Document, expires=APRIL),
    "sponsorship_of_another": sponsored_by_itself,
    "sponsorship_begins_when_asked": one(Sponsorship, since=APRIL),
    "sponsorship_ends_after_it_begins": one(Sponsorship, until=APRIL),
    "sponsorship_open_once": twice(Sponsorship, "group"),
    "share_names_one_reader": lambda: one(Share, place=a(Place))(),
    "share_ends_after_it_begins": one(Share, last_day=APRIL),
    "share_open_once_to_a_body": twice(Share, "organisation", "reader"),
    "share_open_once_to_a_place": shared_twice_with_a_place,
    "opening_says_as_whom": one(Opening, role=""),
    "partnership_has_a_name": one(Partnership, name=""),
    "membership_ends_after_it_begins": one(Membership, **BACKWARDS),
    "membership_term_begins_first": one(Membership, term_since=JUNE),
    "membership_seat_known": one(Membership, seat="king"),
    "membership_open_once": twice(Membership, "partnership", "account"),
    "interest_ends_after_it_begins": one(Interest, **BACKWARDS),
    "interest_kind_known": one(Interest, kind="envy"),
    "interest_open_once": twice(Interest, "membership", "organisation"),
    "household_ends_after_it_begins": one(Household, **BACKWARDS),
    "household_of_two_in_order": lambda: one(Household, one=a(Account), other=first_account())(),
    "household_open_once": twice(Household, "one", "other"),
    "meeting_number_once": twice(Meeting, "partnership", "number"),
    "meeting_kind_known": one(Meeting, kind="party"),
    "meeting_state_known": lambda: one(Meeting, state="dreamt", ended=free_leaf("meeting_ended"))(),
    "meeting_ends_by_a_leaf": one(Meeting, state="held"),
    "meeting_of_short_notice_says_why": one(Meeting, called_on=JUNE),
    "meeting_broken_off_says_why": lambda: one(
        Meeting, state="cancelled", ended=free_leaf("meeting_ended")
    )(),
    "agenda_number_once": twice(AgendaItem, "meeting", "number"),
    "agenda_kind_known": one(AgendaItem, kind="dance"),
    "agenda_money_says_how_much": one(AgendaItem, pence=5),
    "agenda_minutes_say_whose": one(AgendaItem, kind="minutes"),
    "declaration_kind_known": one(Declaration, kind="envy"),
    "declaration_made_once": lambda: twice(
        Declaration, "meeting", "membership", item=a(AgendaItem)
    )(),
    "declaration_made_once_for_all": twice(Declaration, "meeting", "membership"),
    "presence_once": twice(Presence, "item", "membership"),
    "presence_kind_known": one(Presence, stays_out="envy"),
    "outcome_method_known": one(ItemDecision, method="shouting"),
    "outcome_known": one(ItemDecision, outcome="maybe", in_favour=0, against=0),
    "outcome_counts_everybody": one(ItemDecision, in_favour=3),
    "outcome_needs_quorum_and_residents": one(ItemDecision, quorum=4),
    "outcome_follows_the_votes": one(ItemDecision, outcome="lost"),
    "outcome_has_a_chair": one(ItemDecision, chair=None),
    "filling_number_once": twice(Filling, "partnership"),
    "filling_how_known": one(Filling, how="duel"),
    "filling_of_some_seats": one(Filling, seats=0),
    "filling_ends_by_a_leaf": one(Filling, state="dropped"),
    "filling_by_lot_has_a_seed": lambda: one(
        Filling, state="filled", ended=free_leaf("filling_ended")
    )(),
    "filling_by_members_has_a_decision": lambda: one(
        Filling, how="cooption", state="filled", ended=free_leaf("filling_ended")
    )(),
    "candidate_number_once": twice(Candidate, "filling", "number"),
    "candidate_stands_once": twice(Candidate, "filling", "account"),
    "plan_number_once": lambda: answered_plan(
        "replaced", partnership=(first := a(Plan)).partnership, number=first.number
    ),
    "plan_open_once": twice(Plan, "partnership"),
    "plan_endorsed_once": lambda: answered_plan(
        "endorsed", partnership=answered_plan("endorsed").partnership
    ),
    "plan_state_known": one(Plan, state="lost"),
    "plan_put_forward_is_whole": one(Plan, vision=None),
    "plan_is_decided_or_says_why": one(Plan, why=None),
    "plan_is_answered_by_a_leaf": one(Plan, state="endorsed"),
    "plan_sent_back_says_why": lambda: one(
        Plan, state="sent_back", answered=free_leaf("plan_answered")
    )(),
    "planline_number_once": twice(PlanLine, "plan"),
    "planline_kind_known": one(PlanLine, kind="yacht"),
    "planline_is_of_something": one(PlanLine, pence=0, now_pence=0),
    "planline_spends_now_no_more_than_its_sum": one(PlanLine, now_pence=6),
    "planline_kept_is_not_spent_now": one(PlanLine, kind="later"),
    "memorandum_signed_once_a_side": twice(MemorandumSignature, "plan", "side"),
    "memorandum_takes_two_people": lambda: one(
        MemorandumSignature,
        side="partnership",
        plan=(first := a(MemorandumSignature)).plan,
        account=first.account,
    )(),
    "memorandum_side_known": one(MemorandumSignature, side="nobody"),
    "start_ends_with_a_vision": lambda: one(Start, ended=free_leaf("start_ended"))(),
    "listening_how_known": one(Listening, how="guess"),
    "listening_to_somebody": one(Listening, people=0),
    "startmoney_number_once": twice(StartMoney, "start"),
    "startmoney_is_of_something": one(StartMoney, pence=0),
    "startmoney_was_agreed": one(StartMoney, against=3),
    "learning_number_once": twice(LearningEntry, "partnership", "number"),
    "learning_kind_known": one(LearningEntry, kind="dream", minutes=None),
    "learning_training_is_whole": one(LearningEntry, kind="training", what="", members=3),
    "learning_support_is_whole": one(LearningEntry, what="wizard"),
    "learning_duty_is_known": one(LearningEntry, **{**A_DUTY, "what": "magic"}),
    "learning_other_duty_says_which": one(LearningEntry, **{**A_DUTY, "what": "other"}),
    "learning_given_back_says_what_and_why": lambda: one(
        LearningEntry, returns=a(LearningEntry, **A_DUTY)
    )(),
    "learning_hours_are_of_training_or_support": one(LearningEntry, **{**A_DUTY, "minutes": 60}),
    "learning_says_from_whom": one(LearningEntry, given_by=None),
    "learning_takes_some_time": one(LearningEntry, minutes=0),
    "learning_in_quarters_of_an_hour": one(LearningEntry, minutes=50),
    "council_number_once": lambda: ended_agreement(
        partnership=(first := a(CouncilAgreement)).partnership, number=first.number
    ),
    "council_open_once": twice(CouncilAgreement, "partnership"),
    "council_state_known": one(CouncilAgreement, state="lost"),
    "council_is_offered_by_a_leaf": one(CouncilAgreement, offered=None),
    "council_is_decided_or_says_why": one(CouncilAgreement, why=None),
    "council_ends_with_a_reason": one(CouncilAgreement, state="ended"),
    "duty_number_once": twice(CouncilDuty, "agreement"),
    "duty_side_known": one(CouncilDuty, side="nobody"),
    "duty_rhythm_known": one(CouncilDuty, every=5),
    "council_signed_once_a_side": twice(CouncilSignature, "agreement"),
    "council_takes_two_people": lambda: one(
        CouncilSignature,
        side="partnership",
        agreement=(first := a(CouncilSignature)).agreement,
        account=first.account,
    )(),
    "council_side_known": one(CouncilSignature, side="nobody"),
    "minutes_in_their_order": twice(MinutesStep, "meeting", "seq"),
    "minutes_kind_known": one(MinutesStep, kind="sung"),
    "minutes_are_agreed_by_a_meeting": one(MinutesStep, kind="agreed"),
    "hostagreement_ends_after_it_begins": one(HostAgreement, **BACKWARDS),
    "hostagreement_open_once": twice(HostAgreement, "partnership", "organisation"),
}


def constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for constraint in model._meta.constraints:
                yield model, constraint


def test_every_constraint_has_a_row_that_breaks_it() -> None:
    assert {constraint.name for _model, constraint in constraints()} == set(BROKEN)


def test_a_whole_row_of_every_table_is_welcome(committed_db) -> None:
    for model in WHOLE:
        a(model)


def test_each_row_is_refused_until_its_constraint_is_gone(committed_db, monkeypatch) -> None:
    if committed_db.vendor == "sqlite":
        # It rebuilds a table to drop a constraint, and stops at a trigger that names it. No leaf
        # can be written without seals, so enough of them are written before.
        for _leaf in range(12):
            write_leaf("garden.file", {})
        keep_words("Some words")
        seals.remove(connection)
    for model, constraint in constraints():
        with pytest.raises(DatabaseError), transaction.atomic():
            BROKEN[constraint.name]()
        with monkeypatch.context() as without, connection.schema_editor() as editor:
            # SQLite makes the table anew from what the model says now.
            others = [other for other in model._meta.constraints if other is not constraint]
            without.setattr(model._meta, "constraints", others)
            editor.remove_constraint(model, constraint)
        with transaction.atomic():
            BROKEN[constraint.name]()
            transaction.set_rollback(True)
