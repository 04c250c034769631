"""The keys that sign the logs. They stand in a file outside the database, so that a copy of one
without the other signs nothing; `doorstep record-key` makes them once."""

import os
from pathlib import Path

from django.conf import settings

from doorstep.apps.refused import Refused
from doorstep.engine.seal.faults import SealError
from doorstep.engine.seal.note import LOG, SignerKey

from .models import Log


def make_keys(address: str) -> list[SignerKey]:
    """A key for each log, named by where it will be read: `fund.example.org/record/log/public`.

    Raises Refused when there are keys already: a log that changes its key begins anew for
    everybody who watches it.
    """
    path = Path(settings.RECORD_KEYS)
    host = address.split("://", 1)[-1].rstrip("/")
    made = [SignerKey.new(f"{host}/record/log/{log}", LOG) for log in Log.values]
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(
            f"There are keys in {path} already. They must last as long as the record: whoever "
            "watches it knows it by them.",
            code="record-keys",
        ) from None
    with os.fdopen(handle, "w") as file:
        file.writelines(f"{key}\n" for key in made)
    return made


def signer(log: str) -> SignerKey | None:
    """The key that signs this log; None before any was made. Refused when the file is damaged."""
    try:
        lines = Path(settings.RECORD_KEYS).read_text().splitlines()
    except FileNotFoundError:
        return None
    try:
        found = [key for key in map(SignerKey.parse, lines) if key.name.endswith(f"/{log}")]
    except SealError as fault:
        raise Refused(
            f"The file of keys {settings.RECORD_KEYS} is damaged: {fault} Put its copy back.",
            code="record-keys",
        ) from None
    return found[0] if found else None
