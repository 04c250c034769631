"""The record as anybody reads it: what happened, newest first, and one leaf down to its bytes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from doorstep.apps.addresses import number
from doorstep.apps.public import kept_for, public

from .checking import catalogue
from .folder import KEY
from .models import Leaf, Log, Wording
from .proofs import proof_of
from .publishing import folder_of
from .queries import (
    commitments_in,
    hidden_among,
    latest_checkpoint,
    monthly_checkpoints,
    size,
    watchers,
)
from .sentences import group_name, groups
from .telling import tell
from .verify import body_of

LEAVES_SHOWN = 50


@public
@kept_for("before", "about")
def record_list(request: HttpRequest) -> HttpResponse:
    before = number(request.GET.get("before"))
    about = request.GET.get("about", "")
    known = list(groups())
    about = about if about in {room for room, _name in known} else ""
    leaves = Leaf.objects.filter(log=Log.PUBLIC)
    if about:
        leaves = leaves.filter(kind__startswith=f"{about}.")
    if before is not None:
        leaves = leaves.filter(idx__lt=before)
    found = list(leaves.order_by("-idx")[: LEAVES_SHOWN + 1])
    return render(
        request,
        "record/list.html",
        {
            "told": tell(found[:LEAVES_SHOWN]),
            "older": found[LEAVES_SHOWN - 1].idx if len(found) > LEAVES_SHOWN else None,
            "is_first_page": before is None,
            "groups": known,
            "about": about,
            "about_name": group_name(about),
            "size": size(),
            "checkpoint": latest_checkpoint(),
        },
    )


@public
def watch(request: HttpRequest) -> HttpResponse:
    """Who keeps watch over the record, and how to join them."""
    signed = latest_checkpoint()
    key = folder_of(Log.PUBLIC).read(KEY)
    return render(
        request,
        "record/watch.html",
        {
            "size": size(),
            "checkpoint": signed,
            "audit": latest_checkpoint(Log.AUDIT),
            "watchers": watchers(),
            "months": monthly_checkpoints(),
            "stamps": signed.timestamp_set.order_by("pk") if signed else [],
            "key": key.decode() if key else "",
            "address": request.build_absolute_uri("/record/log/public"),
            "site": request.build_absolute_uri("/").rstrip("/"),
        },
    )


@public
def check(request: HttpRequest) -> HttpResponse:
    """Checks everything in the visitor's browser: a second program beside verify.py."""
    site = request.build_absolute_uri("/").rstrip("/")
    data = {"words": catalogue(), "site": site}
    shown = {"site": site, "data": data, "checkpoint": latest_checkpoint()}
    return render(request, "record/check.html", shown)


@public
def record_leaf(request: HttpRequest, idx: int) -> HttpResponse:
    leaf = get_object_or_404(Leaf, log=Log.PUBLIC, idx=idx)
    (told,) = tell([leaf])
    wanted = commitments_in(body_of(leaf))
    hidden = hidden_among(wanted)
    return render(
        request,
        "record/leaf.html",
        {
            "leaf": leaf,
            "sentence": told.sentence,
            "text": bytes(leaf.body).decode(errors="replace"),
            "leaf_hash": bytes(leaf.leaf_hash).hex(),
            "previous": bytes(leaf.prev_chain).hex(),
            "chain": bytes(leaf.chain).hex(),
            "words": [
                (kept, bytes(kept.salt).hex())
                for kept in Wording.objects.filter(commitment__in=wanted - hidden).order_by("pk")
            ]
            if wanted
            else [],
            "hidden": sorted(hidden),
            "proof": proof_of(idx),
            "has_next": leaf.idx + 1 < size(),
        },
    )


@public
def record_bytes(request: HttpRequest, idx: int) -> HttpResponse:
    """The exact bytes that the hash covers, as a file."""
    leaf = Leaf.objects.filter(log=Log.PUBLIC, idx=idx).only("body").first()
    if leaf is None:
        raise Http404
    return HttpResponse(
        bytes(leaf.body),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="leaf-{idx}.json"'},
    )
