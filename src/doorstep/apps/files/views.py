"""Hands out kept files, so that a browser treats them as what they are and as nothing else."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response

from doorstep.apps.files.models import Content, StoredFile
from doorstep.apps.public import public

# No script, no plug-in, no form, and an origin of its own, if a browser should open it as a page.
POLICY = "default-src 'none'; img-src 'self'; style-src 'none'; sandbox"


def serve(stored: StoredFile) -> HttpResponse:
    """A file as an answer: pictures show in the page, papers are taken home. The caller has
    guarded it. 404 once it was erased."""
    data = bytes(Content.objects.values_list("data", flat=True).get(pk=stored.pk))
    if not data:
        raise Http404("erased")
    shown = "inline" if stored.is_image else "attachment"
    return HttpResponse(
        data,
        headers={
            "Content-Type": stored.kind,
            "Content-Disposition": f'{shown}; filename="{stored.file_name}"',
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        },
    )


@public
def file(request: HttpRequest, token: str) -> HttpResponse:
    """A public file. Whoever has its address may see it, and keep it for a day."""
    stored = get_object_or_404(StoredFile, token=token, public=True)
    response = serve(stored)
    response.headers["Cache-Control"] = "private, max-age=86400"
    etag = f'"{stored.fingerprint[:32]}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


# Erased by a leaf of the log that pages are not kept under; and no page anyway.
file.cacheable = False  # type: ignore[attr-defined]
