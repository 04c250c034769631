"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.record.sentences import Body, Words, names, tells
from doorstep.apps.rounds.models import Round


@names("round")
def _names(slugs: set[str]) -> dict[str, str]:
    titles = Round.objects.filter(slug__in=slugs).values_list("slug", "title__text")
    return {slug: f"“{title}”" for slug, title in titles if title}


@tells("round.frozen", group=gettext_lazy("Rounds"))
def _frozen(body: Body, words: Words) -> str:
    return _("The rules of “%(title)s” were fixed: %(projects)s ideas, %(budget)s.") % {
        "title": words(body["title"]),
        "projects": body["projects"],
        "budget": pounds(body["budget_pence"]),
    }


@tells("round.closed")
def _closed(body: Body, words: Words) -> str:
    return _("Voting ended in round %(round)s, with %(voters)s ballots sealed.") % {
        "round": body["round"],
        "voters": f"{body['voters']:,}",
    }


@tells("round.counted")
def _counted(body: Body, words: Words) -> str:
    return _("Round %(round)s was counted: ideas funded: %(funded)s.") % {
        "round": body["round"],
        "funded": body["funded"],
    }


@tells("round.decided")
def _decided(body: Body, words: Words) -> str:
    return _(
        "Every idea of round %(round)s fits in its pot, so no vote was needed: ideas funded: "
        "%(funded)s."
    ) % {"round": body["round"], "funded": body["funded"]}


@tells("round.project_withdrawn")
def _withdrawn(body: Body, words: Words) -> str:
    return _("The idea “%(title)s” was taken off in round %(round)s. Reason: %(reason)s") % {
        "title": words(body["title"]),
        "round": body["round"],
        "reason": words(body["reason"]),
    }


@tells("round.cancelled")
def _cancelled(body: Body, words: Words) -> str:
    return _("Round %(round)s was called off; %(returned)s is free again. Reason: %(reason)s") % {
        "round": body["round"],
        "returned": pounds(body["returned_pence"]),
        "reason": words(body["reason"]),
    }


@tells("round.settled")
def _settled(body: Body, words: Words) -> str:
    return _("The awards of round %(round)s were made; %(returned)s was not needed.") % {
        "round": body["round"],
        "returned": pounds(body["returned_pence"]),
    }


@tells("round.recount_signed")
def _recount_signed(body: Body, words: Words) -> str:
    return _(
        "Two people counted the ballots of round %(round)s apart, found the published result, and "
        "signed it. Then the ballots were destroyed, as was agreed before the vote."
    ) % {"round": body["round"]}
