"""An award's page: the whole thread of one sum, from idea to ledger to receipt, and back."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext

from doorstep.apps.awards.fitting import shown
from doorstep.apps.awards.models import Award, Signature
from doorstep.apps.awards.queries import threaded_awards
from doorstep.apps.awards.queries.applying import assessments_of
from doorstep.apps.awards.queries.payments import told_payments
from doorstep.apps.awards.queries.reports import kept_of, told_story
from doorstep.apps.awards.report_sentences import OUTCOMES
from doorstep.apps.people.guards import public
from doorstep.apps.record.telling import tell
from doorstep.apps.rounds.ballots import reason_in_words
from doorstep.apps.rounds.queries import verdict_on


@public
def page(request: HttpRequest, slug: str) -> HttpResponse:
    award = get_object_or_404(
        threaded_awards()
        .select_related(
            "project__idea",
            "application__form",
            "agreement__drafted",
            "agreement__payee_organisation",
            "agreement__purpose",
        )
        .prefetch_related(
            "agreement__instalments",
            Prefetch("agreement__signatures", Signature.objects.select_related("leaf")),
        ),
        slug=slug,
    )
    today = timezone.localdate()
    payments = list(told_payments().filter(award=award).order_by("pk"))
    story = told_story(award, kept_of(award, payments), today)
    return render(
        request,
        "pages/award.html",
        {
            "award": award,
            "why": why(award),
            "idea": getattr(award.project, "idea", None),
            # A ballot's decision is told by its count.
            "decided": "" if award.project else tell([award.decision])[0].sentence,
            "decision": getattr(award.decision, "partnership_decision", None),
            "story": story,
            "payments": payments,
            "results": [(one, OUTCOMES[one.outcome]) for one in story.results],  # type: ignore[index]
            "agreement": getattr(award, "agreement", None),
            "today": today,
            "fit": None if award.is_example else shown(assessments_of([award])[award.pk]),
        },
    )


def why(award: Award) -> str:
    """What the count says of the idea; nothing where no ballot decided."""
    if award.project is None:
        return ""
    verdict = verdict_on(award.project.round, award.project.code)
    return reason_in_words(verdict["reason"], gettext)
