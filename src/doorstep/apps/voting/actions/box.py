"""The box is opened: envelopes and papers become one file of ballots. Then the poll is sealed, and
whatever could join a ballot to a voter is destroyed."""

import gzip
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.organisations import strongbox
from doorstep.apps.outbox.actions import forget_words
from doorstep.apps.outbox.rules import ERASED_WHEN_SENT
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import close_round
from doorstep.apps.rounds.models import Round, RoundState, Secrecy
from doorstep.apps.voting import box, choices, paper
from doorstep.apps.voting.actions import messages
from doorstep.apps.voting.actions.polls import end_poll
from doorstep.apps.voting.actions.rewriting import owe
from doorstep.apps.voting.actions.trustees import KEY_OF_A_ROUND
from doorstep.apps.voting.models import (
    Claim,
    CodeBatch,
    CodeState,
    Credential,
    HouseAsk,
    KeyCopy,
    Keying,
    LetterAddress,
    Opening,
    PaperSheet,
    PaperStack,
    Poll,
    PollState,
    RoundKey,
    StackCount,
    Way,
)
from doorstep.apps.voting.queries import sealing_leaf, used_by_way
from doorstep.apps.voting.sealing import NotSealedError, info_of, open_sealed


@transaction.atomic
def open_box(round_: Round, *, actor: Actor) -> Round:
    """Put what two trustees found, and the keyed papers, into the round's box of ballots.

    Refuses until two openings agree (or two members have asked the house), and until every stack
    of papers is signed off. Nothing of what is inside is counted here.
    """
    lock_head()
    round_ = Round.objects.select_related("terms", "place").get(pk=round_.pk)
    poll = _poll(round_)
    if poll.state in (PollState.OPENED, PollState.SEALED):
        return round_
    if poll.state != PollState.ENDED or round_.state != RoundState.FROZEN:
        raise Refused(
            _("The box stays shut until voting has ended. Come back then."), code="box_shut"
        )
    slips, unread, by = (
        _by_the_house(round_) if round_.terms.secrecy == Secrecy.HOUSE else _by_trustees(round_)
    )
    sheets, papers_spoilt = _papers(round_)
    question = choices.question_of(round_)
    online = box.read_slips(question, slips)
    found = box.read_slips(question, [*slips, *sheets])
    on_paper = Claim.objects.filter(credential__round=round_, channel=Way.PAPER).count()
    if len(sheets) + papers_spoilt > on_paper:
        raise Refused(
            _(
                "%(papers)s papers are keyed, and only %(codes)s codes were used on paper. A "
                "ballot counts only with its code: find out which stack holds too many."
            )
            % {"papers": len(sheets) + papers_spoilt, "codes": on_paper},
            code="more_papers_than_codes",
        )
    write_leaf(
        "voting.box_opened",
        {
            "round": round_.slug,
            "by": by,
            "online": len(online.ballots),
            "online_spoilt": unread + online.spoilt,
            "paper": len(sheets),
            "paper_spoilt": papers_spoilt,
            "codes_on_paper": on_paper,
            "actor": actor.as_leaf(),
        },
    )
    Poll.objects.filter(pk=poll.pk).update(state=PollState.OPENED)
    messages.box_opened(round_)
    file = box.published_file(round_, found.ballots)
    return close_round(round_, file, actor=actor, with_trackers=True)


def agreement(round_: Round) -> tuple[list[Opening], str]:
    """The openings that agree (none, or two and more), and what to do where they do not."""
    openings = list(
        Opening.objects.filter(trustee__round=round_)
        .select_related("trustee__name")
        .order_by("trustee__number")
    )
    for opening in openings:
        alike = [other for other in openings if other.sha256 == opening.sha256]
        if len(alike) > 1:
            return alike, ""
    if len(openings) < 2:
        return [], _("Two trustees must have opened the box before its ballots are counted.")
    names = _(" and ").join(opening.trustee.name.text for opening in openings)
    if len(openings) == 2:
        return [], _(
            "%(names)s found different ballots. Ask both to open the box again, each on the "
            "device with their own key. If they still differ, ask the third trustee to open it: "
            "the two who agree are taken."
        ) % {"names": names}
    return [], _("%(names)s all found different ballots. Ask all three to open the box again.") % {
        "names": names
    }


def _by_trustees(round_: Round) -> tuple[list[box.Slip], int, dict[str, object]]:
    alike, why = agreement(round_)
    if not alike:
        raise Refused(why, code="openings_differ")
    slips, spoilt = box.slips_of(gzip.decompress(bytes(alike[0].packed)))
    if len(slips) + spoilt != box.how_many_count(round_):
        raise Refused(
            _("An envelope was replaced on paper after the box was opened. Open the box again."),
            code="opening_outdated",
        )
    numbers = [opening.trustee.number for opening in alike]
    return slips, spoilt, {"trustees": numbers, "opening_sha256": alike[0].sha256}


