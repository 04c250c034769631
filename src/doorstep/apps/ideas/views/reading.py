"""The list of a round's ideas, and what happened to each."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise

from doorstep.apps.files.views import serve
from doorstep.apps.ideas import rules
from doorstep.apps.ideas.forms import SearchForm
from doorstep.apps.ideas.models import Idea, IdeaState, Step, StepKind
from doorstep.apps.ideas.queries import PUBLIC_WORDS, Fate, counts, fate, history, ideas_of, search
from doorstep.apps.places.forms import asked_for
from doorstep.apps.public import kept_for, public
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.apps.rule_names import names
from doorstep.engine.rulebook import Rule, all_rules

IDEAS_SHOWN = 30


@dataclass(frozen=True)
class Row:
    """An idea in the list, with what happened to it in two words."""

    idea: Idea
    fate: Fate


def round_that_takes_ideas(slug: str) -> Round:
    """A round with Terms; an example was asked elsewhere and has no ideas here."""
    rounds = Round.objects.select_related("place", "title", "terms", "result")
    return get_object_or_404(rounds, slug=slug, terms__isnull=False)


def idea_with_round(number: int) -> Idea:
    ideas = Idea.objects.select_related(
        *PUBLIC_WORDS, "round__result", "favoured__title", "project"
    )
    return get_object_or_404(ideas, number=number)


@public
@kept_for("page", "theme", "state")
def ideas(request: HttpRequest, slug: str) -> HttpResponse:
    round_ = round_that_takes_ideas(slug)
    asked = asked_for(request.GET.get("q", ""))
    theme, state = request.GET.get("theme", ""), request.GET.get("state", "")
    found = search(ideas_of(round_), words=asked, theme=theme, state=state)
    page = Paginator(found, IDEAS_SHOWN).get_page(request.GET.get("page"))
    for idea in page:
        idea.round = round_  # with its terms and result, read once
    states = counts(round_)
    today = timezone.localdate()
    return render(
        request,
        "ideas/list.html",
        {
            "round": round_,
            "terms": round_.terms,
            "form": SearchForm(initial={"q": asked, "theme": theme}),
            "filtered": bool(asked or theme or state),
            "page": page,
            "rows": [Row(idea, fate(idea, today)) for idea in page],
            "all": sum(states.values()),
            "states": [
                (value, rules.NEIGHBOUR_WORDS[value], states[value])
                for value in IdeaState
                if states.get(value)
            ],
            "state": state,
            "window": window_of(round_),
        },
    )


@public
def idea(request: HttpRequest, number: int) -> HttpResponse:
    idea = idea_with_round(number)
    steps = history(idea)
    answer = last_answer(steps)
    return render(
        request,
        "ideas/idea.html",
        {
            "idea": idea,
            "round": idea.round,
            "fate": fate(idea),
            "steps": [Told(step) for step in steps],
            "answer": Told(answer) if answer is not None else None,
            "hiding": last_of(steps, StepKind.HIDDEN) if idea.hidden else None,
            "versions": [
                step for step in steps if step.kind in (StepKind.PROPOSED, StepKind.CHANGED)
            ][:-1],
            "may_follow": not idea.hidden
            and idea.state in {*rules.LIVE, IdeaState.ON_BALLOT}
            and idea.round.state in (RoundState.DRAFT, RoundState.FROZEN),
        },
    )


# A draft's days and title may be changed, and that writes no leaf: so a page that shows them is
# no function of the record.
ideas.cacheable = idea.cacheable = False  # type: ignore[attr-defined]


@public
def photo(request: HttpRequest, number: int) -> HttpResponse:
    """The photo of an idea, for as long as its words stand in public."""
    idea = idea_with_round(number)
    if idea.photo is None or idea.hidden:
        raise Http404("no photo")
    return serve(idea.photo)


photo.cacheable = False  # type: ignore[attr-defined]


def window_of(round_: Round) -> str:
    """ "before", "open" or "over": whether a round takes ideas now."""
    if round_.state != RoundState.DRAFT:
        return "over"
    return rules.window(
        round_.terms.ideas_from, round_.terms.ideas_until, timezone.localdate()
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A step as the page tells it, with the rule it cites."""

    step: Step

    @property
    def words(self) -> str | Promise:
        return StepKind(self.step.kind).label

    @property
    def rule(self) -> Rule | None:
        wanted = self.step.rule_key
        return next((rule for rule in all_rules() if rule.key == wanted), None) if wanted else None

    @property
    def rule_name(self) -> str:
        """What the rule is about, in the reader's words."""
        return names().get(self.step.rule_key, self.step.rule_key)

    @property
    def possible(self) -> bool:
        return self.step.state == IdeaState.POSSIBLE

    @property
    def is_answer(self) -> bool:
        return self.step.kind in (StepKind.ANSWERED, StepKind.REVIEW_ANSWERED)


def last_of(steps: list[Step], *kinds: str) -> Step | None:
    return next((step for step in reversed(steps) if step.kind in kinds), None)


def last_answer(steps: list[Step]) -> Step | None:
    """The answer that holds: none once the words were changed after it."""
    last = last_of(steps, StepKind.ANSWERED, StepKind.REVIEW_ANSWERED, StepKind.CHANGED)
    return last if last is not None and last.kind != StepKind.CHANGED else None
