"""The desk: what an account is, how safe it is, and what waits for it."""

from collections.abc import Iterator

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
    roles = roles_of(account)
    owner = desk.owner_of(account, roles)
    return render(
        request,
        "people/desk.html",
        {
            "account": account,
            "roles": owner.roles,
            "coming": [role for role in roles if role.since > owner.today],
            "second_factor": has_second_factor(account),
            "moves_money": owner.holds(MONEY_ROLES),
            "desk": desk.desk_of(owner),
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


@desk.register
def way_to_the_private_log(owner: desk.Owner) -> Iterator[desk.Told]:
    if owner.holds(noting.READERS):
        yield desk.Way(_("Who signed in, and what was refused"), reverse("private-log"))
