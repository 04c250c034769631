"""The rules page: every threshold that Doorstep applies, with where it comes from."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.people.guards import public
from doorstep.apps.rule_names import ask_the_officer, names
from doorstep.engine.rulebook import Rule, State, all_rules
from doorstep.site.words import money

TOPICS = {
    "partnership": gettext_lazy("Partnerships"),
    "plan": gettext_lazy("Plans"),
    "starting": gettext_lazy("Getting started"),
    "fund": gettext_lazy("Money in"),
    "cwf": gettext_lazy("What a place may be given"),
    "payment": gettext_lazy("Payments"),
    "passport": gettext_lazy("A group’s passport"),
    "grant": gettext_lazy("Quick grants"),
    "award": gettext_lazy("What is asked of whoever gets money"),
    "round": gettext_lazy("How residents decide"),
    "idea": gettext_lazy("Ideas"),
    "voting": gettext_lazy("Codes and ballots"),
    "turnout": gettext_lazy("Small numbers"),
    "bank": gettext_lazy("The bank"),
    "receipt": gettext_lazy("Receipts"),
    "report": gettext_lazy("What is told afterwards"),
    "assurance": gettext_lazy("Vouchers that are looked at"),
    "hosting": gettext_lazy("Who holds the money"),
    "meeting": gettext_lazy("Meetings"),
    "message": gettext_lazy("Messages"),
    "account": gettext_lazy("Signing in"),
    "limit": gettext_lazy("How often something may be sent"),
    "complaint": gettext_lazy("Complaints"),
    "enquiry": gettext_lazy("Questions"),
    "foi": gettext_lazy("The right to ask"),
    "asset": gettext_lazy("Community assets"),
    "venue": gettext_lazy("Places where people meet"),
}


# What a value that names a way of counting means to a resident; the code itself is in the file.
VALUES = {
    "equal-shares": gettext_lazy("every voter has an equal share of the pot"),
    "add1u": gettext_lazy("shares grow while they can; then the most supported idea that fits"),
    "cost,votes,lot": gettext_lazy("lowest cost, most supporters, then a lot drawn before"),
    "cost": gettext_lazy("as much as it costs"),
    "new-agreement": gettext_lazy("a new agreement on work with children or adults at risk"),
}


@dataclass(frozen=True)
class Shown:
    """One rule as the page says it."""

    rule: Rule
    name: str
    value: str
    stale: bool
    ask: str


@public
def page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    named = names()
    shown = [
        Shown(
            rule,
            named.get(rule.key, rule.key),
            said(rule),
            rule.is_stale(today),
            "" if rule.decides(today) or not rule.holds(today) else ask_the_officer(rule, today),
        )
        for rule in all_rules()
    ]
    in_force = [one for one in shown if one.rule.state(today) is State.IN_FORCE]
    return render(
        request,
        "pages/rules.html",
        {
            "today": today,
            "topics": [
                (topic, str(title), group)
                for topic, title in TOPICS.items()
                if (group := [one for one in in_force if one.rule.key.split(".")[0] == topic])
            ],
            "coming": [one for one in shown if one.rule.state(today) is State.COMING],
            "ended": [one for one in shown if one.rule.state(today) is State.ENDED],
        },
    )


def said(rule: Rule) -> str:
    """The value with its unit, as people read it: "£5,000", "51%", "8 people", "yes"."""
    if isinstance(rule.value, bool):
        return _("yes") if rule.value else _("no")
    if isinstance(rule.value, str):
        return str(VALUES.get(rule.value, rule.value))
    if rule.unit == "pence":
        return money(rule.value)
    if rule.unit == "per mille":
        return f"{int(rule.value) / 10:g}%"
    if rule.unit == "percent":
        return f"{rule.value}%"
    units = {
        "people": _("people"),
        "years": _("years"),
        "months": _("months"),
        "working days": _("working days"),
        "days": _("days"),
        "pounds for each voter": _("pounds for each voter"),
        "minutes": _("minutes"),
        "hours": _("hours"),
        "runs in a minute": _("in a minute"),
        "tries": _("times"),
        "codes a day": _("a day"),
        "codes an hour": _("an hour"),
        "days after the bank paid": _("days after the bank paid"),
        "days after the box was opened, or the round called off": _(
            "days after the box was opened, or the round called off"
        ),
        "days after the year ends": _("days after the year ends"),
        "o'clock": _("o’clock"),
        "payments": _("payments"),
        "receipts for one payment": _("receipts"),
        "times for one award": _("times"),
        "of 256 points of light and dark that may differ": _(
            "of 256 points of light and dark that differ"
        ),
        "voters": _("voters"),
        "codes in one print run": _("codes in one run"),
        "wrong tries at one code": _("wrong tries"),
        "wrong codes from one network address in 15 minutes": _("in 15 minutes"),
        "forms with a file from one account or connection in 15 minutes": _("in 15 minutes"),
        "times that one address is typed to sign in, in 15 minutes": _("in 15 minutes"),
        "steps of signing in from one connection in 15 minutes": _("in 15 minutes"),
        "forms of one kind from one connection in 15 minutes": _("in 15 minutes"),
        "codes typed in one browser, or for one account, in 15 minutes": _("in 15 minutes"),
        "questions from one connection in 15 minutes": _("in 15 minutes"),
        "wrong codes in one minute, everywhere": _("in a minute"),
        "different codes in one batch of envelopes": _("different codes"),
        "versions of one ballot": _("times"),
        "minutes without a tap": _("minutes without a tap"),
    }
    if rule.value == 1 and rule.unit == "pounds for each voter":
        return _("1 pound for each voter")
    return f"{rule.value:,} {units.get(rule.unit, rule.unit)}"
