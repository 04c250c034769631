"""A disk of a few megabytes that only this process and its children see, to be filled up."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLONE_NEWNS = 0x00020000


class SmallDisk:
    """`fill` leaves so many bytes; `give_back` frees what was filled."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ballast = folder, folder / "ballast"

    @property
    def free(self) -> int:
        told = os.statvfs(self.folder)
        return told.f_bavail * told.f_frsize

    def fill(self, leaving: int) -> None:
        with self.ballast.open("ab") as ballast:
            ballast.write(bytes(max(0, self.free - leaving)))

    def give_back(self) -> None:
        self.ballast.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount it in a mount namespace of this process; needs to be root."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS):
        raise RuntimeError("A disk of one's own needs root. Run this as root, or in a container.")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", folder]
    subprocess.run(command, check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        shutil.rmtree(folder, ignore_errors=True)
