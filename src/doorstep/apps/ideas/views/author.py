"""An author's own idea, opened by the link in their message; and a supporter's.

The link is the key, so it does not stay in the address: it is noted in the session and led away
from at once. For an idea typed in for somebody, whoever works at the place acts on their word.
"""

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from doorstep.apps.ideas import actions, rules
from doorstep.apps.ideas.forms import ReasonForm, RetireForm, SureForm, WordsForm
from doorstep.apps.ideas.links import follower_of
from doorstep.apps.ideas.models import Follower, Idea, IdeaState, StepKind
from doorstep.apps.ideas.queries import fate
from doorstep.apps.ideas.views.asking import streets_of, typed
from doorstep.apps.ideas.views.reading import idea_with_round
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.guards import acting, needs_role
from doorstep.apps.places.models import Place
from doorstep.apps.public import public, public_form
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import RoundState

IN_SESSION = "ideas"


@public
@never_cache
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a message: remember whom it names, and lead to the page without it."""
    follower = follower_of(token)
    if follower is None:
        return render(request, "ideas/link_over.html", status=404)
    known = dict(request.session.get(IN_SESSION, {}))
    known[str(follower.idea_id)] = follower.pk
    request.session[IN_SESSION] = known
    return redirect(
        "ideas:author" if follower.is_author else "ideas:following", number=follower.idea_id
    )


def follower_here(request: HttpRequest, number: int) -> Follower | None:
    """Whom this visitor is to this idea, if a link was opened in this browser."""
    pk = dict(request.session.get(IN_SESSION, {})).get(str(number))
    found = Follower.objects.filter(pk=pk, idea_id=number) if pk else Follower.objects.none()
    return found.select_related("contact").first()


def is_author(request: HttpRequest, number: int) -> bool:
    follower = follower_here(request, number)
    return follower is not None and follower.is_author


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def author(request: HttpRequest, number: int) -> HttpResponse:
    idea = idea_with_round(number)
    if not is_author(request, number):
        return render(request, "ideas/link_over.html", {"idea": idea}, status=403)
    return options(request, idea, None, "ideas:author")


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def author_words(request: HttpRequest, number: int) -> HttpResponse:
    idea = idea_with_round(number)
    if not is_author(request, number):
        return render(request, "ideas/link_over.html", {"idea": idea}, status=403)
    return words(request, idea, None, "ideas:author")


def place_of_idea(request: HttpRequest, number: int) -> Place:
    return idea_with_round(number).round.place


def typed_in_or_refused(number: int) -> Idea:
    idea = idea_with_round(number)
    if not idea.typed_in:
        raise Refused(
            _("Somebody proposed this idea themselves, so only they can do this, by their link."),
            code="not_typed_in",
        )
    return idea


@needs_role("worker", "partnership_member", place=place_of_idea)
@require_http_methods(["GET", "HEAD", "POST"])
def for_author(request: HttpRequest, number: int) -> HttpResponse:
    """On the word of somebody whose idea was typed in."""
    return options(request, typed_in_or_refused(number), acting(request), "ideas:for-author")


@needs_role("worker", "partnership_member", place=place_of_idea)
@require_http_methods(["GET", "HEAD", "POST"])
def for_author_words(request: HttpRequest, number: int) -> HttpResponse:
    return words(request, typed_in_or_refused(number), acting(request), "ideas:for-author")


def options(request: HttpRequest, idea: Idea, actor: Actor | None, here: str) -> HttpResponse:
    """What may be done with one's own idea now, each with its form."""
    wanted = request.POST.get("do", "")
    forms: dict[str, Form] = {
        name: form
        for name, form in {
            "review": ReasonForm(bound(request, "review"), prefix="review"),
            "retire": RetireForm(bound(request, "retire"), others=others(idea), prefix="retire"),
            "withdraw": SureForm(bound(request, "withdraw"), prefix="withdraw"),
            "question": ReasonForm(bound(request, "question"), prefix="question"),
        }.items()
        if name in possible_now(idea)
    }
    form = forms.get(wanted)
    if form is not None and form.is_valid():
        try:
            done = act(idea, wanted, form, actor)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, done)
            return redirect("ideas:idea", number=idea.number)
    return render(
        request,
        "ideas/author.html",
        {
            "idea": idea,
            "round": idea.round,
            "fate": fate(idea),
            "forms": forms,
            "may_change": "change" in possible_now(idea),
            "words_address": reverse(f"{here}-words", args=[idea.number]),
            "on_their_word": actor is not None,
            "faulty": form if form is not None and form.errors else None,
        },
    )


