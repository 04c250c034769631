"""The desk: what an account is, how safe it is, and what waits for it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doorstep.apps.people import desk, noting
from doorstep.apps.people.guards import needs_role, signed_in
from doorstep.apps.people.models import Account
from doorstep.apps.people.queries import has_second_factor, roles_of
from doorstep.apps.people.rules import MONEY_ROLES
from doorstep.engine.rulebook import rule

LINES = 50  # on a page


@require_safe
@signed_in
def my_desk(request: HttpRequest) -> HttpResponse:
    account = request.user
    assert isinstance(account, Account)
    today = timezone.localdate()
    roles = roles_of(account)
    held = [role for role in roles if role.holds(today)]
    return render(
        request,
        "people/desk.html",
        {
            "account": account,
            "roles": held,
            "coming": [role for role in roles if role.since > today],
            "second_factor": has_second_factor(account),
            "moves_money": any(role.kind in MONEY_ROLES for role in held),
            "items": desk.items_for(account),
            "ways": desk.ways_for(account),
            "also": desk.told_of(account),
        },
    )


@needs_role(*noting.READERS)
@require_safe
def private_log(request: HttpRequest) -> HttpResponse:
    """Who signed in, was refused, was asked again: of the reader's own places."""
    reader = request.user
    assert isinstance(reader, Account)
    lines = Paginator(noting.lines_for(reader), LINES).get_page(request.GET.get("page"))
    return render(
        request,
        "people/private_log.html",
        {
            "lines": lines,
            "columns": [_("When"), _("Account"), _("What"), _("Where")],
            "days": rule("account.log_kept", timezone.localdate()).value,
        },
    )


@desk.leads
def way_to_the_private_log(account: Account) -> list[desk.Way]:
    today = timezone.localdate()
    reads = any(role.kind in noting.READERS and role.holds(today) for role in roles_of(account))
    return [desk.Way(_("Who signed in, and what was refused"), reverse("private-log"))] * reads
