"""Disguised, stuffed, bombed and broken files: made anew, or refused with what to do."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from doorstep.apps.files import cleaning
from doorstep.apps.files.actions import keep
from doorstep.apps.files.cleaning import LARGEST, Unclean, clean, cleaned
from doorstep.apps.files.models import StoredFile
from doorstep.apps.files.rules import why_not
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from tests.apps.files.making import SECRET, chunk, exif, paper, photo, png_of, saved

TEST = Actor("system", "test")
HTML = b"<html><script>alert(1)</script></html>"


def shown(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_look_and_nothing_else(kind):
    made = cleaned(photo(kind=kind, exif=exif(), **({"comment": SECRET} if kind == "JPEG" else {})))
    picture = shown(made.data)
    assert (made.kind, picture.format, picture.size) == ("image/jpeg", "JPEG", (600, 400))
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive",
                                 "progression"}  # fmt: skip
    for trace in (SECRET, b"camera", b"GPS", b"Exif"):
        assert trace not in made.data
    red, blue = picture.getpixel((500, 200)), picture.getpixel((100, 200))
    assert red[0] > 200 > 60 > red[2]
    assert blue[2] > 200 > 60 > blue[0]


def test_a_picture_taken_on_its_side_stands_upright():
    made = cleaned(photo(exif=exif(orientation=6)))
    assert (made.width, made.height) == (400, 600)
    assert shown(made.data).getpixel((200, 60))[2] > 200, "blue was left and is now on top"


def test_a_large_picture_is_made_smaller():
    made = cleaned(photo((4000, 3000)))
    assert (made.width, made.height) == (2400, 1800)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_every_kind_of_colour_is_read(mode):
    kind = "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"
    source = Image.new("L", (40, 30), 128)
    if mode.startswith("I"):
        source = Image.new("I", (40, 30), 0x8000).convert(mode)
    made = cleaned(saved(source if mode.startswith("I") else source.convert(mode), kind))
    level = shown(made.data).convert("L").getpixel((20, 15))
    assert level in {0, 255} if mode == "1" else abs(level - 128) < 12


def test_what_was_seen_through_is_white():
    made = cleaned(saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"))
    assert shown(made.data).getpixel((10, 10)) == (255, 255, 255)


def test_of_a_moving_picture_one_frame_is_kept():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    made = cleaned(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    assert getattr(shown(made.data), "n_frames", 1) == 1


@pytest.mark.parametrize(
    "tail", [HTML, b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.4 /JavaScript (app.alert(1))", SECRET]
)
def test_a_second_file_behind_the_first_is_gone(tail):
    made = cleaned(photo() + tail)
    assert tail not in made.data


def test_a_zip_inside_a_picture_is_gone():
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("virus.exe", b"MZ")
    made = cleaned(photo() + hidden.getvalue())
    assert not zipfile.is_zipfile(io.BytesIO(made.data))


def test_words_in_a_pictures_chunks_are_gone():
    stuffed = png_of(8, 8, chunk(b"tEXt", b"Comment\0" + HTML))
    assert HTML not in cleaned(stuffed).data


@pytest.mark.parametrize(
    ("name", "data", "verdict"),
    [
        ("photo.jpg", HTML, "kind"),
        ("photo.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "kind"),
        ("photo.png", b"GIF89a" + b"\0" * 20, "kind"),
        ("photo.jpg", b"BM" + b"\0" * 60, "kind"),
        ("receipt.pdf", b"\x7fELF" + b"\0" * 60, "kind"),
        ("receipt.pdf", b"PK\x03\x04" + b"\0" * 60, "kind"),
        ("receipt.pdf", HTML + b"%PDF-1.4", "kind"),
        ("receipt.pdf", b"%PDF-1.4" + HTML, "broken"),
        ("photo.heic", b"\0\0\0\x20ftypheic" + b"\0" * 20, "heic"),
        ("photo.jpg", b"\xff\xd8\xff" + HTML, "broken"),
        ("photo.jpg", photo()[:300], "broken"),
        ("photo.webp", b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 10, "broken"),
        ("photo.png", png_of(5200, 5000), "pixels"),
        ("photo.png", png_of(60_000, 60_000), "pixels"),
        ("photo.png", png_of(2**31 - 1, 2**31 - 1), "pixels"),
        ("photo.png", png_of(0, 10), "broken"),
        ("empty.png", b"", "empty"),
        ("large.jpg", b"\xff\xd8\xff" + b"\0" * LARGEST, "size"),
    ],
)
@pytest.mark.django_db
def test_what_is_not_a_picture_or_a_paper_is_refused_in_words(name, data, verdict):
    with pytest.raises(Refused) as said:
        keep(SimpleUploadedFile(name, data, "image/jpeg"), purpose="receipt", public=False, by=TEST)
    assert said.value.code == f"file_{verdict}"
    assert said.value.reason == why_not(verdict)
    assert not StoredFile.objects.exists()


def test_a_picture_of_twenty_five_million_dots_is_taken_and_one_more_row_is_not():
    assert cleaned(saved(Image.new("1", (5000, 5000)), "PNG")).width == 2400
    with pytest.raises(Unclean, match="pixels"):
        cleaned(saved(Image.new("1", (5000, 5001)), "PNG"))


def test_a_bomb_of_words_in_a_png_is_refused_without_a_scratch():
    import zlib

    bomb = zlib.compress(b"\0" * 300_000_000, 9)
    stuffed = chunk(b"zTXt", b"Comment\0\0" + bomb) * 3
    with pytest.raises(Unclean, match=r"broken|too_hard"):
        cleaned(png_of(8, 8, stuffed))


def test_a_decoder_that_never_ends_is_ended(monkeypatch, tmp_path):
    endless = tmp_path / "endless.py"
    endless.write_text("import time\nwhile True:\n    time.sleep(60)")
    monkeypatch.setattr(cleaning, "__file__", str(endless))
    monkeypatch.setattr(cleaning, "SECONDS", 0.2)
    with pytest.raises(Unclean, match="too_hard"):
        cleaned(photo())


def test_a_decoder_that_dies_takes_only_the_file_with_it(monkeypatch, tmp_path):
    broken = tmp_path / "broken.py"
    broken.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr(cleaning, "__file__", str(broken))
    with pytest.raises(Unclean, match="too_hard"):
        cleaned(photo())


def test_a_paper_becomes_pictures_of_its_pages():
    made = cleaned(
        paper(2, script="app.alert('hello')", attached=b"MZ" + SECRET),
    )
    document = PdfReader(io.BytesIO(made.data))
    assert (made.kind, made.pages, len(document.pages)) == ("application/pdf", 2, 2)
    for trace in (b"/JavaScript", b"/JS", b"/EmbeddedFile", b"virus.exe", b"/OpenAction", SECRET):
        assert trace not in made.data
    assert document.metadata.author is None
    assert document.pages[0].extract_text() == ""
    assert document.pages[0].mediabox.width == pytest.approx(595, abs=1)
    import pypdfium2

    with pypdfium2.PdfDocument(made.data) as rendered:
        page = rendered[0]
        seen = page.render(scale=1).to_pil().convert("RGB")
        page.close()
    assert seen.getpixel((200, 842 - 200))[0] > 200 > 60 > seen.getpixel((200, 842 - 200))[1]
    assert seen.getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (paper(31), "pages"),
        (paper(password="1234"), "password"),
        (paper()[:400], "broken"),
    ],
)
def test_a_paper_that_cannot_be_taken_is_refused(data, verdict):
    with pytest.raises(Unclean, match=verdict):
        cleaned(data)


@pytest.mark.parametrize("size", [(14_400, 14_400), (3, 14_000), (1, 1)])
def test_a_page_of_any_size_is_made_to_fit(size):
    made = cleaned(paper(size=size))
    assert max(made.width, made.height) <= 2401


@given(st.binary(max_size=400))
@settings(max_examples=150)
def test_any_bytes_are_made_anew_or_refused(data):
    # In the child every fault of a decoder becomes "broken"; a crash would end this test.
    try:
        made = clean(data)
    except Exception:
        return
    assert made.kind in {"image/jpeg", "application/pdf"}


@given(
    source=st.sampled_from([photo((40, 30), kind) for kind in ("JPEG", "PNG", "WEBP")] + [paper()]),
    cuts=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8),
    end=st.integers(1, 3000),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_damage_is_survived(source, cuts, end):
    data = bytearray(source[:end])
    for place, value in cuts:
        data[place % len(data)] = value
    try:
        made = clean(bytes(data))
    except Exception:
        return
    assert made.data[:3] in {b"\xff\xd8\xff", b"%PD"}


def test_the_child_knows_nothing_of_the_house(monkeypatch):
    monkeypatch.setenv("DOORSTEP_SECRET_KEY", "secret")
    seen = {}
    real = cleaning.subprocess.run

    def run(*arguments, **options):
        seen.update(options)
        return real(*arguments, **options)

    monkeypatch.setattr(cleaning.subprocess, "run", run)
    cleaned(photo())
    assert seen["env"] == {}
