"""Re-checks files: each is what was kept, and each that is gone was erased by a leaf."""

import hashlib
from collections.abc import Iterator

from doorstep.apps.files.models import Content, StoredFile
from doorstep.apps.record.verify import Finding, body_of


def verify_files() -> Iterator[Finding]:
    """Every fault in every file; nothing when all is sound."""
    with_content = set()
    contents = Content.objects.select_related("file", "file__kept", "erasure").order_by("pk")
    for content in contents.iterator(chunk_size=20):
        with_content.add(content.file_id)
        for fault in _faults(content):
            yield Finding(f"File {content.file_id}", fault)
    for lost in StoredFile.objects.exclude(pk__in=with_content).values_list("pk", flat=True):
        yield Finding(f"File {lost}", "its content is missing, and no leaf erased it.")


def _faults(content: Content) -> Iterator[str]:
    stored = content.file
    kept = body_of(stored.kept) or {}
    told = (kept.get("fingerprint"), kept.get("purpose"), kept.get("public"))
    if told != (stored.fingerprint, stored.purpose, stored.public):
        yield "its row and the record disagree about what was kept."
    if content.erasure is not None:
        if (body_of(content.erasure) or {}).get("fingerprint") != stored.fingerprint:
            yield "the leaf that erased it speaks of another file."
        return
    now = hashlib.sha256(bytes(content.salt) + bytes(content.data)).hexdigest()
    if now != stored.fingerprint or len(content.data) != stored.size:
        yield "its content is not what was kept."
