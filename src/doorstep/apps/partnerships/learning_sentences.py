"""How the leaves of what members learned are told."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.partnerships.models import DoneBefore, Duty, SupportKind
from doorstep.apps.partnerships.models.learning import hours_of
from doorstep.apps.people.spells import said_day
from doorstep.apps.record.sentences import Body, Words, tells


@tells("learning.training", group=gettext_lazy("What members learned"))
def _training(body: Body, words: Words) -> str:
    return _(
        "Entry %(entry)s of %(place)s: training on %(day)s (hours: %(hours)s, members who took "
        "part: %(members)s): %(words)s"
    ) % {**_said(body), "words": words(body["words"])}


@tells("learning.support")
def _support(body: Body, words: Words) -> str:
    return _("Entry %(entry)s of %(place)s: support by %(who)s on %(day)s (hours: %(hours)s).") % {
        **_said(body),
        "who": SupportKind(body["what"]).label,
    }


@tells("learning.duty_taken_over")
def _taken_over(body: Body, words: Words) -> str:
    duty = words(body["words"]) if body["words"] else str(Duty(body["what"]).label)
    return _(
        "Entry %(entry)s of %(place)s: since %(day)s members do this themselves: %(duty)s. Before: "
        "%(before)s."
    ) % {**_said(body), "duty": duty, "before": DoneBefore(body["before"]).label}


@tells("learning.duty_given_back")
def _given_back(body: Body, words: Words) -> str:
    return _(
        "Entry %(entry)s of %(place)s: the duty of entry %(returns)s went back on %(day)s: "
        "%(words)s"
    ) % {**_said(body), "words": words(body["words"])}


@tells("learning.withdrawn")
def _withdrawn(body: Body, words: Words) -> str:
    return _("Entry %(entry)s of %(place)s was withdrawn: %(reason)s") % {
        **body,
        "reason": words(body["reason"]),
    }


def _said(body: Body) -> dict[str, object]:
    return {
        **body,
        "day": said_day(date.fromisoformat(body["on"])),
        "hours": hours_of(body.get("minutes", 0)),
    }
