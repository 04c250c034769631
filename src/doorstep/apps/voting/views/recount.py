"""A recount by two people, where ballots are not published: download, count at home, send it in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from doorstep.apps.people.guards import acting, signed_in, with_a_second_step
from doorstep.apps.people.models import Account
from doorstep.apps.people.queries import roles_of
from doorstep.apps.people.rules import may
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.record.models import Wording
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.ballots import count_command
from doorstep.apps.rounds.models import BallotBox, Publication, Recount, Round, Secrecy
from doorstep.apps.voting.actions.recounting import recounted
from doorstep.apps.voting.forms_of_the_box import RecountForm
from doorstep.apps.voting.models import Trustee


def _round_to_recount(request: HttpRequest, slug: str) -> tuple[Round, Account, Wording | None]:
    """The round, who asks, and the name they are known by. Nobody else learns of this page.

    Its trustees recount it; where the house opened the box, members of the partnership.
    """
    rounds = Round.objects.select_related("terms", "place", "title", "result")
    round_ = get_object_or_404(
        rounds,
        slug=slug,
        terms__publication=Publication.AGGREGATE,
        box__form=BallotBox.Form.BALLOTS,
        counted__isnull=False,
    )
    account = Account.objects.get(pk=int(request.user.pk or 0))
    trustee = Trustee.objects.filter(round=round_, account=account).select_related("name").first()
    if trustee is not None:
        return round_, account, trustee.name
    member = may(
        roles_of(account),
        ["partnership_member"],
        timezone.localdate(),
        place_id=round_.place_id,
        place_name=round_.place.name,
    )
    if round_.terms.secrecy != Secrecy.HOUSE or not member:
        raise Http404
    return round_, account, None


@signed_in
@with_a_second_step
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def recount(request: HttpRequest, slug: str) -> HttpResponse:
    round_, account, name = _round_to_recount(request, slug)
    form = RecountForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = recounted(
                round_,
                form.cleaned_data["outcome"].read(),
                signer=account,
                name=name,
                actor=acting(request),
            )
        except Refused as refusal:
            form.add_error("outcome", refusal.reason)
        else:
            messages.success(
                request,
                _("Both counts agree. The ballots are destroyed, and the recount is signed.")
                if done
                else _("Your count agrees. When a second person’s does too, it is signed."),
            )
            return redirect("voting:recount", slug=slug)
    return render(
        request,
        "voting/recount.html",
        {
            "round": round_,
            "form": form,
            "forgotten": round_.box.is_forgotten,
            "mine": Recount.objects.filter(round=round_, signer=account).exists(),
            "signed": Recount.objects.filter(round=round_).count(),
            "command": f"{count_command(round_)} --json {slug}.json",
        },
    )


@signed_in
@with_a_second_step
@require_GET
def recount_ballots(request: HttpRequest, slug: str) -> HttpResponse:
    """The ballots, for the two who recount them. They promise to delete their copy."""
    round_, _account, _name = _round_to_recount(request, slug)
    if round_.box.is_forgotten:
        raise Http404
    return HttpResponse(
        round_.box.pabulib,
        content_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{slug}.pb"',
            "Cache-Control": "no-store",
        },
    )
