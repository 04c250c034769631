"""Open an account, post an entry, reverse one."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from doorstep.apps.record.actions import keep_words, lock_head, unsealed, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.seal.canonical import Value, canonical

from ..models import Account, AccountBalance, Journal, Transfer
from ..rules import Line, Standing, check_code, check_lines, check_moves

__all__ = ["Line", "open_account", "post", "reverse"]

# What begins the key of an entry whose own key was lost: the hash that its leaf has of it.
HASHED = "sha256:"
# Written out, like the record's head, because composing them takes longer than asking them.
_LAST_NUMBERS = (
    "SELECT (SELECT max(seq) FROM ledger_journal), (SELECT max(id) FROM ledger_transfer)"
)
_OF_A_KEY = "SELECT * FROM ledger_journal WHERE idem_key IN (%s, %s)"


def open_account(code: str, *, fund: str, guard: str) -> Account:
    """Open an account, once, with a leaf that fixes its code, fund and guard for ever."""
    check_code(code, fund, guard)
    with transaction.atomic():
        lock_head()
        if Account.objects.filter(code=code).exists():
            raise Refused(
                _("The account %(code)s is open already.") % {"code": code}, code="account-open"
            )
        leaf = write_leaf("ledger.account", {"code": code, "fund": fund, "guard": guard})
        account = Account.objects.create(code=code, fund=fund, guard=guard, leaf=leaf)
        if not AccountBalance.objects.filter(account=account).exists():
            raise unsealed()
        return account


def post(
    kind: str,
    lines: Sequence[Line],
    *,
    idem_key: str,
    actor: Actor,
    effective_on: date,
    memo: str = "",
    reverses: Journal | None = None,
) -> Journal:
    """Move money: all lines or none, one entry, one leaf, for ever.

    The same `idem_key` with the same request gives the first entry back, whoever asks and however
    late; with another request it is Refused. Lines happen in their order, so money may pass
    through an account within one entry. Raises Refused for an overspend, an unknown account, two
    funds, or an amount that is not a whole number of pence.
    """
    lines = [Line(*line) for line in lines]
    check_lines(kind, lines, idem_key)
    if type(effective_on) is not date:
        raise Refused(_("An entry takes effect on a day; give a date."), code="entry-day")
    original = reverses.seq if reverses is not None else None
    request = request_hash(kind, lines, effective_on, original)
    try:
        with transaction.atomic():
            lock_head()
            earlier = _earlier(idem_key)
            if earlier is not None:
                return _same_again(earlier, request, memo)
            accounts = _standing(lines)
            check_moves(lines, {code: standing for code, (_pk, standing) in accounts.items()})
            keys = {code: pk for code, (pk, _standing) in accounts.items()}
            return _write(kind, lines, keys, idem_key, request, actor, effective_on, memo, original)
    except IntegrityError as error:
        # The rules above say no first, in better words; the database is the last to agree.
        raise Refused(
            _(
                "The ledger’s own seals refused this entry, so nothing was moved. Reload and try "
                "again; if it happens twice, tell whoever runs this site."
            ),
            code="ledger-seal",
        ) from error


def reverse(journal: Journal, *, idem_key: str, actor: Actor, reason: str) -> Journal:
    """Move the same pence back, last line first, beside the original. Once.

    Takes effect on the original's day, so that a retry on another day is the same request.
    """
    done = Journal.objects.filter(reverses=journal.pk).exclude(idem_key=idem_key).first()
    if done is not None:
        raise Refused(
            _("Entry %(entry)s was reversed already, by entry %(by)s.")
            % {"entry": journal.seq, "by": done.seq},
            code="reversed",
        )
    if journal.reverses_id is not None:
        raise Refused(
            _("Entry %(entry)s is itself a reversal. Post the money afresh instead.")
            % {"entry": journal.seq},
            code="reverses-reversal",
        )
    lines = [
        Line(credit, debit, pence)
        for debit, credit, pence in journal.transfers.order_by("-line").values_list(
            "debit__code", "credit__code", "pence"
        )
    ]
    return post(
        "ledger.reversal",
        lines,
        idem_key=idem_key,
        actor=actor,
        effective_on=journal.effective_on,
        memo=reason,
        reverses=journal,
    )


def _write(
    kind: str,
    lines: Sequence[Line],
    keys: dict[str, int],
    idem_key: str,
    request: bytes,
    actor: Actor,
    effective_on: date,
    memo: str,
    reverses: int | None,
) -> Journal:
    """Journal, transfers, leaf, in this order: the leaf's trigger counts what came before it."""
    seq, last = _last_numbers()
    seq += 1
    words = keep_words(memo) if memo else None
    journal = Journal(
        leaf_id=seq,
        idem_key=idem_key,
        request_hash=request,
        kind=kind,
        effective_on=effective_on,
        memo=words,
        n_lines=len(lines),
        reverses_id=reverses,
    )
    journal.save(force_insert=True)
    Transfer.objects.bulk_create(
        Transfer(
            id=last + number,
            journal_id=seq,
            line=number,
            debit_id=keys[line.debit],
            credit_id=keys[line.credit],
            pence=line.pence,
        )
        for number, line in enumerate(lines, start=1)
    )
    body: dict[str, Value] = {
        "seq": seq,
        "first_transfer": last + 1,
        "entry": kind,
        "effective_on": effective_on.isoformat(),
        "lines": [[line.debit, line.credit, line.pence] for line in lines],
        "idem": sha256(idem_key.encode()).hexdigest(),
        "actor": dict(actor.as_leaf()),
    }
    if words is not None:
        body["memo"] = words.commitment
    if reverses is not None:
        body["reverses"] = reverses
    write_leaf("ledger.journal", body, journal_seq=seq)
    touched = {keys[code] for line in lines for code in (line.debit, line.credit)}
    moved = AccountBalance.objects.filter(pk__in=touched, last_transfer__gt=last).count()
    if moved != len(touched):
        raise unsealed()
    return journal


