"""The walk of a pound through the leaves: decisions, awards, payments and who approved them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .books import Books
from .plain import alike, told

OF_A_ROUND = ("round.counted", "round.decided")
UP_TO_A_SUM = ("plan.line_agreed", "meeting.decided")  # for everything that it leads to, together
EACH_UP_TO_A_SUM = ("delegation.agreed",)
AT_A_MEETING = "meeting.item_decided"
KINDS_OF_ITEM = {"money": "meeting.decided", "limit": "delegation.agreed"}
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
    moved_by: list[object] = field(default_factory=list)  # the entries that brought it so far


@dataclass
class Walk:
    """Decisions by their leaf's number, awards and payments by their ids."""

    decisions: dict[int, dict[str, Any]] = field(default_factory=dict)
    rounds: dict[str, object] = field(default_factory=dict)  # the place of each
    given: dict[int, int] = field(default_factory=dict)
    awards: dict[str, dict[str, Any]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    payments: dict[str, Asked] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)  # pence of each award, not taken back
    second_from: set[int] = field(default_factory=set)  # pence from which two others must agree
    entries: set[int] = field(default_factory=set)

    def read(self, index: int, says: dict[str, Any], books: Books) -> Iterator[str]:
        """The faults of one leaf, as sentences that begin with “it”."""
        kind = says["kind"]
        if _decides(says):
            self.decisions[index] = says
        elif kind == "round.frozen":
            self.rounds[told(says.get("round"))] = says.get("place")
        elif kind == "award.made":
            yield from self._award(says)
        elif kind in ("award.cancelled", "award.closed"):
            yield from self._end(kind, says)
        elif kind == "payment.raised":
            yield from self._raise(says)
        elif kind.startswith("payment.") and "payment" in says:
            payment = self.payments.get(told(says["payment"]))
            if payment is None:
                yield f"it speaks of the payment {told(says['payment'])}, which nobody raised."
            else:
                yield from self._step(kind, says, payment, books)

    def loose_money(self, books: Books) -> Iterator[str]:
        """Entries that moved a payment's or an award's money, and no leaf says why."""
        promised: dict[str, int] = {}
        for number, (kind, lines, reverses) in enumerate(books.entries, start=1):
            if kind in ("payment.released", "payment.cleared") and number not in self.entries:
                yield f"Entry {number} moved the money of a payment, and no leaf says whose."
            for _giver, taker, pence in lines if reverses is None else ():
                if kind == "award.committed":
                    promised[taker] = promised.get(taker, 0) + pence
                elif taker.split(":")[2:3] == ["committed"]:
                    yield f"Entry {number} adds to an award, and is no promise: {taker}."
        for award, says in self.awards.items():
            where = f"{told(says.get('place'))}:committed:{award}"
            held = promised.pop(f"place:{where}", 0) + promised.pop(f"example:{where}", 0)
            if held != says["pence"]:
                yield f"Award {award} is of {says['pence']} pence, and {held} were promised to it."
        for code in promised:
            yield f"Money was promised to {code}, and no leaf makes that award."

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
        kind = decided["kind"]
        if kind == AT_A_MEETING:
            kind = KINDS_OF_ITEM[decided["item_kind"]]
        self.given[decision] = self.given.get(decision, 0) + pence
        given, most = pence if kind in EACH_UP_TO_A_SUM else self.given[decision], None
        if kind in OF_A_ROUND:
            place = self.rounds.get(told(decided.get("round")))
        else:
            place, most = decided.get("place"), decided.get("pence")
            if type(most) is not int or given > most:
                yield f"it awards more than leaf {decision} decided."
        if not alike(place, says.get("place")):
            yield f"it makes the award {award} by a decision of another place."

    def _end(self, kind: str, says: dict[str, Any]) -> Iterator[str]:
        award = told(says.get("award"))
        made = self.awards.get(award)
        if made is None:
            yield f"it ends the award {award}, which nobody made."
            return
        if award in self.ended:
            yield f"it ends the award {award} a second time."
        self.ended.add(award)
        if kind == "award.cancelled" and made["decision"] in self.given:
            self.given[made["decision"]] -= made["pence"]  # it may be given anew

    def _raise(self, says: dict[str, Any]) -> Iterator[str]:
        name, award = told(says.get("payment")), told(says.get("award"))
        pence, needed = says.get("pence"), says.get("approvals_needed")
        if name in self.payments:
            yield f"it raises the payment {name} a second time."
        if award not in self.awards:
            yield f"it raises a payment of the award {award}, which nobody made."
        if award in self.ended:
            yield f"it raises a payment of the award {award}, which had ended."
        if type(pence) is not int or pence <= 0:
            yield f"it asks for {told(pence)}, which is no whole number of pence."
            pence = 0
        if type(needed) is not int or needed < FEWEST_APPROVALS:
            yield f"it asks for {told(needed)} approvals; somebody else must agree to a payment."
            needed = FEWEST_APPROVALS
        self.payments[name] = Asked(award, pence, _who(says), needed)
        self.asked[award] = self.asked.get(award, 0) + pence
        if "second_approver_from" in says:
            yield from self._rule(says["second_approver_from"], needed, self.asked[award])

    def _rule(self, limit: object, needed: int, asked: int) -> Iterator[str]:
        """One sum in several payments is still that sum."""
        if type(limit) is not int or limit <= 0:
            yield f"its rule begins at {told(limit)}, which is no whole number of pence."
            return
        self.second_from.add(limit)
        if asked >= limit and needed <= FEWEST_APPROVALS:
            yield (
                f"it asks for {needed} approvals, and {asked} pence are asked for of its award: "
                f"its rule asks two from {limit} on."
            )

    def _step(self, kind: str, says: dict[str, Any], payment: Asked, books: Books) -> Iterator[str]:
        name = told(says["payment"])
        if kind == "payment.agreed_to":
            yield from _agree(says, payment)
        elif kind == "payment.recused":
            payment.tied.append(_who(says))
        if kind not in MOVES:
            return
        before, payment_after = MOVES[kind]
        if payment.state not in before:
            yield f"it says “{kind}” of {name}, which was {payment.state}."
        was_sent, payment.state = payment.state == "released", payment_after
        if kind == "payment.approved" and len(payment.agreed) < payment.needed:
            yield (
                f"it approves the payment {name} with {len(payment.agreed)} approvals, and its "
                f"rule required {payment.needed}."
            )
        if kind != "payment.cancelled" and not alike(says.get("pence"), payment.pence):
            yield f"it is about another sum than was asked for ({name})."
        if kind in ("payment.released", "payment.cleared"):
            yield from self._entry(kind, says, payment, books)
        elif kind == "payment.uncleared" or was_sent:
            yield from _taken_back(says, payment, books)
        if kind == "payment.cancelled":
            self.asked[payment.award] -= payment.pence

    def _entry(
        self, kind: str, says: dict[str, Any], payment: Asked, books: Books
    ) -> Iterator[str]:
        name, entry = told(says["payment"]), says.get("entry")
        lines = books.moved(entry, kind)
        place = told(self.awards.get(payment.award, {}).get("place"))
        on_its_way = f"place:{place}:in_transit:{name}"
        outside = f"world:{books.fund_of(on_its_way)}:paid:{place}:{payment.award}"
        goes = [f"place:{place}:committed:{payment.award}", on_its_way, outside]
        step = goes[:2] if kind == "payment.released" else goes[1:]
        fits = lines == [[*step, payment.pence]]
        if not fits or entry in self.entries:
            yield f"it names entry {told(entry)}, which did not move the money of {name}."
        if type(entry) is int:
            self.entries.add(entry)
        payment.moved_by.append(entry)


