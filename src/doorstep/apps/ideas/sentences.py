"""How the leaves of this room are told. No sentence holds an idea's own text but its title, and
that only while it stands in public."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.ideas.models import Idea
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.record.sentences import Body, Words, names, tells


@names("idea")
def _names(numbers: set[str]) -> dict[str, str]:
    wanted = [int(number) for number in numbers if number.isdecimal() and len(number) < 16]
    rows = Idea.objects.filter(pk__in=wanted).values_list("number", "hidden", "title__text")
    return {
        str(number): _("idea %(number)s") % {"number": number}
        + ("" if hidden or not title else f", “{title}”")
        for number, hidden, title in rows
    }


names("favoured")(_names)


def _first_large(said: str) -> str:
    return said[:1].upper() + said[1:]


@tells("idea.proposed", group=gettext_lazy("Ideas"))
def _proposed(body: Body, words: Words) -> str:
    said = (
        _("%(idea)s was typed in for somebody in round %(round)s.")
        if body["typed_in"]
        else _("%(idea)s was proposed in round %(round)s.")
    )
    return _first_large(said % {"idea": body["idea"], "round": body["round"]})


@tells("idea.changed")
def _changed(body: Body, words: Words) -> str:
    return _first_large(_("%(idea)s was changed by its author.") % {"idea": body["idea"]})


def _answer(body: Body) -> str:
    if body["state"] == "possible":
        return _("it is possible, for %(cost)s.") % {"cost": pounds(body["cost_pence"])}
    return _("it is not possible as written.")


@tells("idea.answered")
def _answered(body: Body, words: Words) -> str:
    said = _("%(idea)s was checked: %(answer)s")
    return _first_large(said % {"idea": body["idea"], "answer": _answer(body)})


@tells("idea.review_asked")
def _review_asked(body: Body, words: Words) -> str:
    said = _("The author of %(idea)s asked for a second look.")
    return said % {"idea": body["idea"]}


@tells("idea.review_answered")
def _review_answered(body: Body, words: Words) -> str:
    said = _("%(idea)s was looked at a second time: %(answer)s")
    return _first_large(said % {"idea": body["idea"], "answer": _answer(body)})


@tells("idea.retired")
def _retired(body: Body, words: Words) -> str:
    said = _("%(idea)s was retired in favour of %(favoured)s.")
    return _first_large(said % {"idea": body["idea"], "favoured": body["favoured"]})


@tells("idea.withdrawn")
def _withdrawn(body: Body, words: Words) -> str:
    return _first_large(_("%(idea)s was taken back by its author.") % {"idea": body["idea"]})


@tells("idea.hidden")
def _hidden(body: Body, words: Words) -> str:
    said = _("The words of %(idea)s were hidden. Reason: %(reason)s")
    return said % {"idea": body["idea"], "reason": words(body["reason"])}


@tells("idea.hiding_questioned")
def _hiding_questioned(body: Body, words: Words) -> str:
    said = _("The author of %(idea)s asked why its words are hidden.")
    return said % {"idea": body["idea"]}


@tells("idea.hiding_kept")
def _hiding_kept(body: Body, words: Words) -> str:
    said = _("The words of %(idea)s stay hidden. Reason: %(reason)s")
    return said % {"idea": body["idea"], "reason": words(body["reason"])}


@tells("idea.shown")
def _shown(body: Body, words: Words) -> str:
    said = _("The words of %(idea)s stand in public again. Reason: %(reason)s")
    return said % {"idea": body["idea"], "reason": words(body["reason"])}


@tells("idea.erased")
def _erased(body: Body, words: Words) -> str:
    said = _("The words of %(idea)s were erased for ever. Reason: %(reason)s")
    return said % {"idea": body["idea"], "reason": words(body["reason"])}


@tells("idea.on_ballot")
def _on_ballot(body: Body, words: Words) -> str:
    said = _("%(idea)s was put on the ballot of round %(round)s, at %(cost)s.")
    return _first_large(
        said % {"idea": body["idea"], "round": body["round"], "cost": pounds(body["cost_pence"])}
    )
