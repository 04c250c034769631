"""Grant forms and applications: what is asked, shown before anybody applies, and kept after."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorstep.apps.awards import asking, fitting
from doorstep.apps.awards.actions import applying, publishing
from doorstep.apps.awards.forms import ReasonForm, fresh
from doorstep.apps.awards.forms_applying import AnswersForm, BeginForm, FitForm, PublishForm
from doorstep.apps.awards.models import Application, GrantForm
from doorstep.apps.awards.queries.applying import assessment_of, bodies_of, held_by, open_forms
from doorstep.apps.awards.views.common import acted
from doorstep.apps.awards.views.payments import EVERYBODY
from doorstep.apps.people.guards import acting, needs_role, place_at, public, signed_in
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.public import kept_for
from doorstep.apps.record.actors import Actor
from doorstep.engine.proportion import Assessment, schedule

MOST = 100


def place_of_form(request: HttpRequest, slug: str) -> Place:
    return get_object_or_404(GrantForm.objects.select_related("place"), slug=slug).place


def place_of_application(request: HttpRequest, pk: int) -> Place:
    return get_object_or_404(Application.objects.select_related("place"), pk=pk).place


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@public
def forms_of_place(request: HttpRequest, slug: str) -> HttpResponse:
    """Every form with which somebody may ask for money here, and how long each takes."""
    place = place_at(request, slug)
    forms = [
        (one, fitting.long(one.minutes), fitting.long(one.budget)) for one in open_forms(place)
    ]
    return render(request, "awards/forms.html", {"place": place, "forms": forms})


@needs_role(*publishing.MAY_PUBLISH, place=place_at)
@require_http_methods(["GET", "POST"])
def new_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish a form; over its budget only with a name and a reason that everybody reads."""
    place, today = place_at(request, slug), timezone.localdate()
    form = PublishForm(
        schedule(today), request.POST if request.method == "POST" else None, initial=fresh()
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        published = acted(
            form,
            lambda: publishing.publish_form(
                place,
                key=given["once"],
                title=given["title"],
                kind=given["kind"],
                least=given["least"],
                most=given["most"],
                extras=given["extras"],
                officer=given["officer"],
                explanation=given["explanation"],
                on=today,
                actor=acting(request),
            ),
        )
        if published:
            messages.success(request, _("The form is published. Anybody may apply with it."))
            return redirect("grant-form", slug=published.slug)
    return render(request, "awards/form_new.html", {"place": place, "form": form})


@public
@kept_for("sum", "risks", "roles", "land")
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """What one form asks of a sum with its risks, before anybody applies with it."""
    grant_form = get_object_or_404(
        GrantForm.objects.select_related("place", "title", "officer", "explanation", "published"),
        slug=slug,
    )
    facts, found = FitForm(request.GET or {"sum": str(grant_form.most // 100)}), None
    if facts.is_valid():
        given = facts.cleaned_data
        found = fitting.fit(
            given["sum"], facts.facts(), timezone.localdate(), long_lease=given["land"],
            extras=[(what, minutes) for what, minutes in grant_form.extras],
        )  # fmt: skip
    return render(
        request,
        "awards/form.html",
        {
            "one": grant_form,
            "form": facts,
            "fit": found,
            "pence": found.found.project.pence if found else 0,
            "over": fitting.long(grant_form.over),
            "minutes": fitting.long(grant_form.minutes),
            "budget": fitting.long(grant_form.budget),
        },
    )


@signed_in
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """The one screen on which an application begins."""
    grant_form = get_object_or_404(GrantForm.objects.select_related("place", "title"), slug=slug)
    today = timezone.localdate()
    form = BeginForm(
        request.POST if request.method == "POST" else None,
        initial=fresh(),
        bodies=bodies_of(_account(request), today),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        begun = acted(
            form,
            lambda: applying.begin(
                grant_form,
                key=given["once"],
                title=given["title"],
                purpose=given["purpose"],
                pence=given["pence"],
                risks=form.facts(),
                long_lease=given["land"],
                organisation=given["organisation"],
                on=today,
                actor=acting(request),
            ),
        )
        if begun:
            return redirect("my-application", pk=begun.pk)
    return render(request, "awards/begin.html", {"one": grant_form, "form": form})


@needs_role(*publishing.MAY_PUBLISH, place=place_of_form)
@require_POST
def end_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Nobody begins with this form any more."""
    ended = publishing.end_form(get_object_or_404(GrantForm, slug=slug), actor=acting(request))
    messages.success(request, _("Nobody begins with this form any more."))
    return redirect("grant-forms", slug=ended.place.slug)


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Everything that one account applied for."""
    found = Application.objects.filter(asked_by=_account(request)).select_related("place", "award")
    return render(request, "awards/my_applications.html", {"applications": found[:MOST]})


@signed_in
@require_http_methods(["GET", "POST"])
def my_application(request: HttpRequest, pk: int) -> HttpResponse:
    """Write, send in or take back an application of one's own."""
    one = get_object_or_404(_whole(), pk=pk, asked_by=_account(request))
    actor, found = acting(request), assessment_of(one)
    written = {said.key: said.words for said in one.answers.all()}
    held = held_by(one, timezone.localdate())
    form = AnswersForm(found, request.POST if request.method == "POST" else None, held=held)
    form.initial = {f"answer_{n}": written.get(key, "") for n, key in enumerate(form.keys)}
    do = request.POST.get("do", "keep")
    done = None
    if request.method == "POST" and (do == "take_back" or form.is_valid()):
        done = acted(form, lambda: _do(do, one, form, actor))
    if done:
        messages.success(request, _said_of(do))
        return redirect("my-application", pk=pk)
    return render(
        request, "awards/my_application.html",
        {
            "one": one, "form": form, "fit": fitting.shown(found), "said": _said(one),
            "held": _in_the_passport(found, held),
        },
    )  # fmt: skip


@needs_role(*EVERYBODY, place=place_at)
@require_safe
def of_place(request: HttpRequest, slug: str) -> HttpResponse:
    """What was sent in to a place and waits, and what became of the rest."""
    place = place_at(request, slug)
    found = _whole().filter(place=place).exclude(state=Application.State.BEGUN)
    return render(
        request,
        "awards/applications.html",
        {
            "place": place,
            "waiting": found.filter(state=Application.State.SENT)[:MOST],
            "ended": found.exclude(state=Application.State.SENT)[:MOST],
        },
    )


@needs_role(*EVERYBODY, place=place_of_application)
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application as those read it who decide; saying no, with the reason."""
    one = get_object_or_404(_whole().exclude(state=Application.State.BEGUN), pk=pk)
    found = assessment_of(one)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = acted(
            form,
            lambda: applying.decline(
                one,
                reason=form.cleaned_data["reason"],
                on=timezone.localdate(),
                actor=acting(request),
            ),
        )
        if done:
            messages.success(request, _("They read your reason on their own page."))
            return redirect("place-applications", slug=one.place.slug)
    return render(
        request,
        "awards/application.html",
        {
            "one": one, "form": form, "fit": fitting.shown(found), "said": _said(one),
            "held": _in_the_passport(found, held_by(one, timezone.localdate())),
        },
    )  # fmt: skip


def _whole() -> QuerySet[Application]:
    return Application.objects.select_related(
        "place", "form__title", "organisation", "award", "asked_by"
    ).prefetch_related("answers")


def _said(one: Application) -> list[tuple[str, str]]:
    return [(fitting.asked_words().get(s.key, s.key), s.words) for s in one.answers.all()]


def _in_the_passport(found: Assessment, held: set[str]) -> list[str]:
    """What is asked and was shown once already, in words."""
    again = set(asking.to_answer(found)) - set(asking.to_answer(found, held))
    return [asking.said(one.key) for one in found.asked if one.key in again]


def _do(do: str, one: Application, form: AnswersForm, actor: Actor) -> Application:
    today = timezone.localdate()
    if do == "take_back":
        return applying.take_back(one, on=today, actor=actor)
    one = applying.write(one, form.answers(), actor=actor)
    return applying.send(one, on=today, actor=actor) if do == "send" else one


def _said_of(do: str) -> str:
    if do == "send":
        return _("Sent in. The partnership owes you an answer now.")
    if do == "take_back":
        return _("Taken back. Nothing more is asked of you.")
    return _("Kept. You can go on later.")
