"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.record.sentences import Body, Words, names, tells

from .models import NEIGHBOUR_ACCOUNTED, Accounted
from .rules import pounds
from .telling import account_words, kind_words, names_in


@names("code")
def _names(codes: set[str]) -> dict[str, str]:
    known = names_in(codes)
    return {code: account_words(code, known) for code in codes}


@tells("ledger.journal", group=gettext_lazy("Money"))
def _journal(body: Body, words: Words) -> str:
    total = sum(pence for _debit, _credit, pence in body["lines"])
    told = _("%(what)s: %(sum)s.") % {"what": kind_words(body["entry"]), "sum": pounds(total)}
    if "reverses" in body:
        told += " " + _("It takes back entry %(number)s.") % {"number": body["reverses"]}
    if "memo" in body:
        told += f" “{words(body['memo'])}”"
    return told


@tells("ledger.account")
def _account(body: Body, words: Words) -> str:
    return _("An account was opened: %(account)s.") % {"account": body["code"]}


@tells("bank.account", group=gettext_lazy("The bank"))
def _bank_account(body: Body, words: Words) -> str:
    return _("A bank account was named that holds this money and no other: %(label)s.") % {
        "label": words(body["label"])
    }


@tells("bank.statement")
def _statement(body: Body, words: Words) -> str:
    told = _(
        "A statement of the bank was read, from %(first)s to %(last)s: %(came)s in and %(went)s "
        "out."
    ) % {
        "first": body["first_day"],
        "last": body["last_day"],
        "came": pounds(body["in_pence"]),
        "went": pounds(body["out_pence"]),
    }
    if body["closing"]:
        told += " " + _("The bank says that %(sum)s stood there on %(day)s.") % {
            "sum": pounds(body["closing"][1]),
            "day": body["closing"][0],
        }
    return told


@tells("bank.matched")
def _matched(body: Body, words: Words) -> str:
    told = {
        "sum": pounds(abs(body["pence"])),
        "day": body["booked_on"],
        "entry": body["entry"],
        "what": NEIGHBOUR_ACCOUNTED[Accounted(body["as"])],
    }
    if body["entry"] is not None:
        return (
            _("The bank’s line of %(sum)s on %(day)s is the one of entry %(entry)s. %(what)s.")
            % told
        )
    return _("The bank’s line of %(sum)s on %(day)s was explained. %(what)s.") % told


@tells("bank.unmatched")
def _unmatched(body: Body, words: Words) -> str:
    return _(
        "The bank’s line of %(sum)s on %(day)s was accounted for wrongly, and stands open again."
    ) % {"sum": pounds(abs(body["pence"])), "day": body["booked_on"]}
