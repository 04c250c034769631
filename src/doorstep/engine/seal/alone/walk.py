"""The walk of a pound through the leaves: decisions, awards, payments and who approved them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .books import Books
from .plain import alike, told

DECISIONS = (
    "round.counted", "round.decided", "plan.line_agreed", "meeting.decided", "delegation.agreed",
)  # fmt: skip
AT_A_MEETING = "meeting.item_decided"
WITH_A_SUM = ("plan.line_agreed", "meeting.decided")
FEWEST_APPROVALS = 1  # besides whoever raised it, so two people look at every payment

MOVES = {  # what may be said of a payment in which state, and the state it is in then
    "payment.approved": (("raised",), "approved"),
    "payment.released": (("approved",), "released"),
    "payment.cleared": (("released",), "cleared"),
    "payment.uncleared": (("cleared",), "released"),
    "payment.cancelled": (("raised", "approved", "released"), "cancelled"),
}


@dataclass
class Asked:
    """A payment: of which award, how much, by whom, how many must agree, who did, and who declared
    an interest instead."""

    award: str
    pence: int
    raiser: str
    needed: int
    agreed: list[str] = field(default_factory=list)
    tied: list[str] = field(default_factory=list)
    state: str = "raised"
    entry: object = None


@dataclass
class Walk:
    """Decisions by their leaf's number, awards and payments by their ids."""

    decisions: dict[int, dict[str, Any]] = field(default_factory=dict)
    given: dict[int, int] = field(default_factory=dict)
    awards: dict[str, dict[str, Any]] = field(default_factory=dict)
    payments: dict[str, Asked] = field(default_factory=dict)
    entries: set[int] = field(default_factory=set)

    def read(self, index: int, says: dict[str, Any], books: Books) -> Iterator[str]:
        """The faults of one leaf, as sentences that begin with “it”."""
        kind = says["kind"]
        if kind in DECISIONS or (kind == AT_A_MEETING and alike(says.get("outcome"), "carried")):
            self.decisions[index] = says
        elif kind == "award.made":
            yield from self._award(says)
        elif kind == "payment.raised":
            yield from self._raise(says)
        elif kind.startswith("payment."):
            payment = self.payments.get(told(says.get("payment")))
            if payment is None and "payment" in says:
                yield f"it speaks of the payment {told(says['payment'])}, which nobody raised."
            elif payment is not None:
                yield from self._step(kind, says, payment, books)

    def loose_entries(self, books: Books) -> Iterator[str]:
        """Entries of the ledger that moved a payment's money without a leaf of that payment."""
        for number, (kind, _lines, _reverses) in enumerate(books.entries, start=1):
            if kind in ("payment.released", "payment.cleared") and number not in self.entries:
                yield f"Entry {number} moved the money of a payment, and no leaf says whose."

    def _award(self, says: dict[str, Any]) -> Iterator[str]:
        award, decision = told(says.get("award")), says.get("decision")
        if award in self.awards:
            yield f"it makes the award {award} a second time."
        self.awards[award] = says
        decided = self.decisions.get(decision) if type(decision) is int else None
        if decided is None or type(decision) is not int:
            leaf = told(decision)
            yield f"it makes the award {award} by leaf {leaf}, which is no earlier decision."
            return
        pence = says.get("pence")
        if type(pence) is not int or pence <= 0:
            yield f"it awards {told(pence)}, which is no whole number of pence."
            return
        self.given[decision] = self.given.get(decision, 0) + pence
        if decided["kind"] in WITH_A_SUM or alike(decided.get("item_kind"), "money"):
            most = decided.get("pence")
            if type(most) is not int or self.given[decision] > most:
                yield f"it awards more than leaf {decision} decided."
            if not alike(decided.get("place"), says.get("place")):
                yield f"it makes the award {award} by a decision of another place."

    def _raise(self, says: dict[str, Any]) -> Iterator[str]:
        name, award = told(says.get("payment")), told(says.get("award"))
        pence, needed = says.get("pence"), says.get("approvals_needed")
        if name in self.payments:
            yield f"it raises the payment {name} a second time."
        if award not in self.awards:
            yield f"it raises a payment of the award {award}, which nobody made."
        if type(pence) is not int or pence <= 0:
            yield f"it asks for {told(pence)}, which is no whole number of pence."
            pence = 0
        if type(needed) is not int or needed < FEWEST_APPROVALS:
            yield f"it asks for {told(needed)} approvals; somebody else must agree to a payment."
            needed = FEWEST_APPROVALS
        self.payments[name] = Asked(award, pence, _who(says), needed)

    def _step(self, kind: str, says: dict[str, Any], payment: Asked, books: Books) -> Iterator[str]:
        name, who = told(says["payment"]), _who(says)
        if kind == "payment.agreed_to":
            if who == payment.raiser or who in payment.agreed:
                yield f"it lets one person act twice on the payment {name}."
            if who in payment.tied or not alike(says.get("declared", "none"), "none"):
                yield f"it lets somebody agree to {name} who declared an interest in it."
            payment.agreed.append(who)
        elif kind == "payment.recused":
            payment.tied.append(who)
        if kind not in MOVES:
            return
        before, payment_after = MOVES[kind]
        if payment.state not in before:
            yield f"it says “{kind}” of {name}, which was {payment.state}."
        payment.state = payment_after
        if kind == "payment.approved" and len(payment.agreed) < payment.needed:
            yield (
                f"it approves the payment {name} with {len(payment.agreed)} approvals, and its "
                f"rule required {payment.needed}."
            )
        if kind != "payment.cancelled" and not alike(says.get("pence"), payment.pence):
            yield f"it is about another sum than was asked for ({name})."
        if kind in ("payment.released", "payment.cleared"):
            yield from self._entry(kind, says, payment, books)

    def _entry(
        self, kind: str, says: dict[str, Any], payment: Asked, books: Books
    ) -> Iterator[str]:
        name, entry = told(says["payment"]), says.get("entry")
        lines = books.moved(entry, kind)
        place = told(self.awards.get(payment.award, {}).get("place"))
        on_its_way = f"place:{place}:in_transit:{name}"
        if kind == "payment.released":
            right = [[f"place:{place}:committed:{payment.award}", on_its_way, payment.pence]]
            fits = lines == right
        else:
            fits = lines is not None and [line[::2] for line in lines] == [
                [on_its_way, payment.pence]
            ]
        if not fits or entry in self.entries:
            yield f"it names entry {told(entry)}, which did not move the money of {name}."
        if type(entry) is int:
            self.entries.add(entry)


def _who(says: dict[str, Any]) -> str:
    """Whoever did it, as JSON: a person by number, an operator by name."""
    actor = says.get("actor")
    return json.dumps(actor.get("id") if isinstance(actor, dict) else None, sort_keys=True)
