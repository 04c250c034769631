"""Proportion in words: what each thing asked is called, and big and small side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.engine.proportion import EXTRA, Assessment, Extra, Project, Schedule, assess, schedule


def asked_words() -> dict[str, str]:
    """{requirement: what is asked}, in the reader's language."""
    return {
        "who_what_when": _("Who you are, what you want to do, and when"),
        "treasurer_or_host": _("A named treasurer and a witness, or an organisation that pays"),
        "photo_or_three_lines": _("Afterwards: a photo, or three lines"),
        "two_unrelated_people": _("Two people who are not related and do not live together"),
        "account_in_groups_name": _("A bank account in the group’s name, or a host’s"),
        "simple_budget": _("What you will spend it on, in a few lines"),
        "half_page_report": _("Afterwards: half a page"),
        "governing_document": _("Your governing document"),
        "dual_authorisation": _("Two people for every payment"),
        "accounts_or_bank_letter": _("Your latest accounts, or a letter from the bank"),
        "one_page_report": _("Afterwards: one page"),
        "spend_list": _("Afterwards: a list of what was spent"),
        "two_year_budget": _("A budget for two years"),
        "reserves_note": _("A note on your reserves"),
        "insurance": _("Your insurance"),
        "references": _("Two people who know your work"),
        "conflict_register": _("A list of who is tied to whom"),
        "six_monthly_report": _("Afterwards: a report every six months"),
        "sample_receipts": _("Afterwards: some receipts, drawn by lot"),
        "business_case": _("A business case"),
        "subsidy_check": _("The check for unlawful subsidy"),
        "independent_scrutiny": _("Independent scrutiny, as the law asks"),
        "quarterly_report": _("Afterwards: a report every three months"),
        "assurance_visit": _("Afterwards: a visit"),
        "safeguarding_lead": _("A named person for safeguarding"),
        "safeguarding_policy": _("A short safeguarding policy"),
        "check_of_who_may_be_checked": _("Working out whether a DBS check is allowed"),
        "barred_list_check": _("A check against the barred list"),
        "two_counters": _("Two people who count the cash"),
        "receipt_book": _("A receipt book"),
        "pay_through_host": _("Payment through an organisation with two signatories"),
        "declare_and_stay_out": _("Say who is related, who then stays out of it"),
        "two_quotes": _("Two prices"),
        "consents": _("The permissions for the building works"),
        "contractor_insurance": _("The builder’s insurance"),
        "event_plan": _("A plan for the event or the road"),
        "food_hygiene": _("Food hygiene registration"),
        "vehicle_papers": _("Licence and insurance of the vehicle"),
        "data_care": _("How you look after people’s private facts"),
        "host_or_stages": _("Money through a host, or in two halves"),
        "talk_first": _("A talk about the last grant first"),
        "audited_accounts_two_years": _("Two years’ audited accounts"),
    }


def risk_words() -> dict[str, str]:
    """{risk: the fact that makes it}, as a question a tired person can answer with a tick."""
    return {
        "people_at_risk": _("Children, or adults who need care, take part"),
        "regulated_roles": _("Somebody cares for them, or shops and drives for them"),
        "cash": _("More than £250 is handled in cash"),
        "single_signatory": _("One person alone signs for your bank account"),
        "related_payees": _("Somebody related to you would be paid"),
        "building_works": _("There are building works"),
        "large_event_or_road": _("There is an event of 500 people, or a road is closed"),
        "regular_food": _("Food is served regularly"),
        "vehicles": _("Vehicles are driven"),
        "private_facts": _("You write down private facts about people who need help"),
        "new_group": _("Your group is less than a year old"),
        "late_account": _("Your report on the last grant is late"),
    }


def tier_words() -> dict[str, str]:
    return {
        "spark": _("Spark"),
        "seed": _("Seed"),
        "grow": _("Grow"),
        "build": _("Build"),
        "major": _("Major"),
    }


def long(minutes: int) -> str:
    """How long it takes, as people say it: "1 hour 15 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    if rest or not hours:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest})
    return " ".join(parts)


@dataclass(frozen=True)
class Line:
    """One thing asked as a page shows it; `because` is the risk that adds it, or nothing."""

    what: str
    minutes: str
    because: str


@dataclass(frozen=True)
class Fit:
    """An assessment as a page shows it."""

    found: Assessment
    tier: str
    lines: list[Line]
    minutes: str
    budget: str
    share: str

    @property
    def lightened(self) -> str:
        """The size whose reports are enough, because of earlier grants; empty for none."""
        lighter = self.found.lightened_to
        return tier_words().get(lighter.key, lighter.key) if lighter else ""

    @property
    def because_of(self) -> list[tuple[str, str]]:
        """(risk, its minutes) of every risk that adds something."""
        words = risk_words()
        keys = [one for one in words if self.found.minutes_of(one)]
        return [(words[key], long(self.found.minutes_of(key))) for key in keys]


def fit(
    pence: int,
    risks: Mapping[str, int],
    on: date,
    *,
    long_lease: bool = False,
    extras: Sequence[tuple[str, int]] = (),
) -> Fit:
    """What is asked of a project of this sum with these risks, on a day."""
    return shown(assessed(Project(pence, risks, long_lease), extras, schedule(on)))


def assessed(project: Project, extras: Sequence[tuple[str, int]], table: Schedule) -> Assessment:
    """What is asked of a project: the table's list, and those extras that are not on it anyway."""
    there = {one.key for one in assess(project, table).asked}
    more = [Extra(what, minutes) for what, minutes in extras if what not in there]
    return assess(project, table, more)


def side_by_side(on: date) -> list[tuple[Fit, int | None, int]]:
    """Each tier at its largest sum (the last one at twice the one before): its fit, its limit in
    pence, and the working days in which it is decided."""
    table: Schedule = schedule(on)
    found = []
    for tier, before in zip(table.tiers, (None, *table.tiers), strict=False):
        pence = tier.most or 2 * (before.most if before and before.most else 1)
        found.append((shown(assess(Project(pence), table)), tier.most, tier.decide_within))
    return found


def shown(found: Assessment) -> Fit:
    """An assessment as a page shows it."""
    words, risks = asked_words(), risk_words()
    permille = found.assurance_permille
    return Fit(
        found,
        tier_words().get(found.tier.key, found.tier.key),
        [
            Line(
                words.get(one.key, one.key),
                long(one.minutes),
                _("Asked by this form besides")
                if one.because == EXTRA
                else risks.get(one.because, ""),
            )
            for one in found.asked
        ],
        long(found.minutes),
        long(found.budget),
        f"{permille // 10}.{permille % 10}%",
    )
