"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.fund.models import AssetClass, Decision, StepKind
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.record.sentences import Body, Words, tells


@tells("fund.opened", group=gettext_lazy("The fund"))
def _opened(body: Body, words: Words) -> str:
    return _("The fund “%(fund)s” was opened.") % {"fund": body["fund"]}


@tells("allocation.decided", group=gettext_lazy("Shares of the fund"))
def _allocated(body: Body, words: Words) -> str:
    return _("%(place)s was given %(sum)s from %(begins_on)s to %(ends_on)s.") % {
        "place": body["place"],
        "sum": pounds(body["pence"]),
        "begins_on": body["begins_on"],
        "ends_on": body["ends_on"],
    }


@tells("fund.shares_proposed")
def _proposed(body: Body, words: Words) -> str:
    return _(
        "%(fund)s proposed how to share %(pot)s, from %(files)s files and the rules of "
        "“%(programme)s”."
    ) % {
        "fund": body["fund"],
        "pot": pounds(body["pot"]),
        "files": len(body["files"]),
        "programme": body["programme"]["name"],
    }


@tells("fund.shares_decided")
def _decided(body: Body, words: Words) -> str:
    return _("%(fund)s decided to share %(pot)s among %(places)s places: %(rule)s. %(reason)s") % {
        "fund": body["fund"],
        "pot": pounds(sum(pence for _code, pence in body["shares"])),
        "places": len(body["shares"]),
        "rule": Decision.Rule(body["rule"]).label,
        "reason": words(body["reason"]),
    }


@tells("fund.reserve_reviewed")
def _reviewed(body: Body, words: Words) -> str:
    return _("%(fund)s expects %(sum)s of reclaims still to come of %(kind)s. %(reason)s") % {
        "fund": body["fund"],
        "sum": pounds(body["expected"]),
        "kind": str(AssetClass(body["asset_class"]).label).lower(),
        "reason": words(body["reason"]),
    }


@tells("fund.programme_opened")
def _programme(body: Body, words: Words) -> str:
    return _("%(fund)s opened the programme “%(name)s”.") % {
        "fund": body["fund"],
        "name": words(body["name"]),
    }


@tells("fund.scenario_kept")
def _scenario(body: Body, words: Words) -> str:
    return _("%(fund)s reckons by the scenario “%(name)s”.") % {
        "fund": body["fund"],
        "name": words(body["name"]),
    }


@tells("fund.step_asked")
def _asked(body: Body, words: Words) -> str:
    pence = body["said"].get("pence")
    return _("%(fund)s was asked for a step: %(step)s. %(sum)s %(words)s") % {
        "fund": body["fund"],
        "step": StepKind(body["step"]).label,
        "sum": f"{pounds(pence)}." if pence else "",
        "words": words(body["words"]) if body["words"] else "",
    }


@tells("fund.step_answered")
def _answered(body: Body, words: Words) -> str:
    if body["agreed"]:
        return _(
            "A second person agreed to the step of line %(line)s, and it was done as entry "
            "%(entry)s: %(step)s."
        ) % {
            "line": body["asked"],
            "entry": body["entry"],
            "step": StepKind(body["step"]).label,
        }
    return _("The step of line %(line)s was not done: %(step)s. %(reason)s") % {
        "line": body["asked"],
        "step": StepKind(body["step"]).label,
        "reason": words(body["reason"]),
    }
