"""What a sign-in asks for: the code of the e-mail, and the number that an app shows."""

import base64
import hashlib
import hmac
import re
import struct
import time

from tests.e2e.serving import Demo


def digits_of(secret: str, at: float | None = None) -> str:
    """The six digits an authenticator app shows (RFC 6238: SHA-1, 30 seconds)."""
    step = int((time.time() if at is None else at) // 30)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def secret_of(demo: Demo, email: str) -> str:
    return re.search(rf"{re.escape(email)} .*\b([A-Z2-7]{{32}})\b", demo.printed).group(1)


def code_for(demo: Demo, email: str) -> str:
    letter = [one for one in demo.letters() if email in one and "code is:" in one][-1]
    return re.search(r"^\s+(\S+)\s*$", letter.partition("code is:")[2], re.MULTILINE).group(1)
