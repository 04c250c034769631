"""What stands on printed pages."""

import io

from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """The words of a PDF, page after page."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
