"""Keep a file that somebody handed in, and erase it again."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.files import rules
from doorstep.apps.files.cleaning import LARGEST, Unclean, cleaned, kind_of
from doorstep.apps.files.models import SALT_BYTES, Content, StoredFile
from doorstep.apps.files.queries import is_pointed_at, left_behind
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.refused import Refused


class Upload(Protocol):
    """What a form's file field gives; an open file is one too."""

    def read(self, size: int = ..., /) -> bytes: ...


def keep(
    upload: Upload | IO[bytes] | bytes,
    *,
    purpose: str,
    public: bool,
    by: Actor,
    pictures_only: bool = False,
) -> StoredFile:
    """Keep a picture (JPEG, PNG, WebP) or a PDF, made anew from what the eye sees.

    `purpose` is a word such as `receipt`; it names the file when it is taken home. `public` files
    have an address of their own; others are served by the view of the room that owns them. The
    work on the file is done before the transaction, in a process of its own. Raises Refused.
    """
    if not rules.is_purpose(purpose):
        raise Refused(
            _("“%(purpose)s” is not a purpose; write a word such as receipt.")
            % {"purpose": purpose},
            code="file",
        )
    data = upload if isinstance(upload, bytes) else _read(upload)
    try:
        if not data or len(data) > LARGEST:
            raise Unclean("size" if data else "empty")
        if kind_of(data) == "PDF" and pictures_only:
            raise Unclean("picture")
        made = cleaned(data)
    except Unclean as verdict:
        raise Refused(rules.why_not(str(verdict)), code=f"file_{verdict}") from None
    salt = secrets.token_bytes(SALT_BYTES)
    fingerprint = hashlib.sha256(salt + made.data).hexdigest()
    with transaction.atomic():
        leaf = write_leaf(
            "file.kept",
            {
                "fingerprint": fingerprint,
                "purpose": purpose,
                "public": public,
                "actor": by.as_leaf(),
            },
            log=Log.AUDIT,
        )
        stored = StoredFile.objects.create(
            purpose=purpose,
            public=public,
            kind=made.kind,
            size=len(made.data),
            pages=made.pages,
            width=made.width,
            height=made.height,
            fingerprint=fingerprint,
            kept=leaf,
        )
        Content.objects.create(file=stored, salt=salt, data=made.data)
    return stored


@contextmanager
def keeping(
    upload: Upload | IO[bytes] | bytes,
    *,
    purpose: str,
    public: bool,
    by: Actor,
    pictures_only: bool = False,
) -> Iterator[StoredFile]:
    """Keep a file for a step that will point at it; erased at the end of the step if nothing does,
    because it was refused or done before."""
    stored = keep(upload, purpose=purpose, public=public, by=by, pictures_only=pictures_only)
    try:
        yield stored
    finally:
        if not is_pointed_at(stored):
            _erase_unused(stored)


def erase_left_behind() -> int:
    """Erase what was handed in a day ago or more and no row points at: a server that stopped in
    the middle of a step leaves such files. How many were erased."""
    found = list(left_behind())
    for stored in found:
        _erase_unused(stored)
    return len(found)


def _erase_unused(stored: StoredFile) -> None:
    erase(stored, reason="nothing points at it", actor=Actor("system", "files"))


@transaction.atomic
def erase(stored: StoredFile, *, reason: str, actor: Actor) -> Leaf:
    """Forget a file's content for ever; the leaf says that and why, not what was on it."""
    lock_head(Log.AUDIT)
    if Content.objects.get(pk=stored.pk).erasure_id is not None:
        raise Refused(_("This file was erased already. There is nothing left."), code="file_erased")
    leaf = write_leaf(
        "file.erased",
        {
            "file": stored.pk,
            "fingerprint": stored.fingerprint,
            "reason": keep_words(reason).commitment,
            "actor": actor.as_leaf(),
        },
        log=Log.AUDIT,
    )
    Content.objects.filter(pk=stored.pk).update(salt=b"", data=b"", erasure=leaf)
    return leaf


def _read(upload: Upload | IO[bytes]) -> bytes:
    """One byte more than is taken, so that too much is seen without reading it all."""
    if hasattr(upload, "seek"):
        upload.seek(0)
    return upload.read(LARGEST + 1)
