"""Pure questions about a meeting: was it called in time, who takes part in an item, is there a
quorum, and what do the votes come to? The answers explain; nobody is locked out."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.people.spells import said_day
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import AddedHoliday, Deadline, Rule, clear_working_days_before

# From the gravest: who could be paid is named before who belongs to whoever could be.
KINDS = ("direct", "indirect", "loyalty")
HERE, AWAY = "here", "away"
LONGEST_TITLE, LONGEST_NOTE = 200, 2000
MOST_ITEMS = 40


@dataclass(frozen=True)
class There:
    """One member in the room at one item. `stays_out` is "" or the kind of interest."""

    membership: int
    lives_here: bool
    stays_out: str = ""


@dataclass(frozen=True)
class Room:
    """Who is in the room at one item, and whether those who take part can decide it.

    `warnings` say why not, in a resident's words; `codes` are the same for the record.
    """

    present: int
    counted: int
    residents: int
    quorum: int
    majority: int
    codes: tuple[str, ...]

    @property
    def can_decide(self) -> bool:
        return not self.codes

    @property
    def stayed_out(self) -> int:
        return self.present - self.counted

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(why_not(code, self) for code in self.codes)


def room(there: Iterable[There], *, quorum: Rule, majority: Rule) -> Room:
    """Count a room: whoever stays out leaves the vote, the quorum and the majority alike."""
    everybody = list(there)
    part = [one for one in everybody if not one.stays_out]
    residents = sum(one.lives_here for one in part)
    least, share = int(quorum.value), int(majority.value)
    codes = []
    if len(part) < least:
        codes.append("no_quorum")
    if residents * 100 < len(part) * share:
        codes.append("no_resident_majority")
    return Room(len(everybody), len(part), residents, least, share, tuple(codes))


def why_not(code: str, room: Room) -> str:
    """What a room lacks."""
    if code == "no_quorum":
        return ngettext(
            "%(counted)s member could take part; %(least)s are needed.",
            "%(counted)s members could take part; %(least)s are needed.",
            room.counted,
        ) % {"counted": room.counted, "least": room.quorum}
    return _(
        "%(residents)s of the %(counted)s who could take part live in the area; at least "
        "%(share)s%% must."
    ) % {"residents": room.residents, "counted": room.counted, "share": room.majority}


def notice_by(meets_on: date, days: Rule, added: Iterable[AddedHoliday] = ()) -> Deadline:
    """The last day to call a meeting in time: `days` clear working days lie between."""
    return clear_working_days_before(meets_on, int(days.value), added=list(added))


def refuse_bad_day(meets_on: date, today: date) -> None:
    """A meeting is called for a day to come, and within a year."""
    if meets_on < today:
        raise Refused(
            _("That day has gone by. Give the day on which you will meet."), code="meeting_past"
        )
    if (meets_on - today).days > 366:
        raise Refused(_("Call a meeting at most a year ahead."), code="meeting_far")


def refuse_late_notice(deadline: Deadline, today: date, reason: str) -> None:
    """Less notice than the rule asks for needs a reason that everybody can read."""
    if today > deadline.due and not reason:
        raise Refused(
            _(
                "For that day the notice was due on %(day)s. Choose a later day, or write why it "
                "cannot wait: everybody can read it."
            )
            % {"day": said_day(deadline.due)},
            code="short_notice",
        )


def refuse_who_must_stay_out(name: str, said: str, must: Collection[str]) -> None:
    """A member whose interest is known cannot be marked as taking part."""
    if said == HERE and must:
        raise Refused(
            _("%(name)s has declared an interest in this and stays out of it.") % {"name": name},
            code="stays_out",
        )


def refuse_chair(chair: There | None) -> None:
    """Somebody who takes part holds the chair; whoever could be paid hands it over."""
    if chair is None:
        raise Refused(
            _("Whoever holds the chair for this item must be in the room. Choose somebody else."),
            code="chair_away",
        )
    if chair.stays_out:
        raise Refused(
            _(
                "Whoever holds the chair has an interest in this item and stays out of it. Choose "
                "somebody else to hold the chair until it is decided."
            ),
            code="chair_stays_out",
        )


@dataclass(frozen=True)
class Votes:
    in_favour: int = 0
    against: int = 0
    abstained: int = 0

    @property
    def all(self) -> int:
        return self.in_favour + self.against + self.abstained


def outcome_of(room: Room, method: str, votes: Votes) -> tuple[str, Votes]:
    """What the votes come to in a room that can decide: ("carried" or "lost", the votes).

    More in favour than against carries; a tie does not, and nobody has a second vote. By consent
    all are in favour. Refused where the votes are not those of the people who took part.
    """
    if method == "consent":
        return "carried", Votes(in_favour=room.counted)
    if votes.all != room.counted:
        raise Refused(
            _(
                "%(votes)s votes and abstentions were entered, and %(counted)s members took part. "
                "Count again, or correct who was in the room."
            )
            % {"votes": votes.all, "counted": room.counted},
            code="votes_do_not_add_up",
        )
    return ("carried" if votes.in_favour > votes.against else "lost"), votes


def strongest(kinds: Iterable[str]) -> str:
    """The gravest of several interests; "" for none."""
    held = set(kinds)
    return next((kind for kind in KINDS if kind in held), "")


def through_household(
    held: Mapping[int, Collection[str]], households: Iterable[tuple[int, int]]
) -> dict[int, set[str]]:
    """{account: kinds} with what follows from living together: a direct interest of one is an
    indirect one of the other, and goes no further."""
    found = {account: set(kinds) for account, kinds in held.items()}
    for one, other in households:
        for mine, theirs in ((one, other), (other, one)):
            if "direct" in held.get(mine, ()):
                found.setdefault(theirs, set()).add("indirect")
    return found


_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"(?<!\d)(?:\+44|0)(?:[ -]?\d){9,10}(?!\d)")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")


def private_words(text: str, hidden_names: Iterable[str]) -> list[str]:
    """What in `text` names somebody who did not agree to it, or tells how to reach them.

    `hidden_names` are names of members who are not named in public; a name counts where it stands
    as whole words, in any case of its letters.
    """
    found = _EMAIL.findall(text) + _PHONE.findall(text) + _POSTCODE.findall(text)
    for name in hidden_names:
        if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            found.append(name)
    return list(dict.fromkeys(found))


def refuse_private_words(text: str, hidden_names: Iterable[str]) -> None:
    """Minutes in public hold roles, and names of those alone who agreed."""
    if found := private_words(text, hidden_names):
        raise Refused(
            _(
                "These words name somebody who did not agree to it, or tell how to reach them: "
                "%(found)s. Write “the treasurer” or “a member” instead."
            )
            % {"found": ", ".join(f"“{one}”" for one in found)},
            code="private_words",
        )


def plain_words(text: str, most: int) -> str:
    """Words with their spaces evened out, or Refused."""
    said = re.sub(r"[ \t]+", " ", text.replace("\r\n", "\n")).strip()
    if len(said) > most:
        raise Refused(_("Write at most %(most)s characters.") % {"most": most}, code="too_long")
    return said


# Roles that may be trusted with small sums; nobody who approves payments alone is among them.
MAY_HOLD = ("partnership_member", "finance_officer", "worker", "funder")


def refuse_bad_terms(terms: Mapping[str, Any]) -> None:
    """A delegated limit says who, how much a month, and from when until when."""
    if terms.get("holder") not in MAY_HOLD:
        raise Refused(_("Say which role may decide small sums."), code="limit_holder")
    month = terms.get("month_pence")
    if type(month) is not int or month <= 0:
        raise Refused(_("Say up to how much a month."), code="limit_month")
    try:
        since, until = (date.fromisoformat(str(terms[name])) for name in ("since", "until"))
    except (KeyError, ValueError):
        raise Refused(_("Say from which day until which day."), code="limit_days") from None
    if until <= since:
        raise Refused(_("The limit would end before it begins."), code="limit_days")
