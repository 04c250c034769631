"""`doorstep verify`: re-checks everything this install holds, and says what it looked at."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection

from doorstep.apps.awards.models import Award, Move, Payment, PaymentState
from doorstep.apps.awards.verify import verify_awards
from doorstep.apps.awards.verify_hosting import verify_hosting
from doorstep.apps.awards.verify_payments import verify_payments
from doorstep.apps.awards.verify_reports import verify_reports
from doorstep.apps.files.models import StoredFile
from doorstep.apps.files.verify import verify_files
from doorstep.apps.fund.models import Allocation, Arrival, Proposal, Wave
from doorstep.apps.fund.verify import verify_fund
from doorstep.apps.fund.verify_deciding import verify_deciding
from doorstep.apps.fund.verify_giving import verify_giving
from doorstep.apps.ideas.models import Idea
from doorstep.apps.ideas.verify import verify_ideas
from doorstep.apps.ledger.bank_verify import verify_bank
from doorstep.apps.ledger.models import BankLine, Journal
from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.partnerships.models import (
    CouncilAgreement,
    ItemDecision,
    LearningEntry,
    Plan,
    Start,
)
from doorstep.apps.partnerships.verify import verify_meetings
from doorstep.apps.partnerships.verify_council import verify_council
from doorstep.apps.partnerships.verify_learning import verify_learning
from doorstep.apps.partnerships.verify_plans import verify_plans
from doorstep.apps.partnerships.verify_starting import verify_starting
from doorstep.apps.places.models import Place
from doorstep.apps.places.verify import verify_places
from doorstep.apps.promises.models import Promise
from doorstep.apps.promises.verify import verify_promises
from doorstep.apps.record import seals
from doorstep.apps.record.constraints import missing_constraints
from doorstep.apps.record.models import Checkpoint, Leaf
from doorstep.apps.record.verify import Finding, verify_checkpoints, verify_record
from doorstep.apps.rounds.queries import public_rounds
from doorstep.apps.rounds.verify import verify_rounds
from doorstep.apps.rounds.verify_counters import verdicts
from doorstep.apps.voting.verify import polls, verify_voting


@dataclass(frozen=True)
class Line:
    """One line of the report; `sound` is False where something is wrong."""

    text: str
    sound: bool


def verify_seals() -> Iterator[Finding]:
    """Every seal of this database that is lost, switched off or altered, and every lost key."""
    for name in seals.missing_seals():
        yield Finding(f"Seal {name}", "it is missing or altered. Run: doorstep migrate")
    for name in missing_constraints():
        yield Finding(f"Constraint {name}", "it is missing: a table was rebuilt without it.")


def _paid() -> int:
    return Payment.objects.filter(state=PaymentState.CLEARED).count()


CHECKS: tuple[tuple[str, Callable[[], int], Callable[[], Iterable[Finding]]], ...] = (
    ("Seals: {} in place", lambda: len(seals.expected(connection.vendor)), verify_seals),
    ("Record: {} leaves, chained", Leaf.objects.count, verify_record),
    ("Checkpoints: {} signed, as the leaves stand", Checkpoint.objects.count, verify_checkpoints),
    ("Places: {}, as the record says", Place.objects.count, verify_places),
    ("Promises: {}, due when their sums say", Promise.objects.count, verify_promises),
    ("Meetings: {} items, as their rooms give", ItemDecision.objects.count, verify_meetings),
    ("Plans: {}, come to the sum they are of", Plan.objects.count, verify_plans),
    ("Starts: {}, their sums agreed in the open", Start.objects.count, verify_starting),
    (
        "Agreements with councils: {}, signed as the record says",
        CouncilAgreement.objects.count,
        verify_council,
    ),
    ("Learning: {} entries, as the record says", LearningEntry.objects.count, verify_learning),
    ("Files: {}, as they were kept", StoredFile.objects.count, verify_files),
    ("Ledger: {} entries, balanced", Journal.objects.count, verify_ledger),
    ("Bank: {} lines, as its statements say", BankLine.objects.count, verify_bank),
    (
        "Fund: {} arrivals and shares, as the record says",
        lambda: Arrival.objects.count() + Allocation.objects.count(),
        verify_fund,
    ),
    ("Waves: {} kept from releases to draw-downs", Wave.objects.count, verify_giving),
    ("Shares: {} proposals worked out again", Proposal.objects.count, verify_deciding),
    ("Rounds: {} recounted or checked", lambda: public_rounds().count(), verify_rounds),
    ("Ideas: {} told by their steps", Idea.objects.count, verify_ideas),
    ("Payments: {} held against the bank, receipts and results", _paid, verify_reports),
    ("Polls: {}, codes and envelopes as the record says", polls, verify_voting),
    ("Awards: {} traced to their decisions", Award.objects.count, verify_awards),
    ("Payments: {} with their approvals and entries", Payment.objects.count, verify_payments),
    ("Hosting: {} moves said and confirmed by two", Move.objects.count, verify_hosting),
)


def findings_of(check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a check finds. What is damaged past reading is a finding too, and stops that check only;
    a database that does not answer stops them all."""
    try:
        yield from check()
    except DatabaseError:
        raise
    except Exception as broken:
        where = check.__name__.removeprefix("verify_").capitalize()
        sentence = f"something in it cannot be read, so it was damaged: {broken!r}."
        yield Finding(where, sentence)


def verify_everything() -> Iterator[Line]:
    """Each check's line as it ends, its findings first, and a last line that sums up."""
    wrong = 0
    for title, size, check in CHECKS:
        findings = list(findings_of(check))
        wrong += len(findings)
        yield from (Line(f"  WRONG  {one.where}: {one.sentence}", False) for one in findings)
        yield Line(f"{'ok   ' if not findings else 'WRONG'}  {title.format(size())}", not findings)
    # A verdict of its own: what two people signed, and nobody else can repeat.
    yield from (Line(f"signed  {verdict}", True) for verdict in verdicts())
    if wrong:
        yield Line(f"{wrong} things are wrong. Start with the first.", False)
    else:
        yield Line("Everything agrees with the record.", True)
