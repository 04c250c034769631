"""The published log as files, for whoever watches it: C2SP tlog-tiles.

Of the audit log only the checkpoint is public. Its leaves say which officer did what and when; they
are few and alike, so even their hashes could be guessed back. Auditors get its folder by hand.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from doorstep.apps.public import public, public_form
from doorstep.apps.refused import Refused
from doorstep.engine.seal.joined import verify_file
from doorstep.engine.seal.tiles import is_tile_path

from .actions.checkpoints import add_cosignatures
from .folder import CHECKPOINT, KEY, WITNESSES
from .models import Log, Timestamp
from .proofs import proof_of
from .publishing import folder_of, show_again

TEXT = "text/plain; charset=utf-8"
YEAR = 365 * 24 * 3600
NEVER_CHANGES = f"public, max-age={YEAR}, immutable"
ASK_AGAIN = "public, no-cache"


@public
def checkpoint(request: HttpRequest, log: str) -> HttpResponse:
    """The last signed checkpoint, with the witnesses' lines under it."""
    return _file(log, CHECKPOINT, TEXT, ASK_AGAIN)


@public
def key(request: HttpRequest, log: str) -> HttpResponse:
    """The public key of a log. Compare it with what was printed on paper."""
    return _file(log, KEY, TEXT, ASK_AGAIN)


@public
def witnesses(request: HttpRequest) -> HttpResponse:
    """The public keys of those whose lines stand under the checkpoint."""
    return _file(Log.PUBLIC, WITNESSES, TEXT, ASK_AGAIN)


@public
def timestamp(request: HttpRequest, size: int) -> HttpResponse:
    """The newest timestamp authority's answer (RFC 3161) about a checkpoint of this size."""
    found = Timestamp.objects.filter(checkpoint__log=Log.PUBLIC, checkpoint__size=size)
    newest = found.order_by("-pk").first()
    if newest is None:
        raise Http404
    response = HttpResponse(bytes(newest.token), content_type="application/timestamp-reply")
    response["Content-Disposition"] = f'attachment; filename="{size}.tsr"'
    return _open(response, ASK_AGAIN)


@public
def verify_py(request: HttpRequest) -> HttpResponse:
    """The checker that needs nothing but Python: run it on this address, or on a bundle."""
    response = _open(HttpResponse(verify_file(), content_type=TEXT), ASK_AGAIN)
    response["Content-Disposition"] = 'attachment; filename="verify.py"'
    return response


@public
def tile(request: HttpRequest, rest: str) -> HttpResponse:
    """A tile of hashes, or a bundle of leaves."""
    path = f"tile/{rest}"
    if not is_tile_path(path):
        raise Http404
    return _file(Log.PUBLIC, path, "application/octet-stream", NEVER_CHANGES)


@public
def proof(request: HttpRequest, idx: int) -> HttpResponse:
    """The proof that a leaf stands in the signed record (C2SP tlog-proof)."""
    found = proof_of(idx)
    if found is None:
        raise Http404
    response = _open(HttpResponse(found.file, content_type=TEXT), ASK_AGAIN)
    response["Content-Disposition"] = f'attachment; filename="leaf-{idx}.tlog-proof"'
    return response


@public_form
@csrf_exempt  # what counts is the signature in it
@require_POST
def cosignatures(request: HttpRequest) -> HttpResponse:
    """Take a checkpoint that a known witness cosigned (`doorstep witness … --send`)."""
    try:
        kept = add_cosignatures(request.body)
    except Refused as refusal:
        return HttpResponse(f"{refusal.reason}\n", TEXT, 422)
    show_again(kept[0].checkpoint.log)
    return HttpResponse("Kept, and shown under the checkpoint.\n", TEXT)


# Kept apart from pages: they are files already, and their headers are their own.
checkpoint.cacheable = key.cacheable = tile.cacheable = False  # type: ignore[attr-defined]
proof.cacheable = timestamp.cacheable = witnesses.cacheable = verify_py.cacheable = False  # type: ignore[attr-defined]


def _file(log: str, name: str, kind: str, keep: str) -> HttpResponse:
    data = folder_of(log).read(name) if log in Log.values else None
    if data is None:
        raise Http404
    return _open(HttpResponse(data, content_type=kind), keep)


def _open(response: HttpResponse, keep: str) -> HttpResponse:
    """Any site and any program may read it."""
    response["Cache-Control"] = keep
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
