"""What waitress says by itself, before Django is asked: in plain words, not in the wire's own."""

from django.utils.html import format_html
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask

# Three times what an upload may have: so a photo straight from a camera is read, and refused beside
# its box with everything else that was typed still there.
LARGEST_REQUEST = 32 * 1024 * 1024


def page(code: int, languages: str) -> bytes:
    """A whole page for a request that was not read, in the first language of Accept-Language."""
    with override("cy" if languages.strip().lower().startswith("cy") else "en-gb"):
        if code == 413:
            title = _("That is too large to send")
            what = _("What you sent is larger than %(most)s MB, so we did not read it.") % {
                "most": LARGEST_REQUEST // 1024 // 1024
            }
            to_do = _("Nothing has been changed. Go back, and choose a file of at most 10 MB.")
        else:
            title = _("We could not read that request")
            what = _("The address or the form that reached us was damaged or far too large.")
            to_do = _(
                "Nothing has been changed. Go back, and try again. If you typed the address, check "
                "it."
            )
        html = format_html(
            '<!doctype html><html lang="{}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>{} – Doorstep</title>'
            '<h1>{}</h1><p>{}</p><p>{}</p><p><a href="/">{}</a></p></html>',
            get_language(), title, title, what, to_do, _("Go to the home page"),
        )  # fmt: skip
    return html.encode()


class PlainErrorTask(ErrorTask):
    """The answer to a request that waitress refuses."""

    def execute(self) -> None:
        problem = self.request.error
        body = page(problem.code, self.request.headers.get("ACCEPT_LANGUAGE", ""))
        self.status = f"{problem.code} {problem.reason}"
        self.response_headers.extend(
            [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Security-Policy", "default-src 'none'"),
                ("X-Content-Type-Options", "nosniff"),
            ]
        )
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class OneLength(HTTPRequestParser):
    """Refuses a request that says in two ways where it ends.

    waitress would believe the chunks. A proxy that believes the number sees the end elsewhere, and
    what lies between is taken for the request of whoever comes next (RFC 9112, section 6.3).
    """

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        # Taken out of the headers where it was understood, which in HTTP/1.0 it never is.
        not_understood = "TRANSFER_ENCODING" in self.headers
        if not_understood or (self.chunked and "CONTENT_LENGTH" in self.headers):
            raise ParsingError("Two ways to say where the request ends")


class PlainChannel(HTTPChannel):
    error_task_class = PlainErrorTask
    parser_class = OneLength
