"""How messages leave the house. Each is handed one message and either takes it or raises
NotSent; none knows of databases, tries or digests.

`reference` is the same each time one message is tried, so that a gateway or a letter box that
looks for doubles finds them.
"""

import base64
import hashlib
import hmac
import http.client
import json
import smtplib
import sys
import time
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage

TIMEOUT = 20  # seconds, as of SMTP in the settings; a message is claimed for much longer


class NotSent(Exception):  # noqa: N818 - said to the outbox, which decides what to do
    """Why a gateway did not take a message: a word of `rules.why`, never an address. `for_good`
    when trying again cannot help."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good


class SmsGateway(Protocol):
    def send(self, number: str, text: str, reference: str) -> None: ...


def send_email(
    address: str, subject: str, text: str, *, reference: str, unsubscribe: str = ""
) -> None:
    """Plain text, through Django's e-mail backend. Raises NotSent."""
    host = urlsplit(settings.ADDRESS).hostname or "localhost"
    headers = {
        "Message-ID": f"<{reference}@{host}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: so that no holiday notice answers
    }
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail = EmailMessage(
        " ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers
    )
    try:
        sent = mail.send()
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _said in problem.recipients.values()]
        raise NotSent("refused", for_good=all(500 <= code < 600 for code in codes)) from None
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused):
        raise NotSent("gateway") from None
    except (smtplib.SMTPException, OSError):
        raise NotSent("unreachable") from None
    if not sent:
        raise NotSent("gateway")


class Console:
    """Prints text messages where the server was started: for trying out."""

    def send(self, number: str, text: str, reference: str) -> None:
        print(f"\nText message to {number}:\n{text}\n", file=sys.stderr, flush=True)


class InFiles:
    """Writes each text message into a file of the data folder: for trying out."""

    def send(self, number: str, text: str, reference: str) -> None:
        folder = Path(settings.DATA) / "sms"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{reference}.txt").write_text(f"{number}\n\n{text}\n")


class Notify:
    """GOV.UK Notify, or whatever speaks its API: POST /v2/notifications/sms with a signed token.

    The template that is named in the settings holds one placeholder, ((text)).
    """

    def __init__(self, url: str, key: str, template: str) -> None:
        if len(key) < 74 or not template:
            raise ImproperlyConfigured(
                "Text messages through Notify need DOORSTEP_NOTIFY_KEY and "
                "DOORSTEP_NOTIFY_TEMPLATE."
            )
        self.url = urlsplit(url)
        local = self.url.hostname in {"127.0.0.1", "::1", "localhost"}
        if self.url.scheme != "https" and not local:
            raise ImproperlyConfigured("DOORSTEP_NOTIFY_URL must begin with https://.")
        # A key is its name, the service's id and the secret, each id of 36 letters.
        self.service, self.secret = key[-73:-37], key[-36:]
        self.template = template

    def send(self, number: str, text: str, reference: str) -> None:
        asked = {
            "phone_number": number,
            "template_id": self.template,
            "personalisation": {"text": text},
            "reference": reference,
        }
        opened = (
            http.client.HTTPSConnection
            if self.url.scheme == "https"
            else http.client.HTTPConnection
        )
        connection = opened(self.url.hostname or "", self.url.port, timeout=TIMEOUT)
        try:
            connection.request(
                "POST",
                f"{self.url.path.rstrip('/')}/v2/notifications/sms",
                body=json.dumps(asked),
                headers={
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {self.token(int(time.time()))}",
                },
            )
            # Redirects are not followed: they would hand the number to somebody else.
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            raise NotSent("unreachable") from None
        finally:
            connection.close()
        if status == 201:
            return
        if status == 400:
            raise NotSent("refused", for_good=True)
        raise NotSent("gateway" if status in {401, 403, 404} else "unreachable")

    def token(self, now: int) -> str:
        """A JSON Web Token (RFC 7519) signed with HS256, as Notify asks for."""
        parts = [{"typ": "JWT", "alg": "HS256"}, {"iss": self.service, "iat": now}]
        said = b".".join(
            _base64url(json.dumps(part, separators=(",", ":")).encode()) for part in parts
        )
        signed = hmac.digest(self.secret.encode(), said, hashlib.sha256)
        return b".".join([said, _base64url(signed)]).decode()


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def sms_gateway() -> SmsGateway:
    """The gateway that the settings choose."""
    if settings.SMS_GATEWAY == "notify":
        return Notify(settings.NOTIFY_URL, settings.NOTIFY_KEY, settings.NOTIFY_TEMPLATE)
    return InFiles() if settings.SMS_GATEWAY == "file" else Console()
