"""The compiled kernel: made where there is a compiler, used only when it is of this very source."""

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

from doorstep.engine.count.kernel import library

ROOT = Path(__file__).parents[3]
COMPILER = any(map(shutil.which, library.COMPILERS))


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the source that a test may change, looked for in place of the real one."""
    copy = tmp_path / "source"
    copy.mkdir()
    for name in (*library.COMPILED, *library.INCLUDED):
        shutil.copy(library.SOURCE / name, copy)
    monkeypatch.setattr(library, "SOURCE", copy)
    return copy / "count.c"


@pytest.mark.skipif(not COMPILER, reason="there is no compiler")
def test_a_library_of_another_source_is_left_alone(source: Path, tmp_path: Path) -> None:
    built = library.build(tmp_path / "_count.so")
    assert built
    assert library.opened(built)
    source.write_text(source.read_text().replace("LONGEST_WAIT 64", "LONGEST_WAIT 32"))
    assert library.opened(built) is None
    again = library.build(tmp_path / "_count_again.so")  # an open file is not opened twice
    assert again
    assert library.opened(again)


@pytest.mark.parametrize("what", [b"", b"not a library at all"])
def test_a_broken_library_is_left_alone(tmp_path: Path, what: bytes) -> None:
    broken = tmp_path / "_count.so"
    broken.write_bytes(what)
    assert library.opened(broken) is None


def test_nothing_is_made_without_a_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert library.build(tmp_path / "_count.so") is None
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_a_source_that_does_not_compile(source: Path, tmp_path: Path) -> None:
    source.write_text("this is no C")
    assert library.build(tmp_path / "_count.so") is None
    assert [one.name for one in tmp_path.iterdir()] == ["source"]


@pytest.mark.parametrize("compiler", [True, False])
def test_a_wheel_is_made_with_the_kernel_or_without(tmp_path: Path, compiler: bool) -> None:
    if compiler and not COMPILER:
        pytest.skip("there is no compiler")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    package = tmp_path / "src" / "doorstep"
    shutil.copytree(
        ROOT / "src" / "doorstep" / "engine" / "count",
        package / "engine" / "count",
        ignore=shutil.ignore_patterns("_count*", "__pycache__"),
    )
    (package / "__init__.py").touch()
    (package / "engine" / "__init__.py").touch()
    environment = {**os.environ, "CC": "cc" if compiler else str(tmp_path / "no-compiler")}
    made = subprocess.run(
        [sys.executable, "setup.py", "-q", "bdist_wheel"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    program = (
        "from doorstep.engine.count.layers import layer_named\n"
        "from doorstep.engine.count import kernel\n"
        "print(layer_named().name, kernel.__file__)"
    )
    environment.pop("DOORSTEP_COUNT_LAYER", None)
    printed = subprocess.run(
        [sys.executable, "-c", program], env={**environment, "PYTHONPATH": str(unpacked)},
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout.split()  # fmt: skip
    assert printed[0] == ("kernel" if compiler else "numpy")
    assert Path(printed[1]).is_relative_to(unpacked)


def test_a_kernel_that_is_gone_is_made_again_and_one_that_fails_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = SourceFileLoader("front_door", str(ROOT / "doorstep"))
    door = module_from_spec(spec_from_loader("front_door", loader))
    loader.exec_module(door)
    (tmp_path / "library.py").touch()
    monkeypatch.setattr(door, "VENV", tmp_path)
    monkeypatch.setattr(door, "KERNEL", tmp_path)
    monkeypatch.setattr(door.shutil, "which", lambda name: f"/usr/bin/{name}")
    made, works = tmp_path / "_count.so", [True]
    asked: list[object] = []

    def compile_it(command: object, **_: object) -> None:
        asked.append(command)
        if works[0]:
            made.touch()

    monkeypatch.setattr(door.subprocess, "run", compile_it)
    for _ in range(2):
        door.compile_kernel()
    assert len(asked) == 1
    made.unlink()
    works[0] = False
    for _ in range(2):
        door.compile_kernel()
    assert len(asked) == 2
