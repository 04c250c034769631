"""How the leaves of meetings are told: numbers and seats, nobody's name."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.partnerships.models import Interest, Membership, Outcome
from doorstep.apps.people.spells import said_day
from doorstep.apps.record.sentences import Body, Words, tells


@tells("meeting.called", group=gettext_lazy("Meetings"))
def _called(body: Body, words: Words) -> str:
    said = {
        "place": body["place"],
        "number": body["meeting"],
        "day": said_day(datetime.fromisoformat(body["meets_at"]).date()),
        "where": words(body["where"]),
        "items": len(body["items"]),
    }
    told = _(
        "Meeting %(number)s of %(place)s was called for %(day)s, at %(where)s. Items on its "
        "agenda: %(items)s."
    )
    if body["short_notice"]:
        why = _("At short notice: %(why)s") % {"why": words(body["short_notice"])}
        return f"{told % said} {why}"
    return told % said


@tells("meeting.item_added")
def _item_added(body: Body, words: Words) -> str:
    return _("“%(title)s” was put on the agenda of meeting %(meeting)s of %(place)s.") % {
        **body,
        "title": words(body["title"]),
    }


@tells("meeting.paper_added")
def _paper_added(body: Body, words: Words) -> str:
    return _(
        "A paper, “%(title)s”, was added to item %(item)s of meeting %(meeting)s of %(place)s."
    ) % {**body, "title": words(body["title"])}


@tells("meeting.interest_declared")
def _interest_declared(body: Body, words: Words) -> str:
    said = {**body, "kind": Interest.Kind(body["interest_kind"]).label}
    if body["item"]:
        return (
            _(
                "The holder of seat %(membership)s declared an interest in item %(item)s of "
                "meeting %(meeting)s of %(place)s: %(kind)s."
            )
            % said
        )
    return (
        _(
            "The holder of seat %(membership)s declared an interest in all of meeting %(meeting)s "
            "of %(place)s: %(kind)s."
        )
        % said
    )


@tells("meeting.item_decided")
def _item_decided(body: Body, words: Words) -> str:
    said = {
        **body,
        "title": words(body["title"]),
        "outcome": Outcome(body["outcome"]).label,
        "day": said_day(date.fromisoformat(body["decided_on"])),
        "out": sum(body["stayed_out"].values()),
    }
    told = _("Meeting %(meeting)s of %(place)s, %(day)s, “%(title)s”: %(outcome)s.") % said
    if body["outcome"] in ("carried", "lost"):
        votes = _(
            "In favour %(in_favour)s, against %(against)s, abstained %(abstained)s; %(counted)s "
            "took part, %(residents)s of them residents, and %(out)s stayed out. In the chair: "
            "%(chair)s."
        ) % {**said, "chair": Membership.Seat(body["chair"]).label}
        return f"{told} {votes}"
    if body["why"]:
        return (
            f"{told} "
            + _(
                "%(counted)s could take part, %(residents)s of them residents; %(quorum)s and "
                "%(majority)s%% were needed."
            )
            % said
        )
    return told


@tells("meeting.held")
def _held(body: Body, words: Words) -> str:
    return (
        _(
            "Meeting %(meeting)s of %(place)s ended. Settled: %(settled)s, not decided: "
            "%(not_decided)s, not reached: %(not_reached)s."
        )
        % body
    )


@tells("meeting.adjourned")
def _adjourned(body: Body, words: Words) -> str:
    return _("Meeting %(meeting)s of %(place)s was broken off: %(reason)s") % {
        **body,
        "reason": words(body["reason"]),
    }


@tells("meeting.cancelled")
def _cancelled(body: Body, words: Words) -> str:
    return _("Meeting %(meeting)s of %(place)s was called off: %(reason)s") % {
        **body,
        "reason": words(body["reason"]),
    }


@tells("meeting.minutes_drafted")
def _minutes_drafted(body: Body, words: Words) -> str:
    return _("Minutes of meeting %(meeting)s of %(place)s were drafted.") % body


@tells("meeting.minutes_published")
def _minutes_published(body: Body, words: Words) -> str:
    return _("The agreed minutes of meeting %(meeting)s of %(place)s were published.") % body