def _last_numbers() -> tuple[int, int]:
    """The newest entry's and the newest transfer's; 0 where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_NUMBERS)
        seq, transfer = cursor.fetchone()
    return seq or 0, transfer or 0


def _standing(lines: Sequence[Line]) -> dict[str, tuple[int, Standing]]:
    """Each account that the lines name: its key, and how it stands. One statement."""
    codes = {code for line in lines for code in (line.debit, line.credit)}
    rows = AccountBalance.objects.filter(account__code__in=codes).values_list(
        "account__code", "account_id", "guard", "account__fund", "credits", "debits"
    )
    return {
        code: (pk, Standing(guard, fund, credit - debit))
        for code, pk, guard, fund, credit, debit in rows
    }


def request_hash(
    kind: str, lines: Sequence[Line], effective_on: date, reverses: int | None
) -> bytes:
    """What makes two requests the same. The memo is compared with its kept words instead:
    a hash of it here would let erased words be guessed at."""
    return sha256(
        canonical(
            {
                "entry": kind,
                "lines": [[line.debit, line.credit, line.pence] for line in lines],
                "effective_on": effective_on.isoformat(),
                "reverses": reverses,
            }
        )
    ).digest()


def _earlier(idem_key: str) -> Journal | None:
    """The entry of this key, if there is one; one that was recovered has the key's hash instead."""
    hashed = f"{HASHED}{sha256(idem_key.encode()).hexdigest()}"
    return next(iter(Journal.objects.raw(_OF_A_KEY, [idem_key, hashed])), None)


def _same_again(earlier: Journal, request: bytes, memo: str) -> Journal:
    kept = earlier.memo.text if earlier.memo else ""
    erased = earlier.memo is not None and not kept
    if bytes(earlier.request_hash) != request or (memo != kept and not erased):
        raise Refused(
            _(
                "This key was used already for another entry (number %(entry)s). Nothing was "
                "moved. Reload the page and try again."
            )
            % {"entry": earlier.seq},
            code="key-reused",
        )
    return earlier
