"""Small public records as lists of leaves, true in everything but what a test changes."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from doorstep.engine.seal.canonical import canonical
from tests.engine.seal.logs import publish

TIME = "2026-11-28T12:00:00Z"
Says = dict[str, Any]
FROZEN = b'{"budget_pence":100}\n{"cost_pence":100,"id":"p1"}'  # what the round r1 asks
WORLD, POT, MILL, HELD, SENT, PAID = (
    "world:fund:match", "fund:pot", "place:mill:available", "place:mill:committed:a1",
    "place:mill:in_transit:a1-p1", "world:fund:paid:mill:a1",
)  # fmt: skip


def said(kind: str, **body: Any) -> Says:
    return {"v": 1, "kind": kind, "time": TIME, **body}


def account(code: str, guard: str = "credit_nonneg", fund: str = "fund") -> Says:
    return said("ledger.account", code=code, fund=fund, guard=guard)


def entry(seq: int, kind: str, lines: list[list[Any]], first: int, **more: Any) -> Says:
    return said(
        "ledger.journal", seq=seq, first_transfer=first, entry=kind, effective_on="2026-11-28",
        lines=lines, idem=f"{seq:064}", actor={"role": "system", "id": "test"}, **more,
    )  # fmt: skip


def by(person: int) -> Says:
    return {"actor": {"role": "finance_officer", "id": person}}


def award(slug: str, pence: int, decision: int, place: str = "mill") -> Says:
    return said(
        "award.made", award=slug, place=place, project=None, pence=pence, decision=decision, **by(1)
    )


def good() -> list[Says]:
    """Money arrives, a meeting decides, two people pay, one entry is reversed, codes are used."""
    return [
        account(WORLD, "none"),
        account(POT),
        account(MILL),
        entry(1, "fund.match_received", [[WORLD, POT, 100_000]], 1),
        entry(2, "fund.allocated", [[POT, MILL, 60_000]], 2),
        said("meeting.decided", place="mill", pence=30_000, **by(1)),
        account(HELD),
        entry(3, "award.committed", [[MILL, HELD, 30_000]], 3),
        award("a1", 30_000, 5),
        said(
            "payment.raised",
            payment="a1-p1",
            award="a1",
            pence=10_000,
            approvals_needed=2,
            second_approver_from=10_000,
            **by(1),
        ),
        said("payment.recused", payment="a1-p1", award="a1", declared="loyalty", **by(5)),
        said("payment.agreed_to", payment="a1-p1", award="a1", declared="none", **by(2)),
        said("payment.agreed_to", payment="a1-p1", award="a1", **by(3)),
        said("payment.approved", payment="a1-p1", award="a1", pence=10_000, **by(3)),
        account(SENT),
        entry(4, "payment.released", [[HELD, SENT, 10_000]], 4),
        said("payment.released", payment="a1-p1", award="a1", pence=10_000, entry=4, **by(2)),
        account(PAID, "none"),
        entry(5, "payment.cleared", [[SENT, PAID, 10_000]], 5),
        said(
            "payment.cleared",
            payment="a1-p1",
            award="a1",
            pence=10_000,
            entry=5,
            bank_line=7,
            **by(2),
        ),
        said("bank.matched", line=7, entry=5, pence=-10_000, reason=None, **by(3)),
        said("receipt.handed_in", payment="a1-p1", award="a1", pence=4_000, **by(4)),
        said("receipt.shown", payment="a1-p1", award="a1", pence=4_000, receipt=1, **by(3)),
        entry(6, "fund.allocated", [[POT, MILL, 5_000]], 6),
        entry(7, "ledger.reversal", [[MILL, POT, 5_000]], 7, reverses=6),
        said(
            "round.frozen",
            round="r1",
            place="mill",
            fingerprint=sha256(FROZEN).hexdigest(),
            **by(1),
        ),
        said("voting.batch_printed", round="r1", count=40, run=1, **by(1)),
        said("voting.batch_printed", round="r1", count=5, run=2, **by(1)),
        said("voting.batch_spoiled", round="r1", count=5, run=2, printed=27, **by(1)),
        said("voting.opened", round="r1", codes=40, **by(1)),
        said("voting.envelopes", round="r1", hashes=[], used=12, **by(1)),
        said("voting.ended", round="r1", used_online=20, used_paper=20, **by(1)),
    ]


def written(folder: Path, record: list[Says]) -> Path:
    """Publish a record as a log; canonical where it can be, plain JSON where a test wants worse."""
    publish(folder, [bytes_of(says) for says in record])
    return folder


def bytes_of(says: Says) -> bytes:
    try:
        return canonical(says)
    except ValueError:
        return json.dumps(says, sort_keys=True, separators=(",", ":")).encode()
