"""What is held about whoever is signed in: shown, given as a file, erased; and signing out of every
other device."""

import json

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doorstep.apps.outbox.models import Message
from doorstep.apps.people import devices
from doorstep.apps.people.actions import end_sessions, record_copy
from doorstep.apps.people.devices import note_visit
from doorstep.apps.people.guards import acting, signed_in
from doorstep.apps.people.models import Account, Device, Noted
from doorstep.apps.people.noting import note
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.site import personal


def _me(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@signed_in
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What is held, in numbers, and what can be done about it. The lines of the record are looked
    for when the copy is asked for, and not by everybody who opens the page."""
    person = personal.of_account(_me(request))
    note_visit(request)
    return render(
        request,
        "pages/mine.html",
        {
            "email": _me(request).email,
            "rows": personal.counted(person),
            "messages_held": Message.objects.filter(contact__in=person.contacts).count(),
            "devices": [
                (device, devices.told(device.name), device.session == request.session.session_key)
                for device in devices.alive(_me(request))
            ],
        },
    )


@signed_in
@require_POST
@after_a_fresh_second_step
def download(request: HttpRequest) -> HttpResponse:
    """Everything, as one file."""
    record_copy(_me(request), actor=acting(request))
    text = json.dumps(personal.copy_of(_me(request)), ensure_ascii=False, indent=2)
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="what-doorstep-holds.json"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@signed_in
@require_POST
@after_a_fresh_second_step
def erase(request: HttpRequest) -> HttpResponse:
    """Erase the account, when the box beside the button was ticked as well."""
    if request.POST.get("sure") != "yes":
        messages.warning(request, _("Tick the box first. Nothing was erased."))
        return redirect("mine")
    personal.erase_person(_me(request), reason=_("The person asked for it."), actor=acting(request))
    logout(request)
    messages.success(request, _("You are erased. Nothing here leads to you any more."))
    return redirect("home")


@signed_in
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End every other session of this account: a session holds a mark that is now another."""
    account = _me(request)
    end_sessions(account, but=request.session.session_key, actor=acting(request))
    update_session_auth_hash(request, account)
    note(Noted.Kind.SESSION_ENDED, account=account, request=request)
    messages.success(request, _("Every other device is signed out. This one is not."))
    return redirect("mine")


@signed_in
@require_POST
def end_device(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of one's own, at once."""
    device = get_object_or_404(Device, pk=pk, account=_me(request))
    here = device.session == request.session.session_key
    devices.end(device)
    note(Noted.Kind.SESSION_ENDED, account=_me(request), request=request)
    if here:
        logout(request)
        return redirect("home")
    messages.success(request, _("That device is signed out."))
    return redirect("mine")
