"""How the leaves about organisations that hold a place's money are told."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.awards.models import MoveKind
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.spells import said_day
from doorstep.apps.record.sentences import Body, Words, tells


@tells("hosting.drafted", group=gettext_lazy("Who holds the money"))
def _drafted(body: Body, words: Words) -> str:
    told = {
        "fund": body["fund"],
        "body": body["organisation"],
        "place": body["place"],
        "sum": pounds(sum(pence for pence, _day in body["parts"])),
        "parts": len(body["parts"]),
    }
    if body["takes_over"] is not None:
        return (
            _(
                "%(fund)s drafted an agreement with %(body)s for %(place)s, which takes over the "
                "%(sum)s still to come: parts, %(parts)s."
            )
            % told
        )
    return (
        _("%(fund)s drafted an agreement with %(body)s for %(place)s: %(sum)s; parts, %(parts)s.")
        % told
    )


@tells("hosting.accepted")
def _accepted(body: Body, words: Words) -> str:
    return _("%(body)s accepted to hold %(sum)s for %(place)s.") % {
        "body": body["organisation"],
        "sum": pounds(body["pence"]),
        "place": body["place"],
    }


@tells("hosting.withdrawn")
def _withdrawn(body: Body, words: Words) -> str:
    return _(
        "%(fund)s withdrew the agreement with %(body)s for %(place)s, which was not accepted yet. "
        "%(why)s"
    ) % {
        "fund": body["fund"],
        "body": body["organisation"],
        "place": body["place"],
        "why": words(body["reason"]),
    }


@tells("hosting.bridging_asked")
def _bridging(body: Body, words: Words) -> str:
    return _("%(body)s asked for a bridging part of %(sum)s on %(day)s. %(why)s") % {
        "body": body["organisation"],
        "sum": pounds(body["pence"]),
        "day": said_day(date.fromisoformat(body["due_on"])),
        "why": words(body["why"]),
    }


@tells("hosting.reported")
def _reported(body: Body, words: Words) -> str:
    return _(
        "%(body)s reported on the money of %(place)s: %(spent)s spent since the report before, "
        "%(held)s held by the ledger, %(bank)s at the bank. %(words)s"
    ) % {
        "body": body["organisation"],
        "place": body["place"],
        "spent": pounds(body["spent"]),
        "held": pounds(body["held"]),
        "bank": pounds(body["at_bank"]),
        "words": words(body["words"]),
    }


_SAID = {
    MoveKind.RELEASED: gettext_lazy("%(body)s asked the fund for %(sum)s for %(place)s."),
    MoveKind.RETURNED: gettext_lazy("%(body)s sent %(sum)s of %(place)s back to the fund."),
    MoveKind.PASSED_ON: gettext_lazy("%(body)s passed on %(sum)s of %(place)s."),
}
_CONFIRMED = {
    MoveKind.RELEASED: gettext_lazy(
        "%(body)s was paid %(sum)s for %(place)s, and a fee of %(fee)s on top."
    ),
    MoveKind.RETURNED: gettext_lazy(
        "The fund has %(sum)s of %(place)s back from %(body)s, and a fee of %(fee)s."
    ),
    MoveKind.PASSED_ON: gettext_lazy(
        "The next organisation has the %(sum)s of %(place)s that %(body)s passed on."
    ),
}


def _told(body: Body) -> dict[str, str]:
    return {
        "body": body["organisation"],
        "place": body["place"],
        "sum": pounds(body["pence"]),
        "fee": pounds(body["fee"]),
    }


@tells("hosting.move_said")
def _said(body: Body, words: Words) -> str:
    return str(_SAID[MoveKind(body["move"])]) % _told(body)


@tells("hosting.move_confirmed")
def _confirmed(body: Body, words: Words) -> str:
    return str(_CONFIRMED[MoveKind(body["move"])]) % _told(body)


@tells("hosting.move_declined")
def _declined(body: Body, words: Words) -> str:
    return _("A move of %(sum)s with %(body)s for %(place)s was not agreed. %(reason)s") % {
        **_told(body),
        "reason": words(body["reason"]),
    }


@tells("hosting.closing_begun")
def _closing(body: Body, words: Words) -> str:
    return _("The funding of %(place)s began to close, with %(left)s left.") % {
        "place": body["place"],
        "left": pounds(body["left"]),
    }


@tells("hosting.closed")
def _closed(body: Body, words: Words) -> str:
    return _(
        "The funding of %(place)s closed with %(left)s left. Its records are kept until %(until)s."
    ) % {
        "place": body["place"],
        "left": pounds(body["left"]),
        "until": said_day(date.fromisoformat(body["records_until"])),
    }
