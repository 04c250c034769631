"""An envelope's mark, looked up in the public record: by its form, so that it stands in no address
and no log. It is the reader's own browser that knows whose mark it is; nothing here does."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from doorstep.apps.public import public_form
from doorstep.apps.record.models import Leaf
from doorstep.apps.voting.models import EnvelopeBatch, Poll
from doorstep.apps.voting.views.trustees import round_with_terms

_MARK = re.compile(r"[0-9a-f]{64}", re.ASCII)
LONGEST = 200


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, slug: str) -> HttpResponse:
    """In which line of the record an envelope's mark stands."""
    round_ = round_with_terms(slug)
    poll = Poll.objects.filter(round=round_).first()
    if poll is None or poll.opening_id is None:
        raise Http404
    typed = "".join(request.POST.get("mark", "")[:LONGEST].lower().split())
    whole = bool(_MARK.fullmatch(typed))
    return render(
        request,
        "voting/mark.html",
        {
            "round": round_,
            "poll": poll,
            "typed": typed,
            "wrong": bool(typed) and not whole,
            "line": _line(round_.pk, typed) if whole else None,
        },
    )


def _line(round_: int, mark_: str) -> Leaf | None:
    """The leaf whose batch names this mark. The batches stay when the envelopes are destroyed."""
    written = f'"{mark_}"'.encode()
    leaves = Leaf.objects.filter(
        pk__in=EnvelopeBatch.objects.filter(round=round_).values("leaf")
    ).order_by("idx")
    return next((leaf for leaf in leaves.iterator() if written in bytes(leaf.body)), None)
