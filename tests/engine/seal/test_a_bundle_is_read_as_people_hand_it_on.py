"""Bundles come zipped on a Mac, unpacked into a folder of a folder, with what a desktop leaves in
it. Both checkers read them; a zip file that the page cannot read is said to be one."""

import io
import shutil
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.seal.logs import write
from tests.engine.seal.many import LOG, resum
from tests.engine.seal.records import FROZEN, good, written
from tests.engine.seal.two_checkers import Scripts, scripts, verdict_of_python_on

LITTER = (
    ".DS_Store", "record/.DS_Store", f"{LOG}/tile/0/000.p/.DS_Store", "rounds/Thumbs.db",
    f"{LOG}/tile/entries/000.p/desktop.ini", ".fseventsd/0000", "System Volume Information/x.dat",
    "__MACOSX/record/._log",
)  # fmt: skip
DIRECTORY, LOCAL = b"PK\x01\x02", b"PK\x03\x04"


@pytest.fixture
def bundle(tmp_path) -> Path:
    written(tmp_path / "bundle" / LOG, good())
    write(tmp_path / "bundle", "rounds/r1/frozen.jsonl", FROZEN)
    write(tmp_path / "bundle", "README.txt", b"read me " * 200)
    resum(tmp_path / "bundle")
    return tmp_path / "bundle"


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Iterator[Scripts]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node here")
    with scripts(node, tmp_path_factory.mktemp("page")) as running:
        yield running


