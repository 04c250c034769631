"""Makes a picture or a paper anew, so that only what the eye sees is kept.

It runs as a process of its own (`cleaned`, below, starts it): decoders of pictures and PDFs are
where hostile files attack, so they get one file, little memory, little time, no file to write and
no database to read. Nothing of Django is imported here; what comes in may be anything at all.

Out goes one line of JSON, then the bytes: {"kind", "pages", "width", "height"} or {"refused"}.
"""

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST = 10 * 1024 * 1024  # bytes that come in
MOST_PIXELS = 25_000_000
MOST_PAGES = 30
LONGEST_SIDE = 2400  # pixels that are kept: a till receipt is still read, a face in a crowd is not
QUALITY = 85
POINTS_PER_INCH, DOTS_PER_INCH = 72, 150
SECONDS = 30
MEMORY = 1536 * 1024 * 1024  # addresses, not what is used: libraries map much and touch little
EXIT_REFUSED = 3


class Unclean(Exception):  # noqa: N818 - a verdict on the file; nothing has gone wrong
    """Why a file cannot be kept: a word that `actions` turns into a sentence."""


@dataclass(frozen=True)
class Clean:
    """A file that was made anew."""

    kind: str
    pages: int
    width: int
    height: int
    data: bytes


def kind_of(data: bytes) -> str:
    """What a file is by its first bytes; its name and what the browser called it say nothing."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data.startswith(b"%PDF-"):
        return "PDF"
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"avif"}:
        raise Unclean("heic")
    raise Unclean("kind")


def cleaned(data: bytes) -> Clean:
    """The file made anew by a process of its own. Raises Unclean, whatever happened to it."""
    try:
        ended = subprocess.run(  # noqa: S603 - this interpreter, this file
            [sys.executable, "-I", str(Path(__file__).resolve())],
            input=data,
            capture_output=True,
            timeout=SECONDS * 2,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise Unclean("too_hard") from None
    if ended.returncode not in {0, EXIT_REFUSED}:
        raise Unclean("too_hard" if ended.returncode < 0 else "broken")
    head, _, body = ended.stdout.partition(b"\n")
    said: dict[str, Any] = json.loads(head)
    if "refused" in said:
        raise Unclean(said["refused"])
    return Clean(said["kind"], said["pages"], said["width"], said["height"], body)


def clean(data: bytes) -> Clean:
    """The same, in this process: for the process above."""
    return _paper(data) if kind_of(data) == "PDF" else _picture(data)


def _picture(data: bytes) -> Clean:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # ours, below, is the one that is hit
    try:
        with Image.open(io.BytesIO(data), formats=[kind_of(data)]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Unclean("pixels")
            # A camera's JPEG is decoded small from the start.
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            opened.load()
            picture = _on_white(ImageOps.exif_transpose(opened))
    except Image.DecompressionBombError:
        raise Unclean("pixels") from None
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Clean("image/jpeg", 1, picture.width, picture.height, out.getvalue())


def _on_white(picture: Any) -> Any:
    """A new picture of red, green and blue alone: nothing that the old one carried comes along."""
    from PIL import Image

    if picture.mode.startswith("I"):  # sixteen bits of grey
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    seen = picture.convert("RGBA") if _has_alpha(picture) else picture.convert("RGB")
    white = Image.new("RGB", seen.size, "white")
    white.paste(seen, mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    return white


def _has_alpha(picture: Any) -> bool:
    return picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in picture.info


def _paper(data: bytes) -> Clean:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        raise Unclean("password" if "assword" in str(problem) else "broken") from None
    if not 0 < len(document) <= MOST_PAGES:
        raise Unclean("pages" if len(document) else "broken")
    pictures = []
    for number in range(len(document)):
        page = document[number]
        width, height = page.get_size()
        longest = max(width, height)
        if min(width, height) <= 0:
            raise Unclean("broken")
        scale = min(DOTS_PER_INCH / POINTS_PER_INCH, LONGEST_SIDE / longest)
        # Without forms and notes drawn in: what is not on the page is not kept.
        pictures.append(page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"))
        page.close()
    document.close()
    out = io.BytesIO()
    first, *others = pictures
    first.save(
        out, "PDF", save_all=True, append_images=others, quality=QUALITY,
        resolution=DOTS_PER_INCH, producer="Doorstep",
    )  # fmt: skip
    return Clean("application/pdf", len(pictures), first.width, first.height, out.getvalue())


def main() -> int:
    """Read a file, write it anew; every failure of a decoder is the file's, and is said so."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    said: dict[str, object]
    try:
        made = clean(sys.stdin.buffer.read(LARGEST + 1))
    except Unclean as verdict:
        said, body = {"refused": str(verdict)}, b""
    except MemoryError:
        said, body = {"refused": "too_hard"}, b""
    except Exception:
        said, body = {"refused": "broken"}, b""
    else:
        said = {
            "kind": made.kind, "pages": made.pages, "width": made.width, "height": made.height,
        }  # fmt: skip
        body = made.data
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + body)
    sys.stdout.flush()
    return EXIT_REFUSED if "refused" in said else 0


if __name__ == "__main__":
    raise SystemExit(main())
