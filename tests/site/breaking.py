"""For every invariant a change that breaks it, as an owner of the database could make one, and an
install in which everything stands that an invariant looks at."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.db import connection
from django.utils import timezone

from doorstep.apps.files.actions import keep
from doorstep.apps.organisations.actions import ask_change, confirm_change, open_passport, share
from doorstep.apps.outbox.actions import tell
from doorstep.apps.outbox.models import ChoreRun
from doorstep.apps.partnerships.actions import seats
from doorstep.apps.record.publishing import publish
from doorstep.apps.voting import trackers
from doorstep.apps.voting.actions.casting import cast, credential_of
from doorstep.apps.voting.actions.polls import log_envelopes
from doorstep.apps.voting.choices import Choice
from doorstep.apps.voting.models import Poll
from tests.apps.files.making import photo
from tests.apps.ideas.proposing import proposed, taking_ideas
from tests.apps.organisations.groups import TODAY, acting
from tests.apps.organisations.groups import group as speaking_for
from tests.apps.organisations.test_new_bank_details_take_two_people import DETAILS
from tests.apps.partnerships.learning import learned
from tests.apps.partnerships.meeting import group
from tests.apps.partnerships.test_seats_are_filled_by_two_and_drawn_again_by_anybody import (
    CLOSES,
    OTHER,
    SEED,
    opened,
)
from tests.apps.voting.polling import DURING, running
from tests.millbrook import ACTOR, place_with_money
from tests.site.acts import every_act


def furnish() -> None:
    """Every act once, a second vote that is still open, and what no act with money leaves; signed
    with the keys of `signing`."""
    acts, result = every_act(), None
    while True:
        try:
            _name, act = acts.send(result)
        except StopIteration:
            break
        result = act()
    Poll.objects.update(rewrite_owed=False)  # whether it is done on the disk is for other tests
    _an_open_vote()
    proposed(taking_ideas(place_with_money(slug="with-ideas"), slug="with-ideas"))
    told = learned(group(place_with_money(5_000_000, slug="learning")))
    seats.settle_filling(opened(told), seed=SEED, on=CLOSES, actor=OTHER)
    _a_passport()
    keep(photo(), purpose="idea", public=True, by=ACTOR)
    later = timezone.now() + timedelta(days=1)
    tell("zoe@example.org", subject="Hello", text="Hello", topic="news", key="1")
    ChoreRun.objects.create(name="a chore", due_at=later)
    publish()


def _an_open_vote() -> None:
    polling = running(slug="north-2026", cards=12)
    with time_machine.travel(DURING, tick=True):
        for code in polling.codes:
            cast(credential_of(polling.credential(code).pk), Choice(((0, 1),)), trackers.new())
        log_envelopes(polling.poll)


def _a_passport() -> None:
    """Bank details that one asked for and another confirmed, and a council that read them."""
    club, (ann, ben) = speaking_for("supper-club", "pia", "quin")
    change = ask_change(club, **DETAILS, on=TODAY, actor=acting(ann))
    confirm_change(change, on=TODAY, actor=acting(ben))
    council, (cleo,) = speaking_for("far-council", "cleo", kind="council")
    given = share(club, council, [], last_day=TODAY + timedelta(9), on=TODAY, actor=acting(ann))
    open_passport(given, None, cleo, on=TODAY, actor=acting(cleo))


def _a_seal_is_lost() -> None:
    with connection.cursor() as cursor:
        on = " ON record_leaf" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER record_leaf_no_update{on}")


def _commits_may_be_lost() -> None:
    """SQLite takes no setting of its disk inside a transaction; this one it does."""
    off = "PRAGMA recursive_triggers = OFF"
    if connection.vendor == "postgresql":
        off = "SET synchronous_commit = off"
    with connection.cursor() as cursor:
        cursor.execute(off)


# A statement is run with every protection but the unique keys taken away; a function as all stands.
BREAKS: dict[str, str | Callable[[], None]] = {
    "awards.decided": "UPDATE awards_award SET pence = pence + 1",
    "awards.held": "UPDATE awards_move SET pence = pence + 1",
    "awards.never_alone": "UPDATE awards_approval SET account_id = (SELECT raised_by_id"
    " FROM awards_payment WHERE awards_payment.id = payment_id)",
    "awards.payments": "UPDATE awards_payment SET pence = pence + 1",
    "awards.receipts": "UPDATE awards_receipt SET pence = pence + 1",
    "awards.within_promise": "UPDATE awards_award SET pence = 1",
    "council.signed": "UPDATE partnerships_councilagreement SET state = 'offered'",
    "files.kept": "UPDATE files_storedfile SET size = size + 1",
    "fund.decisions": "UPDATE fund_decidedshare SET pence = pence + 1",
    "fund.reserve": "UPDATE fund_arrival SET reserved_pence = 0",
    "fund.shares": "UPDATE fund_allocation SET pence = pence * 2",
    "fund.told": "UPDATE fund_arrival SET giver = 'Nobody'",
    "fund.waves": "UPDATE fund_waveshare SET yearly = '[1]'",
    "ideas.steps": "UPDATE ideas_idea SET steps_taken = steps_taken + 1",
    "learning.recorded": "UPDATE partnerships_learningentry SET minutes = minutes + 1",
    "ledger.bank": "UPDATE ledger_bankline SET pence = pence + 1",
    "ledger.bank_lines_explained": "UPDATE ledger_match SET undone_id = leaf_id",
    "ledger.entries": "UPDATE ledger_journal SET effective_on = '2020-01-01'",
    "ledger.never_below_nothing": "UPDATE ledger_accountbalance SET debits = credits + 1"
    " WHERE guard = 'credit_nonneg'",
    "ledger.nothing_from_nothing": "UPDATE ledger_accountbalance SET credits = credits + 1"
    " WHERE guard = 'credit_nonneg'",
    "ledger.sums": "UPDATE ledger_accountbalance SET credits = credits + 1, debits = debits + 1",
    "meetings.decided": "UPDATE partnerships_itemdecision SET residents = 0",
    "organisations.openings": "UPDATE organisations_opening SET leaf_id ="
    " (SELECT min(id) FROM record_leaf)",
    "organisations.two_people": "UPDATE organisations_mandatechange"
    " SET decided_by_id = asked_by_id",
    "outbox.chores_done": "UPDATE outbox_chorerun SET due_at = '2026-06-01 00:00:00'",
    "outbox.sent_in_time": "UPDATE outbox_message SET next_try = '2020-01-01 00:00:00'",
    "places.told": "UPDATE places_place SET name = 'Elsewhere'",
    "plans.costed": "UPDATE partnerships_planline SET pence = pence + 1",
    "promises.stand": "UPDATE promises_promise SET due_on = '2031-01-01'",
    "record.checkpoints": "UPDATE record_checkpoint SET note = 'Something else'",
    "record.durable": _commits_may_be_lost,
    "record.leaves": "UPDATE record_leaf SET kind = 'award.made' WHERE idx = 1",
    "record.published": "DELETE FROM record_leaf WHERE idx = 1",
    "record.seals": _a_seal_is_lost,
    "rounds.recounted": "UPDATE rounds_ballotbox SET sha256 = 'x'",
    "seats.lots": "UPDATE partnerships_filling SET seed = 'mine' WHERE state = 'filled'",
    "site.migrated": "DELETE FROM django_migrations WHERE app = 'awards'",
    "start.told": "UPDATE partnerships_start SET money_pence = money_pence + 1",
    "voting.codes_issued": "UPDATE voting_codebatch SET count = 0",
    "voting.links_destroyed": "UPDATE voting_poll SET state = 'sealed'",
    "voting.rewritten": "UPDATE voting_poll SET rewrite_owed = (1 = 1)",
    "voting.told": "UPDATE voting_codebatch SET count = count + 1",
}