def bound(request: HttpRequest, name: str) -> QueryDict | None:
    return request.POST if request.method == "POST" and request.POST.get("do") == name else None


def others(idea: Idea) -> QuerySet[Idea]:
    """The ideas that this one could be retired for."""
    live = Idea.objects.filter(round=idea.round, state__in=sorted(rules.LIVE), hidden=False)
    return live.exclude(pk=idea.pk).select_related("title").order_by("number")


def possible_now(idea: Idea) -> set[str]:
    """What an author may do with an idea as it stands. The actions ask again."""
    taken = set(idea.steps.values_list("kind", flat=True))
    now: set[str] = set()
    state = IdeaState(idea.state)
    if idea.hidden and StepKind.HIDING_QUESTIONED not in taken:
        now.add("question")
    if idea.round.state == RoundState.FROZEN and state == IdeaState.ON_BALLOT:
        now.add("withdraw")
    if idea.round.state != RoundState.DRAFT:
        return now
    if state in rules.LIVE:
        now |= {"withdraw"} | ({"retire"} if others(idea).exists() else set())
    if state in rules.STARTS_FROM[StepKind.REVIEW_ASKED] and StepKind.REVIEW_ASKED not in taken:
        now.add("review")
    terms = idea.round.terms
    last = terms.ideas_until if state == IdeaState.POSSIBLE else terms.checked_by
    if (
        not idea.hidden
        and state in rules.STARTS_FROM[StepKind.CHANGED]
        and timezone.localdate() <= last
    ):
        now.add("change")
    return now


def act(idea: Idea, wanted: str, form: Form, actor: Actor | None) -> str:
    """Do what was asked; what to say of it."""
    data = form.cleaned_data
    if wanted == "review":
        actions.ask_review(idea, data["reason"], actor=actor)
        return _("A second look was asked for. The answer will stand here.")
    if wanted == "retire":
        actions.retire(idea, data["favoured"], actor=actor)
        return _("The idea was retired. Whoever followed it is asked about the other one.")
    if wanted == "question":
        actions.question_hiding(idea, data["reason"], actor=actor)
        return _("Somebody else will look at this. The answer will stand here.")
    actions.withdraw(idea, actor=actor)
    return _("The idea was taken back.")


def words(request: HttpRequest, idea: Idea, actor: Actor | None, here: str) -> HttpResponse:
    """Other words for one's own idea."""
    if "change" not in possible_now(idea):
        return redirect(here, number=idea.number)
    initial = {
        "title": idea.title.text,
        "what": idea.what.text,
        "rough": pounds(idea.rough_pence).removeprefix("£") if idea.rough_pence else "",
        "where": idea.where.text if idea.where else "",
        "tags": [theme.value for theme in idea.themes],
    }
    form = WordsForm(typed(request), terms=idea.round.terms, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(idea, actions.Said(**form.said()), actor=actor)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The words were changed, and are checked again."))
            return redirect("ideas:idea", number=idea.number)
    return render(
        request,
        "ideas/words.html",
        {"idea": idea, "round": idea.round, "form": form, "streets": streets_of(idea.round),
         "back": reverse(here, args=[idea.number])},
    )  # fmt: skip


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def following(request: HttpRequest, number: int) -> HttpResponse:
    """A supporter's page: follow the other idea as well, or hear no more of this one."""
    idea = idea_with_round(number)
    follower = follower_here(request, number)
    if follower is None or follower.is_author:
        return render(request, "ideas/link_over.html", {"idea": idea}, status=403)
    if request.method == "POST" and request.POST.get("do") == "stop":
        actions.stop_following(follower)
        messages.success(request, _("You will hear no more of this idea."))
        return redirect("ideas:idea", number=number)
    if request.method == "POST" and request.POST.get("do") == "instead":
        other = actions.follow_instead(follower)
        messages.success(
            request, _("You follow this idea now. We will tell you what becomes of it.")
        )
        return redirect("ideas:idea", number=other.idea_id)
    return render(
        request, "ideas/following.html", {"idea": idea, "round": idea.round, "fate": fate(idea)}
    )
