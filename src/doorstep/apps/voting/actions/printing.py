"""The plan of codes, and the one moment at which codes exist in clear: the print run."""

import re
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.people.models import Account
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import locked as locked_round
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.apps.voting import codes
from doorstep.apps.voting.actions.polls import prepare_poll
from doorstep.apps.voting.models import (
    Channel,
    CodeBatch,
    CodePlan,
    CodeState,
    Credential,
    LetterAddress,
    Poll,
    PollState,
)
from doorstep.engine.rulebook import rule
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.tree import root

MOST_CODES = 200_000
MOST_IN_A_PLACE = 30_000  # addresses


@dataclass(frozen=True)
class Printed:
    """One run in clear, for the printer's eyes: codes in order, each with its address if any."""

    batch: CodeBatch
    letters: list[tuple[codes.Code, str]]


@transaction.atomic
def plan_codes(round_: Round, channel: Channel, count: int, *, area: str = "") -> CodePlan:
    """Plan so many codes by this channel, in an area or the whole place. Fixed by the freeze."""
    round_ = locked_round(round_, RoundState.DRAFT)
    if not 1 <= count <= MOST_CODES:
        raise Refused(
            _("Plan between 1 and %(most)s codes.") % {"most": f"{MOST_CODES:,}"}, code="how_many"
        )
    area = " ".join(area.split())
    if len(area) > 60:
        raise Refused(_("Name the area in at most 60 letters."), code="area_too_long")
    for plan in CodePlan.objects.filter(round=round_, channel=channel).select_related("area"):
        if (plan.area.text if plan.area else "") == area:
            raise Refused(
                _("These codes are planned already. Take that line away first."), code="planned"
            )
    prepare_poll(round_)
    return CodePlan.objects.create(
        round=round_, channel=channel, count=count, area=keep_words(area) if area else None
    )


@transaction.atomic
def drop_plan(plan: CodePlan) -> None:
    """Take a line out of the plan again, with its list of addresses."""
    locked_round(plan.round, RoundState.DRAFT)
    LetterAddress.objects.filter(plan=plan).delete()
    CodePlan.objects.filter(pk=plan.pk).delete()


@transaction.atomic
def keep_addresses(plan: CodePlan, addresses: Sequence[str]) -> int:
    """Keep the list that letters go to, in its order; a new list replaces one not printed yet."""
    lock_head()
    poll = prepare_poll(plan.round)
    if plan.channel != Channel.LETTER:
        raise Refused(_("Only letters have addresses."), code="no_letters")
    if poll.state != PollState.PREPARED or plan.batches.exists():
        raise Refused(
            _("Letters of this list were printed already, so the list stays."), code="printed"
        )
    if len(addresses) != plan.count:
        raise Refused(
            _("The plan says %(planned)s letters, and the list has %(listed)s addresses.")
            % {"planned": f"{plan.count:,}", "listed": f"{len(addresses):,}"},
            code="other_number",
        )
    LetterAddress.objects.filter(plan=plan).delete()
    LetterAddress.objects.bulk_create(
        LetterAddress(plan=plan, position=position, lines=lines)
        for position, lines in enumerate(addresses, 1)
    )
    return len(addresses)


def next_run(plan: CodePlan) -> tuple[int, int]:
    """(number, how many codes) of the next run of a plan; none left gives a count of 0."""
    sound = sum(batch.count for batch in plan.batches.filter(spoiled=None))
    last = plan.batches.aggregate(last=Max("number"))["last"] or 0
    most = int(rule("voting.run_at_most", timezone.localdate()).value)
    return last + 1, min(most, plan.count - sound)


def print_run(plan: CodePlan, number: int, *, printer: Account, beside: Account) -> Printed:
    """Make the codes of the next run and commit to them. They are in clear in what this returns,
    and nowhere else, ever.

    `number` is the run that the form was about: sent twice, it prints once. `printer` and `beside`
    are the two people in the room. The slow hashes are made before the transaction begins.
    """
    _refuse_run(plan, number, printer, beside)
    count = next_run(plan)[1]
    taken = set(
        Credential.objects.exclude(round__poll__state=PollState.SEALED).values_list(
            "selector", flat=True
        )
    ) | set(Credential.objects.filter(round=plan.round).values_list("selector", flat=True))
    made: list[tuple[codes.Code, bytes]] = []
    while len(made) < count:
        selector = codes.new_selector()
        if selector not in taken:
            taken.add(selector)
            made.append((codes.new_code(selector), codes.new_salt()))
    with ThreadPoolExecutor(2) as pool:  # scrypt lets go of the interpreter
        hashes = list(pool.map(lambda pair: codes.hashed(*pair), made))
    try:
        return _keep_run(plan, number, list(zip(made, hashes, strict=True)), printer, beside)
    except IntegrityError:
        raise Refused(
            _("Somebody else printed at the same moment. Look at the list, then print the next."),
            code="run_printed",
        ) from None