def _by_the_house(round_: Round) -> tuple[list[box.Slip], int, dict[str, object]]:
    asked = HouseAsk.objects.filter(round=round_).count()
    if asked < 2:
        raise Refused(
            _("Two members of the partnership must ask for it. %(asked)s has, so ask another.")
            % {"asked": asked},
            code="two_members",
        )
    try:
        private = bytes.fromhex(strongbox.open_sealed(round_.key.in_strongbox, KEY_OF_A_ROUND))
    except strongbox.SealError:
        raise Refused(
            _(
                "The key of this round cannot be read: the install’s secret key has changed. Put "
                "the old one into DOORSTEP_SECRET_KEY and ask again."
            ),
            code="key_unreadable",
        ) from None
    slips, spoilt = [], 0
    for sealed in box.shuffled_envelopes(round_):
        slip = _opened(private, sealed, round_.slug)
        if slip is None:
            spoilt += 1
        else:
            slips.append(slip)
    return slips, spoilt, {"members": asked}


def _opened(private: bytes, sealed: bytes, slug: str) -> box.Slip | None:
    try:
        return box.slip_of(open_sealed(private, sealed, info_of(slug)))
    except NotSealedError:
        return None


def _papers(round_: Round) -> tuple[list[box.Slip], int]:
    """Every agreed paper of every stack, and how many are spoilt. An unsigned stack is refused."""
    slips: list[box.Slip] = []
    spoilt = 0
    unsigned = []
    for stack in PaperStack.objects.filter(round=round_):
        if stack.signed_id is None:
            unsigned.append(str(stack.number))
        standing = paper.standing(stack)
        slips += [box.Slip(keying.tracker, keying.choice) for keying in standing.ballots]
        spoilt += standing.spoilt
    if unsigned:
        raise Refused(
            _(
                "Not signed off yet: stack %(stacks)s. Two people count each stack, also one of "
                "which nothing came back, and then the box can be opened."
            )
            % {"stacks": ", ".join(unsigned)},
            code="stacks_unsigned",
        )
    return slips, spoilt


@transaction.atomic
def seal_round(round_: Round, *, actor: Actor) -> Leaf:
    """Destroy every row that could join a ballot to a voter, under a leaf that says so.

    The leaf comes first, and it alone lets the database forget: envelopes, the use of each code,
    the codes, the list of addresses, the keyed papers, the copies of the key. Run
    `rewrite_what_is_owed` afterwards, outside the transaction. Sealed again, nothing happens.

    A round that was called off is sealed unopened, with all that was cast in it.
    """
    lock_head()
    round_ = Round.objects.get(pk=round_.pk)
    poll = _poll(round_)
    called_off = round_.state == RoundState.CANCELLED
    if called_off and poll.state == PollState.OPEN:
        poll = end_poll(poll, actor=actor)
    if poll.state == PollState.SEALED:
        return sealing_leaf(round_)
    if poll.state != PollState.OPENED and not called_off:
        raise Refused(
            _("A poll is sealed when its box has been opened. Open the box first."),
            code="box_not_opened",
        )
    expire = timezone.localdate() + timedelta(days=settings.BACKUP_DAYS)
    leaf = write_leaf(
        "voting.sealed",
        {
            "round": round_.slug,
            "codes": code_totals(round_),
            "backups_until": expire.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    Poll.objects.filter(pk=poll.pk).update(state=PollState.SEALED)
    owe(round_)
    sheets = PaperSheet.objects.filter(stack__round=round_)
    Keying.objects.filter(sheet__in=sheets).delete()
    StackCount.objects.filter(stack__round=round_).delete()
    sheets.delete()
    codes = Credential.objects.filter(round=round_)
    LetterAddress.objects.filter(plan__round=round_).delete()
    with connection.cursor() as cursor:  # a composite key: the ORM cannot delete across a join
        cursor.execute(
            "DELETE FROM voting_envelope WHERE credential_id IN"
            " (SELECT id FROM voting_credential WHERE round_id = %s)",
            [round_.pk],
        )
    Claim.objects.filter(credential__in=codes).delete()
    codes.delete()
    Opening.objects.filter(trustee__round=round_).delete()
    KeyCopy.objects.filter(first__round=round_).delete()
    HouseAsk.objects.filter(round=round_).delete()
    RoundKey.objects.filter(round=round_).exclude(in_strongbox="").update(in_strongbox="")
    forget_words(receipts_of(round_))
    return leaf


def receipts_of(round_: Round) -> str:
    """The topic of the messages that carry a receipt of this round: who asked, and their tracker.

    They are erased when sent, and those that never went when the poll is sealed.
    """
    return f"{ERASED_WHEN_SENT}{round_.pk}"


def code_totals(round_: Round) -> dict[str, int]:
    """What stays known of the codes when they are gone: how many, how they were used (those that
    the desk made void afterwards among them), and what became of them."""
    codes = Credential.objects.filter(round=round_, batch__spoiled=None)
    online, paper = used_by_way(round_)
    made = CodeBatch.objects.filter(plan__round=round_, spoiled=None)
    return {
        "made": sum(made.values_list("count", flat=True)),
        "online": online,
        "paper": paper,
        **{
            str(state): codes.filter(state=state).count()
            for state in (CodeState.VOIDED, CodeState.REPLACED, CodeState.RETURNED)
        },
    }


def _poll(round_: Round) -> Poll:
    poll = Poll.objects.select_for_update().filter(round=round_).first()
    if poll is None:
        raise Refused(_("No votes are cast by code in this round."), code="no_poll")
    return poll
