"""Pure questions about awards and payments: yes or no, with the reason in a resident's words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.ledger.rules import check_pence, pounds
from doorstep.apps.people.rules import Answer, role_name
from doorstep.apps.people.spells import said_day
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import Deadline, Rule, rule, working_days_after

LONGEST_INVOICE = 60
MAY_RAISE = frozenset({"partnership_member", "finance_officer", "worker"})
MAY_APPROVE = frozenset({"partnership_member", "finance_officer", "funder"})
MAY_RELEASE = frozenset({"finance_officer"})
MAY_TAKE_BACK = frozenset({"partnership_member", "finance_officer"})
# Roles at a place whose call about bank details counts for that place's money.
MAY_CALL = MAY_RAISE | MAY_APPROVE


def invoice_key(text: str) -> str:
    """An invoice's number as it is compared: "inv. 0042" and "INV-42" are one and the same.

    Refused when nothing of it is a letter or a figure, or it is too long to be a number.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    key = ""
    for part in re.findall(r"[0-9]+|[^0-9\W_]+", plain):
        if part[0] in "0123456789":
            # 2026/7 and 20/267 are two bills, so a number keeps its distance from the next.
            part = ("-" if key[-1:].isdecimal() else "") + (part.lstrip("0") or "0")
        key += part
    if not key:
        raise Refused(
            _(
                "Write the number on the invoice or receipt. If it has none, write the shop and "
                "the day, such as “Tools4U 3 May”."
            ),
            code="invoice_missing",
        )
    if len(text) > LONGEST_INVOICE or len(key) > LONGEST_INVOICE:
        raise Refused(
            _("An invoice number has at most %(most)s characters. Write the number alone.")
            % {"most": LONGEST_INVOICE},
            code="invoice_long",
        )
    return key


def hold_until(entered_on: date) -> Deadline:
    """The first day on which new bank details may be paid to, with its sum."""
    days = rule("payment.new_payee_hold", entered_on)
    return working_days_after(entered_on, int(days.value))


def approvals_needed(pence: int, on: date, place: str) -> int:
    """How many must approve besides whoever raised it: one, or two from the rule's sum on.

    `pence` is this payment with every other one of its award that was not taken back.
    """
    return 2 if pence >= second_approver_from(on, place) else 1


def second_approver_from(on: date, place: str) -> int:
    """The pence from which two others must approve. Each payment says it in the record, so that a
    stranger who has no rulebook sees by which sum its approvers were counted."""
    return int(rule("payment.second_approver_from", on, place).value)


NO_TIE = Answer(False, "")


@dataclass(frozen=True)
class Tie:
    """What is known of somebody who wants to decide on a payment."""

    is_payee: bool = False
    speaks_for_payee: bool = False
    raised_it: bool = False
    spoke_already: bool = False
    stayed_out: bool = False
    interest: Answer = NO_TIE


def may_ask(tie: Tie) -> Answer:
    """Whether somebody may ask for a payment: never the payee, never with an interest."""
    if tie.is_payee:
        return Answer(
            False,
            _("This money would go to you, so somebody else asks for it. Show them the bill."),
        )
    if tie.speaks_for_payee:
        return Answer(
            False,
            _("You speak for the organisation that would be paid, so somebody else asks for it."),
        )
    if tie.interest:
        return Answer(False, tie.interest.reason)
    if tie.stayed_out:
        return Answer(
            False, _("You declared an interest in this award, so you take no part in its payments.")
        )
    return Answer(True, _("You have no tie to whoever would be paid."))


def may_decide(tie: Tie) -> Answer:
    """Whether somebody may approve a payment; also never whoever raised it, and once."""
    if tie.raised_it:
        return Answer(False, _("You asked for this payment, so somebody else approves it."))
    if tie.spoke_already:
        return Answer(False, _("You have had your say on this payment already."))
    return may_ask(tie)


@dataclass(frozen=True)
class Missing:
    """One thing that must still happen, and who can make it happen."""

    what: str
    who: str = ""


def still_missing(
    *,
    approvals: int,
    needed: int,
    outside: bool,
    called_back: bool,
    clear_from: date | None,
    on: date,
    signed: bool,
    account_stands: bool,
) -> list[Missing]:
    """What keeps a payment from being released, in the order in which to do it."""
    found = []
    if not signed:
        found.append(Missing(_("The agreement is not signed by both sides."), _("both sides")))
    if not account_stands:
        found.append(
            Missing(
                _(
                    "The payee’s bank account was replaced since this was asked for. Take this "
                    "payment back, and ask for it again."
                ),
                _("a partnership member or finance officer"),
            )
        )
    if clear_from is None or not called_back:
        found.append(
            Missing(
                _(
                    "Nobody has called back about these bank details, on a number that was held "
                    "before."
                ),
                _("somebody with a role at this place, but not whoever typed them in"),
            )
        )
    if clear_from is not None and on < clear_from:
        found.append(
            Missing(
                _("The bank details are new: they wait until %(day)s.")
                % {"day": said_day(clear_from)}
            )
        )
    if approvals < needed:
        found.append(
            Missing(
                _("%(have)s of %(need)s approvals are given.")
                % {"have": approvals, "need": needed},
                _("a partnership member, finance officer or funder who did not ask for it"),
            )
        )
    elif needed > 1 and not outside:
        found.append(
            Missing(
                _("One of those who approve must be from outside the host organisation."),
                _("a partnership member or funder"),
            )
        )
    return found


