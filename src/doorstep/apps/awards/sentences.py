"""How the leaves of this room are told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.awards.models import Award
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.record.sentences import Body, Words, names, tells


@names("award")
def _names(slugs: set[str]) -> dict[str, str]:
    titles = Award.objects.filter(slug__in=slugs).values_list("slug", "title__text")
    return {slug: f"“{title}”" for slug, title in titles if title}


@tells("award.made", group=gettext_lazy("Awards"))
def _made(body: Body, words: Words) -> str:
    return _(
        "%(sum)s was awarded to “%(title)s” in %(place)s, by the decision at line %(decision)s."
    ) % {
        "sum": pounds(body["pence"]),
        "title": words(body["title"]),
        "place": body["place"],
        "decision": body["decision"],
    }
