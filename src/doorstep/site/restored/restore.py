"""`doorstep restore-public`: a bundle in, the public side of its fund out, on an empty machine."""

import hashlib
import json
import shutil
from pathlib import Path

from doorstep.apps.refused import Refused
from doorstep.engine.seal.alone.files import SEEN
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
        count = _write(bundle, fresh)
        refuse_unless_right(fresh, "What was written does not verify, so it was taken away.")
        if target.exists():
            target.rmdir()
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return (
        f"{target}: {count:,} files. Open {target / 'index.html'}, or let any web server serve the "
        f"folder. Check it: python3 {target / 'verify.py'} {target}"
    )


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


def _write(bundle: Path, fresh: Path) -> int:
    """The bundle's own files where they were, the pages beside them, and one list of sums."""
    found = read_bundle(bundle)
    shutil.copytree(bundle, fresh, ignore=shutil.ignore_patterns(SEEN))
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
    return len(names)
