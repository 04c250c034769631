"""The desk: what an account is, how safe it is, and what waits for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from doorstep.apps.people import desk
from doorstep.apps.people.guards import signed_in
from doorstep.apps.people.models import Account
from doorstep.apps.people.queries import has_second_factor, roles_of
from doorstep.apps.people.rules import MONEY_ROLES


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
        },
    )