def _refuse_run(plan: CodePlan, number: int, printer: Account, beside: Account) -> None:
    if printer == beside:
        raise Refused(
            _("Two people print together. Name the one who is beside you."), code="one_printer"
        )
    poll = prepare_poll(plan.round)
    if plan.round.state != RoundState.FROZEN or poll.state != PollState.PREPARED:
        raise Refused(
            _("Codes are printed after the rules are fixed and before voting opens. Never later."),
            code="not_the_time_to_print",
        )
    following, count = next_run(plan)
    if number != following:
        raise Refused(
            _(
                "This run was printed already, and a run is printed once. If its paper was "
                "spoilt, call it spoilt; then it can be printed anew with other codes."
            ),
            code="run_printed",
        )
    if count < 1:
        raise Refused(_("Every planned code is printed."), code="all_printed")
    if plan.channel == Channel.LETTER and plan.addresses.count() != plan.count:
        raise Refused(_("Upload the list of addresses first."), code="no_addresses")


@transaction.atomic
def _keep_run(
    plan: CodePlan,
    number: int,
    made: list[tuple[tuple[codes.Code, bytes], bytes]],
    printer: Account,
    beside: Account,
) -> Printed:
    lock_head()
    if next_run(plan)[0] != number:
        raise IntegrityError("another hand printed this run")
    kept = [codes.committed(code.selector, salt, hashed) for (code, salt), hashed in made]
    whole = root([leaf_hash(each) for each in sorted(kept)])
    leaf = write_leaf(
        "voting.batch_printed",
        {
            "round": plan.round.slug,
            "channel": str(plan.channel),
            "area": plan.area.commitment if plan.area else None,
            "run": number,
            "count": len(made),
            "root": whole.hex(),
            "printers": sorted([printer.pk, beside.pk]),
            "actor": Actor("printer", printer.pk).as_leaf(),
        },
    )
    batch = CodeBatch.objects.create(
        plan=plan, number=number, count=len(made), root=whole, leaf=leaf
    )
    rows = [
        Credential(round=plan.round, batch=batch, selector=code.selector, salt=salt, hashed=hashed)
        for (code, salt), hashed in made
    ]
    # One by one in random order of their numbers: the order of rows tells nothing either.
    Credential.objects.bulk_create(sorted(rows, key=lambda row: row.pk))
    addresses = [""] * len(made)
    if plan.channel == Channel.LETTER:
        waiting = list(plan.addresses.filter(credential=None)[: len(made)])
        for address, row in zip(waiting, rows, strict=True):
            address.credential = row
        LetterAddress.objects.bulk_update(waiting, ["credential"], batch_size=200)
        addresses = [address.lines for address in waiting]
    letters = [(code, lines) for ((code, _salt), _hash), lines in zip(made, addresses, strict=True)]
    return Printed(batch, letters)


@transaction.atomic
def spoil_run(batch: CodeBatch, *, actor: Actor) -> CodeBatch:
    """Call a run spoilt before voting opens: every code of it is void, and as many can be printed
    anew. For a printer that chewed the paper, or a download that broke off."""
    lock_head()
    poll = Poll.objects.get(round=batch.plan.round)
    batch = CodeBatch.objects.select_related("plan__round").get(pk=batch.pk)
    if batch.spoiled_id is not None:
        return batch
    if poll.state != PollState.PREPARED:
        raise Refused(
            _("Voting has opened. Single codes can be replaced at the desk; no run can be spoilt."),
            code="voting_opened",
        )
    batch.spoiled = write_leaf(
        "voting.batch_spoiled",
        {
            "round": batch.plan.round.slug,
            "run": batch.number,
            "count": batch.count,
            "printed": batch.leaf.idx,
            "actor": actor.as_leaf(),
        },
    )
    batch.save(update_fields=["spoiled"])
    LetterAddress.objects.filter(credential__batch=batch).update(credential=None)
    batch.credentials.update(state=CodeState.VOIDED)
    return batch


_SPACES = re.compile(r"\s+")


def tidy_line(text: str) -> str:
    """One line of an address without what cannot be seen or printed."""
    seen = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cc")
    return _SPACES.sub(" ", seen).strip()
