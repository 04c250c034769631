"""The ideas of a counted round: what each costs, how much support it had, and why it fared so."""

from collections.abc import Sequence
from typing import Protocol

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Award
from doorstep.apps.rounds.models import Project
from doorstep.site.components.pictures import bar
from doorstep.site.words import money


class Told(Protocol):
    """An idea as `site.pages.results` tells it."""

    project: Project
    votes: int
    why: str
    award: Award | None
    number: int | None
    needed: SafeString | None

    @property
    def name(self) -> str: ...

    @property
    def then(self) -> str: ...


def idea_list(ideas: Sequence[Told], most_votes: int, tone: str = "tone-1") -> SafeString:
    """Name, cost, a bar of support beside the best supported idea's, the reason in words, and
    where an idea that was not funded can go next. An idea that has a bar of what it needed shows
    that one.

    The bar repeats what the reason says ("412 people supported it"), so it is hidden from screen
    readers.
    """
    # One reverse of each, not one for each idea: looking an address up costs more than a row.
    award, idea_page = reverse("award", args=["-slug-"]), reverse("ideas:idea", args=[0])
    return format_html(
        '<ol class="ideas">{}</ol>',
        format_html_join(
            "",
            '<li><h3>{}</h3><p class="sum">{}</p><svg class="bar" viewBox="0 0 10000 100"'
            ' preserveAspectRatio="none" aria-hidden="true"><rect class="tone-none"'
            ' width="10000" height="100"/>{}</svg><p class="why">{}{}</p></li>',
            (
                (
                    _linked(idea, award, idea_page),
                    money(idea.project.cost_pence),
                    idea.needed or bar([(tone, idea.votes)], most_votes),
                    idea.why,
                    _next(idea.then),
                )
                for idea in ideas
            ),
        ),
    )


def _next(then: str) -> SafeString | str:
    return format_html(" {} {}.", _("Where it can go next:"), then) if then else ""


def _linked(idea: Told, award: str, page: str) -> SafeString | str:
    """To the award, where its money is followed; or to the idea, where its fate stands."""
    if idea.award is not None:
        to = award.replace("-slug-", idea.award.slug)
    elif idea.number is not None:
        to = page.replace("/0/", f"/{idea.number}/")
    else:
        return idea.name
    return format_html('<a href="{}">{}</a>', to, idea.name)
