"""Write accounts and entries again from published leaves, where a restore lost them.

An entry is whole in its leaf, but for two things: the words of its memo, and the key of its
request, of which the leaf has the hash. That hash stands in for the key, so that the same
request sent again is still known (`posting._earlier`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from doorstep.apps.record.models import Leaf, Wording

from ..models import Account, Journal, Transfer
from ..rules import Line
from .posting import HASHED, request_hash


def recover_account(leaf: Leaf, body: Mapping[str, Any]) -> None:
    """The account that a leaf opened; called once the leaf stands."""
    Account.objects.create(code=body["code"], fund=body["fund"], guard=body["guard"], leaf=leaf)


def recover_entry(body: Mapping[str, Any]) -> None:
    """The entry that a leaf tells, with its lines; called before the leaf, which seals it."""
    lines = [Line(*line) for line in body["lines"]]
    on, reverses = date.fromisoformat(body["effective_on"]), body.get("reverses")
    keys = dict(
        Account.objects.filter(
            code__in={code for line in lines for code in (line.debit, line.credit)}
        ).values_list("code", "pk")
    )
    Journal(
        leaf_id=body["seq"],
        idem_key=f"{HASHED}{body['idem']}",
        request_hash=request_hash(body["entry"], lines, on, reverses),
        kind=body["entry"],
        effective_on=on,
        memo=Wording.objects.filter(commitment=body.get("memo")).first(),
        n_lines=len(lines),
        reverses_id=reverses,
    ).save(force_insert=True)
    Transfer.objects.bulk_create(
        Transfer(
            id=body["first_transfer"] + number,
            journal_id=body["seq"],
            line=number + 1,
            debit_id=keys[line.debit],
            credit_id=keys[line.credit],
            pence=line.pence,
        )
        for number, line in enumerate(lines)
    )
