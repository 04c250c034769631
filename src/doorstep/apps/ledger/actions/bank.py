"""What the bank says: an account is named, a statement is read once, a line is accounted for."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.organisations import strongbox
from doorstep.apps.people import models as people
from doorstep.apps.places.models import Place
from doorstep.apps.places.rules import refuse_bad_slug
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.seal.canonical import canonical

from ..models import (
    BANK_LINE,
    WITH_ENTRY,
    Account,
    Accounted,
    BankAccount,
    BankAssertion,
    BankLine,
    BankStatement,
    Journal,
    Match,
)
from ..reconciling import came_into
from ..rules import check_same_sum
from ..statements import Booked, Statement, read

_MARK = b"doorstep bank line mark v1"


@dataclass(frozen=True)
class Imported:
    """A statement that stands in the record now. `again`: this very file had been read before."""

    statement: BankStatement
    again: bool


@transaction.atomic
def open_bank_account(
    slug: str, *, label: str, fund: str, place: Place | None, last_three: str, actor: Actor
) -> BankAccount:
    """Name an account of the host's that holds this money and no other. Asked again the same, it
    is the first one."""
    refuse_bad_slug(slug, 60)
    if not re.fullmatch(r"\d{3}", last_three, re.ASCII):
        raise Refused(
            _("Give the last three digits of the account’s number, and no more of it."),
            code="bank-digits",
        )
    lock_head()
    if not Account.objects.filter(fund=fund).exclude(code__startswith="world:").exists():
        raise Refused(_("There is no fund “%(fund)s”.") % {"fund": fund}, code="bank-fund")
    earlier = BankAccount.objects.select_related("label").filter(slug=slug).first()
    if earlier is not None:
        same = (earlier.fund, earlier.place_id, earlier.last_three) == (
            fund, place.pk if place else None, last_three,
        )  # fmt: skip
        if same:
            return earlier
        raise Refused(
            _("There is a bank account “%(slug)s” already. Choose another id.") % {"slug": slug},
            code="bank-account-exists",
        )
    words = keep_words(label)
    leaf = write_leaf(
        "bank.account",
        {
            "bank_account": slug,
            "label": words.commitment,
            "fund": fund,
            "place": place.slug if place else None,
            "actor": actor.as_leaf(),
        },
    )
    return BankAccount.objects.create(
        slug=slug, label=words, fund=fund, place=place, last_three=last_three, leaf=leaf
    )


def import_statement(account: BankAccount, content: bytes, *, actor: Actor) -> Imported:
    """Read a file of the bank's: all of its lines or none, and no line that is here already.

    The same file again changes nothing. Raises Refused, with the line of the file, when a line
    cannot be read or the file is about another account.
    """
    digest = sha256(content).hexdigest()
    found = read(content)
    _refuse_other_account(account, found)
    if not found.lines and found.closing is None:
        raise Refused(
            _("There is no line in this file. Choose other days at the bank, and download again."),
            code="statement-nothing",
        )
    with transaction.atomic():
        lock_head()
        earlier = BankStatement.objects.filter(account=account, sha256=digest).first()
        if earlier is not None:
            return Imported(earlier, again=True)
        _refuse_other_format(account, found)
        return Imported(_keep(account, found, digest, actor), again=False)


@transaction.atomic
def account_for(
    line: BankLine,
    *,
    kind: str,
    by: people.Account,
    actor: Actor,
    journal: Journal | None = None,
    reason: str = "",
) -> Match:
    """A person says what a line of the bank is: the entry that it proves, or why there is none.

    Done again the same, it is the first match; a line or an entry that has another is Refused.
    """
    lock_head()
    standing = Match.objects.filter(bank_line=line, undone=None).first()
    if standing is not None:
        if (standing.kind, standing.journal_id) == (kind, journal.pk if journal else None):
            return standing
        raise Refused(
            _("This line of the bank is accounted for already. Undo that first, if it is wrong."),
            code="line-matched",
        )
    _refuse_misfit(line, kind, journal, reason)
    words = keep_words(reason) if reason.strip() else None
    leaf = write_leaf(
        "bank.matched",
        {
            "bank_account": line.account.slug,
            "line": line.pk,
            "entry": journal.pk if journal else None,
            "as": str(kind),
            "pence": line.pence,
            "booked_on": line.booked_on.isoformat(),
            "reason": words.commitment if words else None,
            "actor": actor.as_leaf(),
        },
    )
    return Match.objects.create(
        bank_line=line, journal=journal, kind=kind, reason=words, confirmed_by=by, leaf=leaf
    )


@transaction.atomic
def undo_match(match: Match, *, reason: str, actor: Actor) -> Match:
    """Say that a line was accounted for wrongly. The match stays beside it, with the reason.

    An entry that only the match had made is reversed by whoever made it (`awards` for payments).
    """
    if not reason.strip():
        raise Refused(_("Say why it was wrong, in a few words."), code="undo-reason")
    lock_head()
    match = Match.objects.select_related("bank_line__account").get(pk=match.pk)
    if match.undone_id is not None:
        return match
    leaf = write_leaf(
        "bank.unmatched",
        {
            "bank_account": match.bank_line.account.slug,
            "line": match.bank_line_id,
            "entry": match.journal_id,
            "pence": match.bank_line.pence,
            "booked_on": match.bank_line.booked_on.isoformat(),
            "reason": keep_words(reason.strip()).commitment,
            "actor": actor.as_leaf(),
        },
    )
    match.undone = leaf
    match.save(update_fields=["undone"])
    return match


def _refuse_misfit(line: BankLine, kind: str, journal: Journal | None, reason: str) -> None:
    if kind not in Accounted.values or (kind in WITH_ENTRY) != (journal is not None):
        raise Refused(_("Choose what this line is from the list."), code="match-kind")
    if journal is None:
        if not reason.strip():
            raise Refused(_("Say in a few words why this line has no entry."), code="match-reason")
        return
    if Match.objects.filter(journal=journal, undone=None).exists():
        raise Refused(
            _("Entry %(entry)s has another line of the bank already. One line pays one payment.")
            % {"entry": journal.pk},
            code="entry-matched",
        )
    if kind == Accounted.ARRIVAL and not came_into(line.account, journal):
        raise Refused(
            _("Entry %(entry)s brought no money into this account. Choose one from the list.")
            % {"entry": journal.pk},
            code="entry-elsewhere",
        )
    moved = list(
        journal.transfers.values_list("debit__code", "credit__code", "pence", "debit__fund")
    )
    check_same_sum(
        line.pence, kind == Accounted.PAYMENT, sum(pence for _d, _c, pence, _f in moved),
        line.account.fund, {fund for _d, _c, _p, fund in moved},
    )  # fmt: skip


def _keep(account: BankAccount, found: Statement, digest: str, actor: Actor) -> BankStatement:
    marked = _marked(found.lines)
    known = set(
        BankLine.objects.filter(account=account, booked_on__in={one.booked_on for one, _ in marked})
        .values_list("mark", flat=True)
    )  # fmt: skip
    new = [
        (place, one, marks[0])
        for place, (one, marks) in enumerate(marked, start=1)
        if not known & set(marks)
    ]
    days = [one.booked_on for one in found.lines] or [found.closing[0]]  # type: ignore[index]
    totals = {
        "first_day": min(days),
        "last_day": max(days),
        "n_lines": len(new),
        "n_known": len(found.lines) - len(new),
        "in_pence": sum(one.pence for _, one, _ in new if one.pence > 0),
        "out_pence": -sum(one.pence for _, one, _ in new if one.pence < 0),
    }
    lines = [
        BankLine(
            account=account,
            number=place,
            mark=mark,
            booked_on=one.booked_on,
            pence=one.pence,
            sealed=strongbox.seal(
                # Padded, so that its length does not tell how long a name was.
                json.dumps([one.who, one.reference]).ljust(120),
                BANK_LINE,
            ),
        )
        for place, one, mark in new
    ]
    leaf = write_leaf(
        "bank.statement",
        {
            **{name: value if type(value) is int else str(value) for name, value in totals.items()},
            "bank_account": account.slug,
            "sha256": digest,
            "format": str(found.format),
            "closing": [found.closing[0].isoformat(), found.closing[1]] if found.closing else None,
            "lines_sha256": lines_digest(lines),
            "actor": actor.as_leaf(),
        },
    )
    statement = BankStatement.objects.create(
        account=account, sha256=digest, format=str(found.format), leaf=leaf, **totals
    )
    for line in lines:
        line.statement = statement
    BankLine.objects.bulk_create(lines, batch_size=500)
    if found.closing is not None:
        BankAssertion.objects.create(
            account=account, statement=statement, day=found.closing[0], pence=found.closing[1]
        )
    return statement


def lines_digest(lines: Sequence[BankLine]) -> str:
    """What a statement's leaf says of its lines, in their order: nothing of who or what for."""
    return sha256(
        canonical(
            [
                [
                    line.number,
                    line.booked_on.isoformat(),
                    line.pence,
                    line.mark,
                    sha256(line.sealed.encode()).hexdigest(),
                ]
                for line in lines
            ]
        )
    ).hexdigest()


