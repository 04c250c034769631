"""The rules page: every threshold that Doorstep applies, with where it comes from."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.people.guards import public
from doorstep.engine.rulebook import Rule, State, all_rules
from doorstep.site.words import money

TOPICS = {
    "partnership": gettext_lazy("Partnerships"),
    "fund": gettext_lazy("Money in"),
    "cwf": gettext_lazy("What a place may be given"),
    "payment": gettext_lazy("Payments"),
    "grant": gettext_lazy("Quick grants"),
    "award": gettext_lazy("What is asked of whoever gets money"),
    "round": gettext_lazy("How residents decide"),
    "idea": gettext_lazy("Ideas"),
    "complaint": gettext_lazy("Complaints"),
    "enquiry": gettext_lazy("Questions"),
}


# What a value that names a way of counting means to a resident; the code itself is in the file.
VALUES = {
    "equal-shares": gettext_lazy("every voter has an equal share of the pot"),
    "add1u": gettext_lazy("shares grow while they can; then the most supported idea that fits"),
    "cost,votes,lot": gettext_lazy("lowest cost, most supporters, then a lot drawn before"),
    "cost": gettext_lazy("as much as it costs"),
}


@dataclass(frozen=True)
class Shown:
    """One rule as the page says it."""

    rule: Rule
    name: str
    value: str
    stale: bool


@public
def page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    named = names()
    shown = [
        Shown(rule, named.get(rule.key, rule.key), said(rule), rule.is_stale(today))
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
    if rule.unit == "percent":
        return f"{rule.value}%"
    units = {
        "people": _("people"),
        "years": _("years"),
        "working days": _("working days"),
        "days": _("days"),
        "pounds for each voter": _("pounds for each voter"),
        "minutes": _("minutes"),
        "hours": _("hours"),
        "tries": _("times"),
        "codes a day": _("a day"),
        "codes an hour": _("an hour"),
    }
    if rule.value == 1 and rule.unit == "pounds for each voter":
        return _("1 pound for each voter")
    return f"{rule.value:,} {units.get(rule.unit, rule.unit)}"


def names() -> dict[str, str]:
    """What each rule is about, in a resident's words."""
    return {
        "complaint.acknowledge_within": _("A complaint is acknowledged within"),
        "complaint.review_within": _("A complaint is reviewed within"),
        "cwf.place_award_maximum": _("The most one neighbourhood is given"),
        "cwf.place_award_minimum": _("The least one neighbourhood is given"),
        "cwf.population_maximum": _("The largest neighbourhood that can be chosen"),
        "cwf.population_minimum": _("The smallest neighbourhood that can be chosen"),
        "cwf.term": _("How long the money is for"),
        "enquiry.acknowledge_within": _("A question is acknowledged within"),
        "enquiry.answer_within": _("A question is answered within"),
        "enquiry.extend_by": _("An answer may be put off once, by"),
        "fund.match_ratio": _("Match for each pound released"),
        "fund.reclaim_reserve.bank": _("Kept for owners: bank and building society accounts"),
        "fund.reclaim_reserve.insurance": _("Kept for owners: insurance and pensions"),
        "fund.reclaim_reserve.investment": _("Kept for owners: investment funds"),
        "fund.reclaim_reserve.securities": _("Kept for owners: shares"),
        "idea.code_holds": _("A code that was e-mailed holds for"),
        "idea.code_tries": _("A code may be mistyped"),
        "idea.codes_to_a_connection": _("The most codes asked for over one connection"),
        "idea.codes_to_an_address": _("The most codes sent to one address"),
        "idea.unconfirmed_kept": _("An idea waits for its code for"),
        "partnership.host_fee": _("Fee of the organisation that holds the money"),
        "partnership.minimum_members": _("Fewest members of a partnership"),
        "partnership.resident_majority": _("Members who live in the area, at least"),
        "award.signed_agreement_from": _("Both sides sign an agreement from"),
        "award.stages_from": _("Money is paid in parts from"),
        "award.two_prices_from": _("Two prices are asked for from"),
        "grant.quick_maximum": _("The most of a quick grant"),
        "grant.quick_minimum": _("The least of a quick grant"),
        "grant.quick_month_maximum": _("The most of one limit’s quick grants in a month"),
        "payment.new_payee_hold": _("New bank details wait"),
        "payment.same_sum_within": _("The same sum to the same payee is pointed out within"),
        "payment.second_approver_from": _("A second approver signs from"),
        "round.completion": _("How what is left over is used"),
        "round.count_rule": _("How votes are counted"),
        "round.increment": _("By how much shares grow at a time"),
        "round.integral_start": _("Shares start at a whole pound"),
        "round.minimum_age": _("Youngest age to vote"),
        "round.stop_when_exhaustive": _("Shares stop growing once nothing more fits"),
        "round.ties": _("How a tie is settled"),
        "round.utility": _("What a supporter gains from an idea"),
    }
