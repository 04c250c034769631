"""An RFC 3161 timestamp over the last checkpoint: an authority that has nothing to do with us says
that it existed then. Off unless an authority and its root certificates are configured."""

import http.client
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from doorstep.apps.refused import Refused
from doorstep.engine.seal.note import Note

from .actions.checkpoints import keep_timestamp
from .models import Checkpoint, Timestamp
from .queries import latest_checkpoint

PATIENCE = 20.0
LONGEST = 64 * 1024


def stamp_latest() -> Timestamp | None:
    """Have the last checkpoint of the public log stamped; None when there is nothing to stamp, or
    no authority. Raises Refused when the authority's answer is not what was asked for."""
    last = latest_checkpoint()
    if not settings.TIMESTAMP_URL or last is None:
        return None
    authority = urlsplit(settings.TIMESTAMP_URL).netloc
    if Timestamp.objects.filter(checkpoint=last, authority=authority).exists():
        return None
    message, roots = stamped_text(last), _roots()
    request = TimestampRequestBuilder(message, HashAlgorithm.SHA256).build()
    answer = _ask(request.as_bytes())
    return keep_timestamp(last, authority, answer, moment_of(answer, request, message, roots))


def moment_of(answer: bytes, request: TimeStampRequest, message: bytes, roots: bytes) -> datetime:
    """When an authority says that it stamped `message`, asked by `request`. Raises Refused unless
    the answer is one to that, by an authority under one of the `roots` (PEM)."""
    try:
        response = decode_timestamp_response(answer)
        verifier = VerifierBuilder.from_request(request)
        for root in x509.load_pem_x509_certificates(roots):
            verifier = verifier.add_root_certificate(root)
        verifier.build().verify_message(response, message)
        return response.tst_info.gen_time
    except (VerificationError, ValueError) as problem:
        raise Refused(
            f"{urlsplit(settings.TIMESTAMP_URL).netloc} did not stamp the checkpoint: its answer "
            f"does not hold ({problem}). Are its root certificates in DOORSTEP_TIMESTAMP_ROOTS?",
            code="timestamp",
        ) from None


def stamped_text(checkpoint: Checkpoint) -> bytes:
    """What the authority stamps: the checkpoint's three lines, without signatures."""
    return Note.parse(checkpoint.note.encode()).text.encode()


def _roots() -> bytes:
    try:
        return Path(settings.TIMESTAMP_ROOTS).read_bytes()
    except OSError as problem:
        raise Refused(
            f"The file of DOORSTEP_TIMESTAMP_ROOTS, {settings.TIMESTAMP_ROOTS}, cannot be read: "
            f"{problem.strerror}. Put it back: nothing is stamped that could not be checked.",
            code="timestamp",
        ) from None


class _StayHere(urllib.request.HTTPRedirectHandler):
    """What the authority answers leads nowhere else: a redirect is an error like any other."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        return None


def _ask(query: bytes) -> bytes:
    asked = urllib.request.Request(  # noqa: S310 - the operator's own setting
        settings.TIMESTAMP_URL, query, {"Content-Type": "application/timestamp-query"}
    )
    try:
        opened = urllib.request.build_opener(_StayHere)
        with opened.open(asked, timeout=PATIENCE) as answer:
            data: bytes = answer.read(LONGEST)
    except (urllib.error.URLError, OSError, http.client.HTTPException) as problem:
        raise Refused(
            f"The timestamp authority {settings.TIMESTAMP_URL} cannot be reached: {problem}.",
            code="timestamp",
        ) from None
    return data
