"""Pure questions about roles: yes or no, with the reason in a resident's words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from doorstep.apps.people.spells import Dated, holds, said_day

# Whoever can move money, decide that it moves, or print the codes that decide, signs in with a
# second factor (OWASP ASVS 5.0, 6.3.3: more than one factor for accounts of high value).
MONEY_ROLES = frozenset({"funder", "partnership_member", "finance_officer", "worker"})
_BASE32 = re.compile(r"[A-Z2-7]+=*")


class Held(Dated, Protocol):
    """A role as this room's questions see it; `place_id` None means everywhere."""

    kind: str
    place_id: int | None


@dataclass(frozen=True)
class Answer:
    """Yes or no, and why. `acts_as` is the role in which it is done, empty for a no."""

    yes: bool
    reason: str
    acts_as: str = ""

    def __bool__(self) -> bool:
        return self.yes

    @property
    def needs_second_factor(self) -> bool:
        """True when it is done in a role that moves money, whatever else the person is: the act
        has the weight of the role that signs it."""
        return self.acts_as in MONEY_ROLES


def role_name(kind: str) -> str:
    """A role as people say it."""
    names = {
        "funder": _("funder"),
        "partnership_member": _("partnership member"),
        "resident": _("resident"),
        "finance_officer": _("finance officer"),
        "council_officer": _("council officer"),
        "worker": _("community worker"),
    }
    return names[kind]


def one_of(kinds: Sequence[str]) -> str:
    """ "funder, resident or finance officer" """
    names = [role_name(kind) for kind in kinds]
    if len(names) == 1:
        return names[0]
    return _("%(some)s or %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def may(
    roles: Iterable[Held],
    kinds: Sequence[str],
    on: date,
    *,
    place_id: int | None = None,
    place_name: str = "",
) -> Answer:
    """Whether somebody with these roles may do what only `kinds` may, at a place on a day.

    Without a place the role may be held anywhere. With one, it must be held there or everywhere.
    Whoever holds several acts in the one that `kinds` names first.
    """
    wanted = [role for role in roles if role.kind in kinds]
    here = [
        role
        for role in wanted
        if place_id is None or role.place_id is None or role.place_id == place_id
    ]
    now = [role for role in here if holds(role, on)]
    where = _(" at %(place)s") % {"place": place_name} if place_name else ""
    if now:
        held = {role.kind for role in now}
        allowing = [kind for kind in kinds if kind in held]
        reason = _("You are a %(role)s%(where)s.") % {"role": one_of(allowing), "where": where}
        return Answer(True, reason, allowing[0])
    needed = _("Only a %(roles)s%(where)s may do this.") % {
        "roles": one_of(kinds),
        "where": where,
    }
    return Answer(False, f"{needed} {_why_not(wanted, here, on)}")


def _why_not(wanted: Sequence[Held], here: Sequence[Held], on: date) -> str:
    coming = [role.since for role in here if on < role.since]
    ended = [role.until for role in here if role.until is not None and role.until <= on]
    if coming:
        return _("Your role begins on %(day)s. Come back on that day.") % {
            "day": said_day(min(coming))
        }
    if ended:
        return _(
            "Your role ended on %(day)s. If that is a mistake, ask the partnership to give it "
            "to you again."
        ) % {"day": said_day(max(ended))}
    if any(holds(role, on) for role in wanted):
        return _("You have that role in another place. Open the page of your own place.")
    return _("You do not have that role. If you should, ask the partnership to give it to you.")


def why_bad_secret(secret: str) -> str | None:
    """Why a text cannot be the shared secret of an authenticator app, or None when it can."""
    if not _BASE32.fullmatch(secret) or len(secret.rstrip("=")) < 26:
        # RFC 4226, section 4, R6: the shared secret is at least 128 bits.
        return _("The secret must be base32 and at least 26 characters (128 bits) long.")
    return None
