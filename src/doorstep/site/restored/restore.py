"""`doorstep restore-public`: a bundle in, the public side of its fund out, on an empty machine."""

import hashlib
import json
import shutil
from pathlib import Path

from doorstep.apps.refused import Refused
from doorstep.engine.seal.alone.files import SEEN, is_litter, sums_in
from doorstep.engine.seal.alone.printing import plainly
from doorstep.site.bundle import ABOUT, FORM, SUMS, refuse_unless_right

from .pages import pages
from .reading import read_bundle


def restore_public(bundle: Path, target: Path) -> str:
    """Write the copy; what to say then. Raises Refused, and leaves nothing behind, where the target
    is not empty, the bundle is of a newer form, or anything in it is not right.

    A bundle may come from anybody: nothing in it is run, and nothing outside the target is written.
    """
    target = target.resolve()  # so that “.” has a name too
    _refuse_what_is_there(bundle, target)
    _refuse_a_newer_form(bundle)
    _refuse_what_leads_elsewhere(bundle)
    refuse_unless_right(bundle, "The bundle does not verify, so nothing was written.")
    fresh = target.with_name(f".{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        count, left_out = _write(bundle, fresh)
        refuse_unless_right(fresh, "What was written does not verify, so it was taken away.")
        if target.exists():
            target.rmdir()
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    told = (
        f"{target}: {count:,} files. Open {target / 'index.html'}, or let any web server serve the "
        f"folder. Check it: python3 {target / 'verify.py'} {target}"
    )
    return told if not left_out else f"{told}\n{_told_of(left_out)}"


def _refuse_what_is_there(bundle: Path, target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(
            f"{target} is not empty, and nothing there was touched. Name a folder that is empty or "
            "not there yet.",
            code="restore-not-empty",
        )
    if target.resolve().is_relative_to(bundle.resolve()):
        raise Refused(f"{target} lies inside the bundle. Name another folder.", code="restore-in")


def _refuse_a_newer_form(bundle: Path) -> None:
    try:
        form = json.loads((bundle / ABOUT).read_bytes())["form"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        form = None
    if type(form) is not int:
        raise Refused(
            f"{bundle} is no verification bundle: it has no {ABOUT} that says its form. Give the "
            "folder that `doorstep bundle` wrote.",
            code="restore-no-bundle",
        )
    if form > FORM:
        raise Refused(
            f"This bundle has form {form}, from a newer Doorstep; this one reads up to {FORM}. "
            "Install the newer one, and run this again.",
            code="restore-newer",
        )


def _refuse_what_leads_elsewhere(bundle: Path) -> None:
    """A link would bring a file of this machine into the copy, for everybody to read; and a log at
    the top would be checked in place of the one that is shown."""
    for path in bundle.rglob("*"):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise Refused(
                f"{path.relative_to(bundle)} in the bundle is a link or a device, and a bundle "
                "holds files alone. Nothing was written.",
                code="restore-link",
            )
    for name in ("checkpoint", "key"):
        if (bundle / name).exists():
            raise Refused(
                f"{bundle} has a file {name} at its top, where a bundle has none: it is a log, or "
                "was changed. Give the folder that `doorstep bundle` wrote. Nothing was written.",
                code="restore-log",
            )


def _told_of(left_out: list[str]) -> str:
    many = f"{len(left_out):,} files were" if len(left_out) > 1 else "1 file was"
    more = " …" if len(left_out) > 1 else ""
    return f"{many} left out, because nothing checks what they hold: {plainly(left_out[0])}{more}"


def _write(bundle: Path, fresh: Path) -> tuple[int, list[str]]:
    """The bundle's own files where they were, the pages beside them, and one list of sums: how many
    files, and which of the bundle were left out."""
    found = read_bundle(bundle)
    left_out = _copy(bundle, fresh)
    for name, data in pages(found):
        path = fresh / name
        if not path.resolve().is_relative_to(fresh):
            raise Refused(f"{name} would lie outside {fresh}.", code="restore-outside")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    names = sorted(path for path in fresh.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(fresh).as_posix()}\n"
        for path in names
    ]
    (fresh / SUMS).write_text("".join(lines))
    return len(names), left_out


def _copy(bundle: Path, fresh: Path) -> list[str]:
    """Copy the files that were checked; the names of all others. A name that begins with a dot is
    not copied even where it is listed: nothing here reads it, and a web server may obey it."""
    left_out, listed = [], sums_in((bundle / SUMS).read_bytes())
    for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
        name = path.relative_to(bundle).as_posix()
        if name in listed and not is_litter(name):
            if name != SEEN:
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, fresh / name)
        elif name not in (SUMS, SEEN):
            left_out.append(name)
    return left_out
