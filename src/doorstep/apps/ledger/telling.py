"""The ledger in plain words: what each kind of entry is to a worker and to a neighbour, and what
each account is called.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.record.sentences import called


class Kind(NamedTuple):
    """The worker's word for a kind of entry, and the neighbour's sentence."""

    worker: str | Promise
    neighbour: str | Promise


KINDS: dict[str, Kind] = {
    "fund.dormant_arrived": Kind(
        gettext_lazy("Dormant assets received"), gettext_lazy("Forgotten money arrived")
    ),
    "fund.match_arrived": Kind(
        gettext_lazy("Match received"), gettext_lazy("Money arrived to match forgotten money")
    ),
    "fund.reclaim_paid": Kind(
        gettext_lazy("Reclaim paid"), gettext_lazy("An owner came forward and was paid back")
    ),
    "fund.allocated": Kind(
        gettext_lazy("Allocation to a place"), gettext_lazy("The place was given its share")
    ),
    "fund.released": Kind(
        gettext_lazy("Release from a reserve"),
        gettext_lazy("A reserve was reviewed, and a part of it released"),
    ),
    "fund.costs_paid": Kind(
        gettext_lazy("Fund costs paid"), gettext_lazy("Running the fund was paid for")
    ),
    "fund.host_fee_paid": Kind(
        gettext_lazy("Host fee paid"),
        gettext_lazy("Whoever holds a place’s money was paid their fee, on top of its share"),
    ),
    "fund.host_fee_returned": Kind(
        gettext_lazy("Host fee returned"),
        gettext_lazy("Money went back to the fund, and the fee on it too"),
    ),
    "fund.programme_funded": Kind(
        gettext_lazy("Set aside for a programme"), gettext_lazy("Set aside for a programme")
    ),
    "fund.wave_promised": Kind(
        gettext_lazy("Wave promised"), gettext_lazy("Promised to a wave of places")
    ),
    "fund.drawn_down": Kind(
        gettext_lazy("Draw-down"), gettext_lazy("The place drew a part of its share")
    ),
    "fund.given_back": Kind(
        gettext_lazy("Returned by a place"),
        gettext_lazy("The place gave back what it did not need"),
    ),
    "fund.term_ended": Kind(
        gettext_lazy("Undrawn at the end of a term"),
        gettext_lazy("A term ended, and what was not drawn went back"),
    ),
    "example.budget": Kind(
        gettext_lazy("Example budget"), gettext_lazy("Pretend money for an example election")
    ),
    "round.set_aside": Kind(
        gettext_lazy("Round pot set aside"), gettext_lazy("Set aside for residents to decide on")
    ),
    "round.returned": Kind(
        gettext_lazy("Rest of round pot returned"), gettext_lazy("What no idea took was returned")
    ),
    "award.committed": Kind(
        gettext_lazy("Award committed"), gettext_lazy("Promised to an idea that was chosen")
    ),
    "award.returned": Kind(
        gettext_lazy("Award money returned"),
        gettext_lazy("What an award did not need went back to the place"),
    ),
    "payment.released": Kind(
        gettext_lazy("Payment released"), gettext_lazy("Sent to the bank to be paid")
    ),
    "payment.cleared": Kind(
        gettext_lazy("Payment cleared"), gettext_lazy("Paid, as the bank’s statement shows")
    ),
    "payment.came_back": Kind(
        gettext_lazy("Payment came back"), gettext_lazy("A payment came back to the place")
    ),
    "ledger.reversal": Kind(
        gettext_lazy("Reversal"), gettext_lazy("An earlier entry was taken back")
    ),
}

_STEPS = {
    "available": gettext_lazy("%(place)s: not yet decided"),
    "round": gettext_lazy("%(place)s: set aside for the round %(name)s"),
    "committed": gettext_lazy("%(place)s: promised to %(name)s"),
    "in_transit": gettext_lazy("%(place)s: on its way to %(name)s"),
    "paid": gettext_lazy("%(place)s: paid to %(name)s"),
}
# What the id after a step stands for; the rooms that know its name come later than this one.
_HOLDS = {"round": "round", "committed": "award", "in_transit": "payment", "paid": "award"}
Names = Mapping[str, Mapping[str, str]]
_CLASSES = {
    "bank": gettext_lazy("bank accounts"),
    "insurance": gettext_lazy("insurance and pensions"),
    "investment": gettext_lazy("investments"),
    "securities": gettext_lazy("shares"),
}


_NATIONS = {
    "scotland": gettext_lazy("Scotland"),
    "wales": gettext_lazy("Wales"),
    "northern_ireland": gettext_lazy("Northern Ireland"),
}


def kind_words(kind: str) -> str:
    """The neighbour's sentence, without a full stop; an unknown kind still reads plainly."""
    known = KINDS.get(kind)
    return str(known.neighbour) if known else _plainly(kind)


