"""The real elections of ../shared/data, read in place and never copied into the repository."""

import os
import tarfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from doorstep.engine.count import Election, read_pabulib

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("DOORSTEP_SHARED_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def elections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the 611 unpacked .pb files; workers of one run share it."""
    archive = SHARED / "pb" / "pabulib.tar.xz"
    if not archive.exists():
        why = f"the real elections are not there: {archive} (set DOORSTEP_SHARED_DATA)"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    ready = shared / "pabulib"
    if not ready.exists():
        unpacked = Path(mkdtemp(dir=shared))
        with tarfile.open(archive) as tar:
            for member in tar:
                stream = tar.extractfile(member)
                if stream and member.name.endswith(".pb"):
                    (unpacked / Path(member.name).name).write_bytes(stream.read())
        try:
            unpacked.rename(ready)
        except OSError:  # another worker was first
            assert ready.exists()
    return ready


@pytest.fixture(scope="session")
def real(elections: Path) -> Callable[[str], Election]:
    """Read a real election by its file name; the last few are kept."""

    @lru_cache(maxsize=8)
    def read(name: str) -> Election:
        return read_pabulib(elections / name)

    return read
