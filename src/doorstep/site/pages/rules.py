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
    "voting": gettext_lazy("Codes and ballots"),
    "turnout": gettext_lazy("Small numbers"),
    "bank": gettext_lazy("The bank"),
    "receipt": gettext_lazy("Receipts"),
    "report": gettext_lazy("What is told afterwards"),
    "message": gettext_lazy("Messages"),
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
        "days after the bank paid": _("days after the bank paid"),
        "days after the box was opened, or the round called off": _(
            "days after the box was opened, or the round called off"
        ),
        "days after the year ends": _("days after the year ends"),
        "o'clock": _("o’clock"),
        "receipts for one payment": _("receipts"),
        "times for one award": _("times"),
        "of 256 points of light and dark that may differ": _(
            "of 256 points of light and dark that differ"
        ),
        "voters": _("voters"),
        "codes in one print run": _("codes in one run"),
        "wrong tries at one code": _("wrong tries"),
        "wrong codes from one network address in 15 minutes": _("in 15 minutes"),
        "wrong codes in one minute, everywhere": _("in a minute"),
        "different codes in one batch of envelopes": _("different codes"),
        "versions of one ballot": _("times"),
        "minutes without a tap": _("minutes without a tap"),
    }
    if rule.value == 1 and rule.unit == "pounds for each voter":
        return _("1 pound for each voter")
    return f"{rule.value:,} {units.get(rule.unit, rule.unit)}"


def names() -> dict[str, str]:
    """What each rule is about, in a resident's words."""
    return {
        "award.signed_agreement_from": _("Both sides sign an agreement from"),
        "award.stages_from": _("Money is paid in parts from"),
        "award.two_prices_from": _("Two prices are asked for from"),
        "bank.match_within": _("A bank’s line and a payment are thought to belong together within"),
        "bank.public_after": _("A line of the bank that nobody explained stands out after"),
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
        "grant.quick_maximum": _("The most of a quick grant"),
        "grant.quick_minimum": _("The least of a quick grant"),
        "grant.quick_month_maximum": _("The most of one neighbourhood’s quick grants in a month"),
        "idea.code_holds": _("A code that was e-mailed holds for"),
        "idea.code_tries": _("A code may be mistyped"),
        "idea.codes_to_a_connection": _("The most codes asked for over one connection"),
        "idea.codes_to_an_address": _("The most codes sent to one address"),
        "idea.unconfirmed_kept": _("An idea waits for its code for"),
        "message.digest_hour": _("The daily message is sent at"),
        "message.erase_after": _("A message’s words are kept after sending for"),
        "message.forget_address_after": _("An address that nothing was sent to is forgotten after"),
        "message.tries": _("A message is tried at most"),
        "partnership.host_fee": _("Fee of the organisation that holds the money"),
        "partnership.minimum_members": _("Fewest members of a partnership"),
        "partnership.resident_majority": _("Members who live in the area, at least"),
        "payment.new_payee_hold": _("New bank details wait"),
        "payment.same_sum_within": _("The same sum to the same payee is pointed out within"),
        "payment.second_approver_from": _("A second approver signs from"),
        "receipt.link_days": _("A link for receipts works for"),
        "receipt.most": _("The most receipts of one payment"),
        "receipt.same_picture": _("Two receipts look the same up to"),
        "report.results_most": _("One award tells what happened at most"),
        "report.receipts_within": _("Receipts are shown within"),
        "report.result_within": _("What became of an award is told within"),
        "report.result_within_small": _("What became of a small award is told within"),
        "report.small_award": _("An award is small up to"),
        "report.year_within": _("Accounts and story of a year are shown within"),
        "round.completion": _("How what is left over is used"),
        "round.count_rule": _("How votes are counted"),
        "round.days_for_checks": _("Time to answer every idea"),
        "round.days_for_ideas": _("Time to propose ideas"),
        "round.days_for_letters": _("Time for letters to arrive"),
        "round.days_for_voting": _("Time to vote"),
        "round.increment": _("By how much shares grow at a time"),
        "round.integral_start": _("Shares start at a whole pound"),
        "round.minimum_age": _("Youngest age to vote"),
        "round.room_pot_maximum": _("The most that one room may decide on"),
        "round.stop_when_exhaustive": _("Shares stop growing once nothing more fits"),
        "round.ties": _("How a tie is settled"),
        "round.utility": _("What a supporter gains from an idea"),
        "round.whole_ballots_from": _("Equal Shares publish whole ballots from"),
        "turnout.least_shown": _("A group of voters is shown from"),
        "voting.ballot_stays_open": _("A ballot stays open on a phone for"),
        "voting.log_at_least": _("Envelopes are written into the record together, at least"),
        "voting.run_at_most": _("The most codes that are printed at a time"),
        "voting.seal_after": _("Links between codes and ballots are destroyed at the latest"),
        "voting.tries": _("A code is locked after"),
        "voting.versions_at_most": _("A ballot can be changed up to"),
        "voting.wrong_codes_an_address": _("Wrong codes from one connection, at most"),
        "voting.wrong_codes_together": _("Wrong codes from everywhere, at most"),
    }
