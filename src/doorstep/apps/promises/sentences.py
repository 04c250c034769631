"""How the leaves of this room are told: the body that owes, never a person."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.people.spells import said_day
from doorstep.apps.promises import rules
from doorstep.apps.promises.kinds import heading_of
from doorstep.apps.record.sentences import Body, Words, tells


def _who(body: Body) -> str:
    if body["organisation"]:
        return str(body["organisation"])
    return _("The %(role)s of %(place)s") % {
        "role": rules.owing(body["role"]),
        "place": body["place"],
    }


def _day(body: Body, name: str) -> str:
    return said_day(date.fromisoformat(body[name]))


@tells("promise.made", group=gettext_lazy("Promises"))
def _made(body: Body, words: Words) -> str:
    """With its number, by which every later line speaks of it."""
    return _("%(who)s promised by %(day)s: %(what)s (promise %(promise)s)") % {
        **body,
        "who": _who(body),
        "day": _day(body, "due"),
        "what": words(body["words"]) if body["words"] else heading_of(body["promised"]),
    }


@tells("promise.taken")
def _taken(body: Body, words: Words) -> str:
    return _("%(who)s: somebody took promise %(promise)s on.") % {**body, "who": _who(body)}


@tells("promise.left")
def _left(body: Body, words: Words) -> str:
    return _("%(who)s: promise %(promise)s is held by nobody again.") % {
        **body,
        "who": _who(body),
    }


@tells("promise.extended")
def _extended(body: Body, words: Words) -> str:
    return _("%(who)s put promise %(promise)s off to %(day)s. Reason: %(reason)s") % {
        **body,
        "who": _who(body),
        "day": _day(body, "due"),
        "reason": words(body["reason"]),
    }


@tells("promise.met")
def _met(body: Body, words: Words) -> str:
    return _("%(who)s kept promise %(promise)s.") % {**body, "who": _who(body)}


@tells("promise.not_done")
def _not_done(body: Body, words: Words) -> str:
    return _("%(who)s did not do promise %(promise)s. Reason: %(reason)s") % {
        **body,
        "who": _who(body),
        "reason": words(body["reason"]),
    }


@tells("promise.withdrawn")
def _withdrawn(body: Body, words: Words) -> str:
    return _("Promise %(promise)s is not needed any more.") % body


@tells("promise.holiday_added")
def _holiday_added(body: Body, words: Words) -> str:
    return _("%(day)s was added as a bank holiday, “%(name)s”. Promises moved: %(moved)s.") % {
        **body,
        "day": _day(body, "day"),
    }


@tells("promise.holiday_taken_out")
def _holiday_taken_out(body: Body, words: Words) -> str:
    return _("%(day)s is no bank holiday after all. Promises moved: %(moved)s.") % {
        **body,
        "day": _day(body, "day"),
    }
