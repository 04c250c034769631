"""A vote in one room: two people enter what they counted; where they agree, voting is closed."""

import gzip
import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.files.models import StoredFile
from doorstep.apps.people.models import Account
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import freezing, rules
from doorstep.apps.rounds.actions.steps import locked, moved
from doorstep.apps.rounds.models import (
    BallotBox,
    Round,
    RoundSize,
    RoundState,
    Tally,
    TallySheet,
)
from doorstep.apps.rounds.queries import project_costs, room_count, withdrawn
from doorstep.apps.rounds.totals import Counted, Published, refuse_impossible


@transaction.atomic
def enter_tally(
    round_: Round, counted: Counted, *, counter: Account, photo: StoredFile | None
) -> Tally:
    """Keep what one person counted. The same again, without another photo, changes nothing."""
    round_ = _in_one_room(locked(round_, RoundState.FROZEN))
    codes = list(project_costs(round_))
    refuse_impossible(counted, codes)
    ordered = Counted(counted.how, counted.voters, {code: counted.votes[code] for code in codes})
    own = round_.tallies.filter(counter=counter).order_by("-number").first()
    if own and own.text == ordered.text() and photo in (None, own.photo):
        return own
    return Tally.objects.create(
        round=round_,
        number=round_.tallies.count() + 1,
        counter=counter,
        text=ordered.text(),
        photo=photo,
    )


@transaction.atomic
def close_room(round_: Round, *, actor: Actor) -> Round:
    """Close a vote in one room on the totals that two people agree on, and publish them."""
    round_ = _in_one_room(locked(round_, RoundState.FROZEN))
    now = room_count(round_)
    if now.agreed is None or now.pair is None:
        raise Refused(
            _("Two people must enter the same numbers first. Count again where they differ."),
            code="tallies_differ",
        )
    if now.photo is None:
        raise Refused(
            _("Add a photo of the sheet that both of you signed."), code="sheet_photo_missing"
        )
    first, second = now.pair
    sheet = TallySheet.objects.create(
        round=round_,
        first=first,
        second=second,
        first_counter_id=first.counter_id,
        second_counter_id=second.counter_id,
        photo=now.photo,
    )
    published = Published(
        round=round_.slug,
        budget_pence=round_.budget_pence,
        costs=project_costs(round_),
        counted=now.agreed,
        sheet=sheet.photo.fingerprint,
        withdrawn=tuple(withdrawn(round_)),
    ).bytes()
    box = BallotBox.objects.create(
        round=round_,
        form=BallotBox.Form.TOTALS,
        packed=gzip.compress(published, mtime=0),
        sha256=hashlib.sha256(published).hexdigest(),
        voters=now.agreed.voters,
    )
    round_.closed = write_leaf(
        "round.closed",
        {
            "round": round_.slug,
            "voters": box.voters,
            "ballots_sha256": box.sha256,
            "form": "totals",
            "counters": sorted([first.counter_id, second.counter_id]),
            "actor": actor.as_leaf(),
        },
    )
    return moved(round_, RoundState.CLOSED)


def _in_one_room(round_: Round) -> Round:
    terms = freezing.terms_of(round_)
    if terms is None or terms.size != RoundSize.ROOM:
        raise Refused(
            _("This round is not held in one room. Its ballots come in by code."),
            code="not_one_room",
        )
    if rules.window(terms, timezone.now()) == "before":
        raise Refused(
            _("The meeting has not begun. Enter what you counted once it has."),
            code="before_opening",
        )
    return round_
