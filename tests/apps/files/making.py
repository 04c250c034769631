"""Files as people and attackers send them, made in memory."""

import io
import struct
import zlib

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

SECRET = b"taken by Ann Hughes"


def photo(size: tuple[int, int] = (600, 400), kind: str = "JPEG", **options: object) -> bytes:
    """A red picture with a blue left half."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (0, 0, size[0] // 2, size[1]))
    return saved(picture, kind, **options)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Who took it, with what, and where: 51°30′ N, 0°7′ W."""
    made = Image.Exif()
    made[0x010E] = SECRET.decode()
    made[0x010F] = "A camera"
    made[0x0112] = orientation
    gps = made.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (51.0, 30.0, 0.0), "W", (0.0, 7.0, 0.0)
    return made


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, more: bytes = b"") -> bytes:
    """A PNG that says how large it is and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (min(width, 8000) // 8 + 1) * min(height, 100), 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + more
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def paper(pages: int = 1, *, size: tuple[float, float] = (595, 842), **more: object) -> bytes:
    """A PDF with words on each page, and what the keyword arguments ask for."""
    writer = PdfWriter()
    for _page in range(pages):
        page = writer.add_blank_page(*size)
        words = DecodedStreamObject()
        words.set_data(b"1 0 0 rg 100 100 200 300 re f")
        page[NameObject("/Contents")] = writer._add_object(words)
    if script := more.get("script"):
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {
                NameObject("/S"): NameObject("/JavaScript"),
                NameObject("/JS"): TextStringObject(script),
            }
        )
    if attached := more.get("attached"):
        writer.add_attachment("virus.exe", attached)
    if password := more.get("password"):
        writer.encrypt(str(password))
    writer.add_metadata({"/Author": SECRET.decode(), "/Title": "Ann's receipt"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