def _marked(lines: Sequence[Booked]) -> list[tuple[Booked, list[str]]]:
    """Each line with its marks. The bank's own reference tells lines apart where there is one;
    else day, sum and words do. Lines that are alike in all of it are numbered as they come, so the
    second cup of coffee of a day is not taken for the first."""
    seen: Counter[str] = Counter()
    texts = []
    for one in lines:
        told = ["ref", one.bank_ref] if one.bank_ref else ["own", one.who, one.reference]
        alike = json.dumps([*told, one.booked_on.isoformat(), one.pence])
        seen[alike] += 1
        texts.append(f"{alike} {seen[alike]}")
    marks = (strongbox.fingerprints(text, _MARK) for text in texts)
    return list(zip(lines, marks, strict=True))


def _refuse_other_account(account: BankAccount, found: Statement) -> None:
    if found.ending and found.ending != account.last_three:
        raise Refused(
            _(
                "This file is about an account ending in %(theirs)s, but “%(label)s” ends in "
                "%(ours)s. Nothing was imported. Choose the statement of this account."
            )
            % {
                "theirs": found.ending,
                "ours": account.last_three,
                "label": account.label.text or account.slug,
            },
            code="statement-account",
        )


def _refuse_other_format(account: BankAccount, found: Statement) -> None:
    """Two formats word the same line differently, so it could not be told that it is one."""
    if not found.lines:
        return
    days = [one.booked_on for one in found.lines]
    other = (
        BankStatement.objects.filter(
            account=account, first_day__lte=max(days), last_day__gte=min(days)
        )
        .exclude(format=str(found.format))
        .order_by("-last_day")
        .first()
    )
    if other is not None:
        raise Refused(
            _(
                "Some of these days came from a file in the format %(format)s already, up to "
                "%(day)s. Use that format again, or a file that begins after that day."
            )
            % {"format": other.format.upper(), "day": other.last_day.isoformat()},
            code="statement-other-format",
        )
