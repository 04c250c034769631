"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.partnerships.models import Interest, Membership
from doorstep.apps.people.spells import with_days
from doorstep.apps.record.sentences import Body, Words, tells


@tells("partnership.formed", group=gettext_lazy("Partnerships"))
def _formed(body: Body, words: Words) -> str:
    return _("%(name)s was formed to decide for %(place)s.") % {
        "name": words(body["name"]),
        "place": body["place"],
    }


@tells("partnership.member_joined")
def _member_joined(body: Body, words: Words) -> str:
    said = {**with_days(body), "seat": Membership.Seat(body["seat"]).label}
    if body["lives_here"]:
        return _("Someone who lives in %(place)s took a seat as %(seat)s from %(since)s.") % said
    return _("Someone from outside %(place)s took a seat as %(seat)s from %(since)s.") % said


@tells("partnership.member_left")
def _member_left(body: Body, words: Words) -> str:
    return _("Seat %(membership)s in %(place)s was given up on %(until)s.") % with_days(body)


@tells("partnership.interest_declared")
def _interest_declared(body: Body, words: Words) -> str:
    return _(
        "The holder of seat %(membership)s declared an interest in %(organisation)s: %(kind)s."
    ) % {
        **with_days(body),
        "kind": Interest.Kind(body["interest_kind"]).label,
    }


@tells("partnership.interest_ended")
def _interest_ended(body: Body, words: Words) -> str:
    return _("Declared interest %(interest)s ended on %(until)s.") % with_days(body)


@tells("partnership.host_agreed")
def _host_agreed(body: Body, words: Words) -> str:
    return _(
        "%(organisation)s was chosen to hold the money of %(place)s from %(since)s."
    ) % with_days(body)


@tells("partnership.host_ended")
def _host_ended(body: Body, words: Words) -> str:
    return _("Host agreement %(agreement)s of %(place)s ended on %(until)s.") % with_days(body)


@tells("partnership.member_named")
def _member_named(body: Body, words: Words) -> str:
    return _("The holder of seat %(membership)s said what to be called.") % body


@tells("partnership.household_shared")
def _household_shared(body: Body, words: Words) -> str:
    return _("Two members said that they live together or are close family, from %(since)s.") % (
        with_days(body)
    )


@tells("partnership.household_ended")
def _household_ended(body: Body, words: Words) -> str:
    return _("Two members live apart from %(until)s.") % with_days(body)