def refuse_quick(
    pence: int, *, limit: int, month_limit: int, given_this_month: int, on: date, place: str
) -> None:
    """A quick grant stays within the rule, within what was delegated, and within the month."""
    least = int(rule("grant.quick_minimum", on, place).value)
    most = min(int(rule("grant.quick_maximum", on, place).value), limit)
    if not least <= pence <= most:
        raise Refused(
            _(
                "A quick grant here is between %(least)s and %(most)s; this is %(sum)s. For more, "
                "ask a meeting of the partnership, or put it to a vote."
            )
            % {"least": pounds(least), "most": pounds(most), "sum": pounds(pence)},
            code="quick_range",
        )
    month_most = min(int(rule("grant.quick_month_maximum", on, place).value), month_limit)
    if given_this_month + pence > month_most:
        raise Refused(
            _(
                "%(given)s of this month’s %(most)s is given already, so %(sum)s is too much. Wait "
                "for next month, or ask a meeting of the partnership."
            )
            % {
                "given": pounds(given_this_month),
                "most": pounds(month_most),
                "sum": pounds(pence),
            },
            code="quick_month",
        )


def refuse_counts(voted: Mapping[str, int], recused: Mapping[str, int]) -> None:
    """Who took part in a decision is said by role, in whole people, and somebody did."""
    for role, people in (*voted.items(), *recused.items()):
        if not re.fullmatch(r"[a-z_]{1,30}", role) or type(people) is not int or people < 0:
            raise Refused(
                _("Say how many people of each role voted and stayed out, in whole numbers."),
                code="decision_counts",
            )
    if sum(voted.values()) < 2:
        raise Refused(
            _("A decision needs at least two people who voted. Nobody decides alone."),
            code="decision_alone",
        )


def refuse_instalments(
    parts: Sequence[tuple[int, date]], pence: int, *, kind: str, on: date, place: str
) -> None:
    """Instalments come to the award exactly, each of something, in the order of their days. From
    the rule's sum on there are at least two."""
    stages = int(rule("award.stages_from", on, place).value)
    if kind != "quick" and pence >= stages and len(parts) < 2:
        raise Refused(
            _("From %(sum)s on the money comes in at least two parts. Write their sums and days.")
            % {"sum": pounds(stages)},
            code="instalments_needed",
        )
    if not parts:
        return
    for part, _day in parts:
        check_pence(part)
    if (total := sum(part for part, _day in parts)) != pence:
        raise Refused(
            _("The instalments come to %(total)s, but the award is %(sum)s. Make them agree.")
            % {"total": pounds(total), "sum": pounds(pence)},
            code="instalments_sum",
        )
    days = [day for _part, day in parts]
    if days != sorted(days):
        raise Refused(
            _("Put the instalments in the order of their days."), code="instalments_order"
        )


@dataclass(frozen=True)
class Asked:
    """One thing asked of whoever gets money, and the rule that says so (None: always)."""

    what: str
    because: Rule | None = None


def asked_of(kind: str, pence: int, on: date, place: str | None = None) -> list[Asked]:
    """What is asked for a sum, no more: shown before anybody applies, and on the agreement."""
    asked = [Asked(_("Say in a sentence or two what it is for."))]
    if kind == "unrestricted":
        asked.append(Asked(_("Once a year, the year’s accounts and one page on what happened.")))
    else:
        asked.append(Asked(_("A photo of each receipt or bill.")))
    agreement = rule("award.signed_agreement_from", on, place)
    if kind != "quick" and pence >= int(agreement.value):
        asked.append(Asked(_("One page, signed by both sides in the app."), agreement))
    hold = rule("payment.new_payee_hold", on)
    asked.append(
        Asked(
            _("Bank details. New ones wait %(days)s working days, and we call back to check them.")
            % {"days": hold.value},
            hold,
        )
    )
    prices = rule("award.two_prices_from", on, place)
    if kind == "project" and pence >= int(prices.value):
        asked.append(Asked(_("Two prices for anything bought."), prices))
    stages = rule("award.stages_from", on, place)
    if kind != "quick" and pence >= int(stages.value):
        asked.append(Asked(_("The money comes in at least two parts."), stages))
    second = rule("payment.second_approver_from", on, place)
    if pence >= int(second.value):
        asked.append(
            Asked(_("Nothing from you: a third person here looks at the payment."), second)
        )
    return asked


def refuse_unknown(value: str, known: Collection[str], said: str) -> None:
    """A choice that is not on its list is refused with the list."""
    if value not in known:
        raise Refused(
            _("“%(value)s” is not %(said)s. Use one of %(known)s.")
            % {"value": value, "said": said, "known": ", ".join(sorted(known))},
            code="unknown_choice",
        )


def people_in_words(roles: Sequence[str]) -> str:
    """ "two people: a partnership member and a finance officer"; roles in the order they acted."""
    counts = Counter(roles)
    named = [
        _("%(n)s of the role %(role)s") % {"n": n, "role": role_name(role)}
        if n > 1
        else _("a %(role)s") % {"role": role_name(role)}
        for role, n in counts.items()
    ]
    listed = (
        named[0]
        if len(named) == 1
        else _("%(some)s and %(last)s") % {"some": ", ".join(named[:-1]), "last": named[-1]}
    )
    return ngettext("%(n)s person: %(who)s", "%(n)s people: %(who)s", len(roles)) % {
        "n": len(roles),
        "who": listed,
    }


def took_part(voted: Mapping[str, int], recused: Mapping[str, int]) -> str:
    """How many voted, and how many stayed out because of an interest: numbers, never names."""
    said = ngettext("%(n)s person voted.", "%(n)s people voted.", sum(voted.values())) % {
        "n": sum(voted.values())
    }
    if out := sum(recused.values()):
        said += " " + ngettext(
            "%(n)s stayed out because of an interest.",
            "%(n)s stayed out because of an interest.",
            out,
        ) % {"n": out}
    return said
