"""A group's papers, whom it shares them with, and who stands for it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorstep.apps.files.views import serve
from doorstep.apps.organisations import queries
from doorstep.apps.organisations.actions import (
    accept_sponsorship,
    ask_sponsor,
    end_sponsorship,
    give_document,
    share,
    take_back_share,
    take_out_document,
)
from doorstep.apps.organisations.forms import PaperForm, ShareForm, SponsorForm, a_year_on
from doorstep.apps.organisations.models import Document, Organisation, Share, Sponsorship
from doorstep.apps.organisations.views.common import acted, pressed, speaks_for_it
from doorstep.apps.organisations.words import shown_papers
from doorstep.apps.people.guards import acting, signed_in

A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@speaks_for_it
def papers(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Hand in a paper, once; read and take out what is there."""
    today, actor = timezone.localdate(), acting(request)
    posted = request.method == "POST"
    form = PaperForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        given = form.cleaned_data
        if acted(
            form,
            lambda: give_document(
                body, given["kind"], given["upload"], issued=given["issued"],
                expires=given["expires"], on=today, actor=actor,
            ),
        ):  # fmt: skip
            messages.success(request, _("The paper is kept. Nobody asks you for it again."))
            return redirect("passport-papers", slug=body.slug)
    found = queries.passport(body, today)
    return render(
        request,
        "organisations/papers.html",
        {
            "body": body,
            "papers": shown_papers(found),
            "given": Document.objects.filter(organisation=body, taken_out_on=None),
            "form": form,
        },
    )


@require_safe
@signed_in
@speaks_for_it
def paper_file(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    """One's own paper. Only what others open is logged."""
    return serve(get_object_or_404(Document, pk=pk, organisation=body).file)


@require_POST
@signed_in
@speaks_for_it
def take_out(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    document = get_object_or_404(Document, pk=pk, organisation=body)
    pressed(
        request,
        lambda: take_out_document(document, on=timezone.localdate(), actor=acting(request)),
        _("The paper is taken out and erased."),
    )
    return redirect("passport-papers", slug=body.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@speaks_for_it
def sharing(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Let a named body read the passport up to a day, take that back, and see who opened it."""
    today, actor = timezone.localdate(), acting(request)
    giving = request.POST.get("do") == "share"
    form = ShareForm(
        request.POST if giving else None,
        organisation=body,
        initial={"last_day": a_year_on(today), "papers": Document.Kind.values},
    )
    if giving and form.is_valid():
        given = form.cleaned_data
        if acted(
            form,
            lambda: share(
                body, form.whom, given["papers"], last_day=given["last_day"], on=today, actor=actor
            ),
        ):
            messages.success(request, _("It is shared. Each time they open it stands below."))
            return redirect("passport-sharing", slug=body.slug)
    shares = Share.objects.filter(organisation=body).select_related("reader", "place")
    log = Paginator(queries.openings_of(body), A_PAGE)
    return render(
        request,
        "organisations/sharing.html",
        {
            "body": body,
            "open": [one for one in shares if one.open_on(today)],
            "ended": [one for one in shares if not one.open_on(today)],
            "page": log.get_page(request.GET.get("page")),
            "form": form,
        },
    )


@require_POST
@signed_in
@speaks_for_it
def take_back(request: HttpRequest, body: Organisation, pk: int) -> HttpResponse:
    given = get_object_or_404(Share, pk=pk, organisation=body)
    pressed(
        request,
        lambda: take_back_share(given, on=timezone.localdate(), actor=acting(request)),
        _("They read it no more. What they opened before stays in the log."),
    )
    return redirect("passport-sharing", slug=body.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@speaks_for_it
def sponsor(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Ask an organisation to stand for a group; say yes to a group that asks; end it."""
    today, actor = timezone.localdate(), acting(request)
    do = request.POST.get("do", "")
    form = SponsorForm(request.POST if do == "ask" else None, organisation=body)
    if (
        do == "ask"
        and form.is_valid()
        and acted(
            form,
            lambda: ask_sponsor(body, form.cleaned_data["sponsor"], on=today, actor=actor),
        )
    ):
        messages.success(request, _("They are asked. It holds once they say yes."))
        return redirect("passport-sponsor", slug=body.slug)
    mine = Sponsorship.objects.filter(until=None).select_related("group", "sponsor")
    if do in {"accept", "end"}:
        number = request.POST.get("which", "")
        which = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
        one = get_object_or_404(queries.sponsorships_of(body), pk=which)
        act = accept_sponsorship if do == "accept" else end_sponsorship
        pressed(request, lambda: act(one, on=today, actor=actor), _("Written down."))
        return redirect("passport-sponsor", slug=body.slug)
    return render(
        request,
        "organisations/sponsor.html",
        {
            "body": body,
            "ours": mine.filter(group=body).first(),
            "groups": mine.filter(sponsor=body),
            "form": form,
        },
    )