def zipped(bundle: Path, top: str = "", *, method: int = zipfile.ZIP_DEFLATED, **litter: bytes):
    """The bytes of a zip file, with every path below `top`."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in litter.items():
            archive.writestr(name, data)
        for path in sorted(bundle.rglob("*")):
            archive.write(path, top + path.relative_to(bundle).as_posix())
    return made.getvalue()


def of_zip(page: Scripts, data: bytes, tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "given.zip").write_bytes(data)
    told = page.verdict_on_zip(tmp_path / "given.zip")
    return told["kind"], told["says"]


def test_what_a_desktop_leaves_in_a_folder_is_not_looked_at(bundle, page):
    before = verdict_of_python_on(str(bundle))
    for name in LITTER:
        write(bundle, name, b"\x00\x00\x00\x01Bud1")
        assert verdict_of_python_on(str(bundle)) == before, name
        assert page.verdict_on_picked(bundle) == before, name
    assert before["kind"] == "right"


def test_what_is_listed_is_looked_at_whatever_its_name(bundle, page):
    for name in LITTER[:4]:
        write(bundle, name, b"Bud1")
        resum(bundle)
        assert page.verdict_on_picked(bundle)["kind"] == "right"
        assert verdict_of_python_on(str(bundle))["kind"] == "right"
        write(bundle, name, b"Bud2")
        of_python = verdict_of_python_on(str(bundle))
        assert of_python["says"] == f"The file {name} is not what its checksum says."
        assert page.verdict_on_picked(bundle) == of_python
        (bundle / name).unlink()


@pytest.mark.parametrize("name", ["more.txt", "rounds/thumbs.txt", "Library/x"])
def test_any_other_file_is_one_too_many(bundle, page, name):
    write(bundle, name, b"x")
    of_python = verdict_of_python_on(str(bundle))
    assert of_python["says"] == f"The file {name} is not in the list of checksums."
    assert page.verdict_on_picked(bundle) == of_python


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("top", ["", "bundle/", "record/", "for you/bundle/"])
def test_a_zip_file_is_read_in_whatever_folder_it_was_packed(bundle, page, tmp_path, top, method):
    mac = {f"__MACOSX/{top}._README.txt": b"Mac OS X", f"{top}.DS_Store": b"Bud1"}
    assert of_zip(page, zipped(bundle, top, method=method), tmp_path) == ("right", "")
    assert of_zip(page, zipped(bundle, top, method=method, **mac), tmp_path) == ("right", "")


def test_a_zip_file_of_older_windows_is_read(bundle, page, tmp_path):
    """Its paths are written with backslashes, and it says that Windows wrote it."""
    data = bytearray(zipped(bundle, "bundle/"))
    for at in places_of(data, DIRECTORY):
        data[at + 5] = 0
        start, length = at + 46, struct.unpack_from("<H", data, at + 28)[0]
        data[start : start + length] = data[start : start + length].replace(b"/", b"\\")
    # A folder's own entry ends with its slash there too; the page must not take it for a file.
    assert of_zip(page, bytes(data), tmp_path) == ("right", "")


def test_a_zip_file_that_was_written_as_a_stream_is_read(bundle, page, tmp_path):
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, piece) -> int:
            self.data += piece
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(bundle))
    assert of_zip(page, bytes(pipe.data), tmp_path) == ("right", "")


def test_a_folder_in_a_folder_is_picked(bundle, page, tmp_path):
    for wrapped in ("one", "one/two"):
        target = tmp_path / "wrapped" / wrapped / "bundle"
        shutil.copytree(bundle, target)
        write(tmp_path / "wrapped", ".DS_Store", b"Bud1")
        assert page.verdict_on_picked(tmp_path / "wrapped")["kind"] == "right"
        shutil.rmtree(tmp_path / "wrapped")
    assert page.verdict_on_picked(bundle / LOG)["kind"] == "right"


def places_of(data: bytes | bytearray, mark: bytes) -> list[int]:
    found, at = [], data.find(mark)
    while at >= 0:
        found.append(at)
        at = data.find(mark, at + 1)
    return found


def changed(at: int, form: str, value: int):
    """The same zip file with another number so many bytes into each entry of its directory."""

    def change(data: bytearray) -> bytes:
        for place in places_of(data, DIRECTORY):
            struct.pack_into(form, data, place + at, value)
        return bytes(data)

    return change


def at_the_end(at: int, form: str, value: int):
    def change(data: bytearray) -> bytes:
        struct.pack_into(form, data, len(data) - 22 + at, value)
        return bytes(data)

    return change


def spoilt_inside(data: bytearray) -> bytes:
    first = data.rfind(LOCAL) + 60
    data[first : first + 8] = bytes(8)
    return bytes(data)


# What is done to a zip file, and what is said of it.
UNREADABLE = {
    "nothing in it": (lambda data: b"", "This is no zip file, or its end is missing."),
    "another file": (lambda data: b"%PDF-1.7" * 99, "This is no zip file, or its end is missing."),
    "the end is missing": (lambda data: bytes(data[:-30]), "its end is missing."),
    "the beginning is missing": (lambda data: bytes(data[400:]), "is damaged"),
    "another directory": (at_the_end(16, "<I", 7), "The directory of this zip file is damaged."),
    "a directory beyond": (at_the_end(16, "<I", 1 << 30), "The directory of this zip file"),
    "a short directory": (at_the_end(12, "<I", 60), "The directory of this zip file is damaged."),
    "a name beyond": (changed(28, "<H", 65_000), "The directory of this zip file is damaged."),
    "another place": (changed(42, "<I", 11), "This zip file is damaged at "),
    "zip64, by number": (at_the_end(10, "<H", 0xFFFF), "larger than this page reads. Unpack it"),
    "zip64, by place": (at_the_end(16, "<I", 0xFFFFFFFF), "larger than this page reads"),
    "zip64, by size": (changed(24, "<I", 0xFFFFFFFF), "larger than this page reads"),
    "a password": (changed(8, "<H", 1), "This zip file is locked with a password. Unpack it"),
    "another packing": (changed(10, "<H", 12), "packed in a way that this page does not read (12)"),
    "a long file": (changed(24, "<I", 65 << 20), "is too long."),
    "a false size": (changed(24, "<I", 3), "This zip file is damaged at "),
    "another content": (spoilt_inside, "rounds/r1/frozen.jsonl"),
}  # fmt: skip


@pytest.mark.parametrize("done", UNREADABLE)
def test_a_zip_file_that_cannot_be_read_is_said_to_be_one(bundle, page, tmp_path, done):
    do, told = UNREADABLE[done]
    kind, says = of_zip(page, do(bytearray(zipped(bundle))), tmp_path)
    assert kind == "unreadable"
    assert told in says


def test_a_name_that_stands_twice_in_a_zip_file_is_refused(bundle, page, tmp_path):
    """One program would unpack the first and another the last."""
    made = io.BytesIO(zipped(bundle))
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("README.txt", "another one")
    kind, says = of_zip(page, made.getvalue(), tmp_path)
    assert (kind, says) == ("unreadable", "This zip file holds README.txt twice.")


def test_a_small_zip_file_of_a_large_file_is_not_unpacked_whole(bundle, page, tmp_path):
    """70 MB of nothing take 70 kB; the size that the directory tells may be a lie."""
    (bundle / "README.txt").write_bytes(bytes(70 << 20))
    data = bytearray(zipped(bundle))
    mine = next(at for at in places_of(data, DIRECTORY) if data[at + 46 :].startswith(b"README"))
    struct.pack_into("<I", data, mine + 24, 100)
    assert of_zip(page, bytes(data), tmp_path) == ("unreadable", "README.txt is too long.")
