"""Pages of the outbox: its backlog for officers, letters for workers, and the end of digests."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.apps.outbox import actions, queries
from doorstep.apps.outbox.letters import mark_posted, print_run
from doorstep.apps.outbox.models import Contact, Message
from doorstep.apps.outbox.queries import OFFICERS
from doorstep.apps.people.guards import needs_role, place_at, roles_held
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.public import public_form


@needs_role(*OFFICERS)
@require_http_methods(["GET", "HEAD"])
def backlog(request: HttpRequest) -> HttpResponse:
    """How many messages wait, since when, and which were given up and why. Officers see the counts
    of the whole server; single messages, of the places of their roles (`queries.seen_by`)."""
    now = timezone.now()
    seen = queries.worker_seen_at()
    return render(
        request,
        "outbox/backlog.html",
        {
            "waiting": queries.waiting(),
            **queries.counts(now - timedelta(days=1)),
            "failures": queries.failures(roles_held(request)),
            "chores": queries.chores_that_fail(),
            "seen": seen,
            "silent": seen is None or seen < now - queries.SILENCE,
        },
    )


@needs_role(*OFFICERS)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try once more what was given up. Pressed twice, it is put back once."""
    mine = Message.objects.filter(queries.seen_by(roles_held(request)))
    actions.try_again(get_object_or_404(mine, pk=pk))
    messages.success(request, _("It is in the outbox again."))
    return redirect("messages")


# The mail program of the receiver posts here without having seen a page (RFC 8058), so there is no
# CSRF token; the address itself is what only the receiver has, and all it does is to end digests.
@public_form
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then end the digests; done twice, it is done."""
    contact = get_object_or_404(Contact, token=token)
    if request.method == "POST":
        if request.POST.get("want") == "yes":
            actions.subscribe_again(contact)
        else:
            actions.unsubscribe(contact)
        if "List-Unsubscribe" not in request.POST:
            return redirect("unsubscribe", token=token)
        contact.refresh_from_db()
    return render(request, "outbox/unsubscribe.html", {"contact": contact})


unsubscribe.cacheable = False  # type: ignore[attr-defined]


@needs_role("worker", place=place_at)
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits to be printed and posted; a POST says that what was printed is posted."""
    place = place_at(request, slug)
    if request.method == "POST":
        posted = mark_posted(place)
        messages.success(
            request,
            ngettext("%(count)s letter is posted.", "%(count)s letters are posted.", posted)
            % {"count": posted},
        )
        return redirect("letters", slug=slug)
    waiting = queries.letters(place)
    return render(
        request,
        "outbox/letters.html",
        {
            "place": place,
            "count": waiting.count(),
            "printed": waiting.filter(printed_at__isnull=False).count(),
        },
    )


@needs_role("worker", place=place_at)
@require_POST
@after_a_fresh_second_step
def letters_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The letters that wait, as a PDF."""
    return HttpResponse(
        print_run(place_at(request, slug)),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{slug}-letters.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