def _decides(says: dict[str, Any]) -> bool:
    """Whether awards may follow from it."""
    kind = says["kind"]
    if kind == AT_A_MEETING:
        return (
            alike(says.get("outcome"), "carried") and told(says.get("item_kind")) in KINDS_OF_ITEM
        )
    return kind in (*OF_A_ROUND, *UP_TO_A_SUM, *EACH_UP_TO_A_SUM)


def _agree(says: dict[str, Any], payment: Asked) -> Iterator[str]:
    name, who = told(says["payment"]), _who(says)
    if who == payment.raiser or who in payment.agreed:
        yield f"it lets one person act twice on the payment {name}."
    if who in payment.tied or not alike(says.get("declared", "none"), "none"):
        yield f"it lets somebody agree to {name} who declared an interest in it."
    payment.agreed.append(who)


def _taken_back(says: dict[str, Any], payment: Asked, books: Books) -> Iterator[str]:
    """Whether the entry that a leaf names moved the payment's last step back."""
    last = payment.moved_by.pop() if payment.moved_by else None
    entry = says.get("entry")
    if last is None or not alike(books.reversed_by(entry), last):
        name = told(says["payment"])
        yield f"it names entry {told(entry)}, which did not move the money of {name} back."


def _who(says: dict[str, Any]) -> str:
    """Whoever did it, as JSON: a person by number, an operator by name."""
    actor = says.get("actor")
    return json.dumps(actor.get("id") if isinstance(actor, dict) else None, sort_keys=True)
