"""A passport as somebody reads it whom the group gave leave: written down before it is shown."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from doorstep.apps.files.views import serve
from doorstep.apps.organisations import queries
from doorstep.apps.organisations.actions import open_passport
from doorstep.apps.organisations.models import Document
from doorstep.apps.organisations.rules import registers_of
from doorstep.apps.organisations.views.common import account_of
from doorstep.apps.organisations.words import registers, shown_papers
from doorstep.apps.people.guards import acting, signed_in


@require_safe
@signed_in
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the group holds, with its days; 404 for whoever it is not shared with."""
    account, today = account_of(request), timezone.localdate()
    given = get_object_or_404(queries.shares_read_by(account, today), pk=pk)
    open_passport(given, None, account, on=today, actor=acting(request))
    found = queries.passport(given.organisation, today)
    return render(
        request,
        "organisations/read.html",
        {
            "one": found,
            "share": given,
            "papers": shown_papers(found),
            "registers": registers(registers_of(given.organisation.kind)),
        },
    )


@require_safe
@signed_in
def paper(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """One paper, where the group gave leave to open its kind."""
    account, today = account_of(request), timezone.localdate()
    given = get_object_or_404(queries.shares_read_by(account, today), pk=pk)
    wanted = get_object_or_404(Document, pk=document, organisation=given.organisation)
    open_passport(given, wanted, account, on=today, actor=acting(request))
    return serve(wanted.file)