def worker_words(kind: str) -> str:
    known = KINDS.get(kind)
    return str(known.worker) if known else _plainly(kind)


def account_words(code: str, names: Names | None = None) -> str:
    """What an account is called; `names_in` gives the names of what its code holds by id."""
    known = names or {}
    parts = code.split(":")
    if code == "world:example":
        return _("Outside: pretend money")
    match parts:
        case ["world", _, "paid", slug, award]:
            return _("Outside: paid to %(name)s in %(place)s") % {
                "name": known.get("award", {}).get(award, award),
                "place": known.get("place", {}).get(slug, slug),
            }
        case ["place" | "example", slug, step, *rest] if step in _STEPS:
            place = known.get("place", {}).get(slug, slug)
            name = known.get(_HOLDS.get(step, ""), {}).get(":".join(rest), " ".join(rest))
            told = str(_STEPS[step]) % {"place": place, "name": name}
            return (
                _("%(account)s (pretend money)") % {"account": told}
                if parts[0] == "example"
                else told
            )
        case _:
            return _of_a_fund(parts, known) or code


# By whether the account is outside, and the word that says what it holds.
_FUND_WORDS = {
    (True, "dormant"): gettext_lazy("Outside: forgotten %(assets)s"),
    (True, "match"): gettext_lazy("Outside: those who match forgotten money"),
    (True, "nation"): gettext_lazy("Outside: %(nation)s’s part"),
    (True, "costs"): gettext_lazy("Outside: paid for running the fund"),
    (True, "host_fees"): gettext_lazy("Outside: fees for holding the money of %(place)s"),
    (False, "reserve"): gettext_lazy("Kept back for owners of %(assets)s"),
    (False, "pot"): gettext_lazy("The fund’s pot"),
    (False, "released"): gettext_lazy("On its way to the nations"),
    (False, "programme"): gettext_lazy("Set aside for the programme %(name)s"),
    (False, "wave"): gettext_lazy("Promised to the wave %(name)s"),
    (False, "due"): gettext_lazy("%(place)s: promised over its term, not drawn yet"),
}


def _of_a_fund(parts: list[str], known: Names) -> str:
    """What an account of a fund is called; empty for a code that is none."""
    outside = parts[0] == "world"
    told = _FUND_WORDS.get((outside, "".join(parts[1 + outside : 2 + outside])))
    if told is None:
        return ""
    name = parts[-1]
    return str(told) % {
        "assets": str(_CLASSES.get(name, name)),
        "nation": str(_NATIONS.get(name, name)),
        "place": known.get("place", {}).get(name, name),
        "name": name,
    }


def names_in(
    codes: Iterable[str], fields: Sequence[str] = ("place", "round", "award", "payment")
) -> Names:
    """Names of the places, rounds, awards and payments whose accounts these are: one question
    to each."""
    wanted: dict[str, set[str]] = {"place": set(), "round": set(), "award": set(), "payment": set()}
    for parts in (code.split(":") for code in codes):
        if parts[0] == "world" and parts[2:3] == ["paid"] and len(parts) == 5:
            wanted["place"].add(parts[3])
            wanted["award"].add(parts[4])
        if parts[2:3] == ["host_fees"] and len(parts) == 4:
            wanted["place"].add(parts[3])
        if parts[1:2] == ["due"] and len(parts) == 3:
            wanted["place"].add(parts[2])
        if parts[0] in {"place", "example"} and len(parts) > 2:
            wanted["place"].add(parts[1])
            if len(parts) > 3 and parts[2] in _HOLDS:
                wanted[_HOLDS[parts[2]]].add(":".join(parts[3:]))
    return {field: called(field, wanted[field]) for field in fields}


def subject(debit: str, credit: str, names: Names) -> str:
    """What a line is about, by name: the award or round that its accounts hold money for."""
    for code in (credit, debit):
        parts = code.split(":", 3)
        if parts[0] != "world" and len(parts) == 4 and parts[2] in _HOLDS:
            return names.get(_HOLDS[parts[2]], {}).get(parts[3], "")
    return ""


def _plainly(kind: str) -> str:
    return kind.replace(".", ": ").replace("_", " ").capitalize()
