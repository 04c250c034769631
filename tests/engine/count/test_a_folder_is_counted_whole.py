"""A folder of elections gives one line each, here or on a cluster, and no bad file stops it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from doorstep.engine.count import Rule, canonical, cluster, count, many, read_pabulib, write_pabulib
from doorstep.engine.count.cluster import on_cluster
from doorstep.engine.count.command import ClusterError
from doorstep.engine.count.many import Job, Told, count_many, elections_in, in_processes
from tests.engine.count.toys import toy

RULE = Rule(completion="none")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve made-up elections, one file that is none, and one whose ballots the rule refuses."""
    made = tmp_path / "elections"
    made.mkdir()
    for seed in range(12):
        data = write_pabulib(toy(seed, "approval"))
        (made / f"toy-{seed:02}.pb").write_bytes(data)
    (made / "rubbish.pb").write_text("id,name\n")
    (made / "notes.txt").write_text("not looked at")
    return made


def lines(folder: Path, workers: int, json_dir: Path | None = None) -> list[str]:
    told = count_many(elections_in(folder), RULE, in_processes(workers), json_dir)
    return [one.line for one in told]


def test_lines_come_in_the_order_of_the_files_however_many_count(folder: Path) -> None:
    alone = lines(folder, 1)
    assert alone == lines(folder, 3)
    assert len(alone) == 13
    assert alone[0] == (
        "refused: rubbish.pb:1: the file does not begin with META: is it a .pb file?"
    )
    outcome = count(read_pabulib(folder / "toy-03.pb"), RULE)
    assert alone[4].startswith(
        f"toy-03.pb: {outcome.voters} voters, {len(outcome.winners)} of {len(outcome.verdicts)} "
    )


def test_a_rule_that_does_not_fit_is_one_line_of_that_file(folder: Path) -> None:
    (folder / "ranks.pb").write_bytes(write_pabulib(toy(1, "ordinal")))
    told = list(count_many(elections_in(folder), Rule("phragmen"), in_processes(2)))
    refusals = [one.refusal for one in told if one.json is None]
    assert refusals[0].startswith("ranks.pb: phragmen needs approval or choose-1 ballots")
    assert len(refusals) == 2


def test_json_is_what_one_count_writes_and_is_taken_up_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "results" / "here"
    first = list(count_many(elections_in(folder), RULE, in_processes(2), out))
    assert not any(one.kept for one in first)
    assert len(list(out.iterdir())) == 12
    for path in folder.glob("toy-*.pb"):
        written = (out / f"{path.stem}.json").read_text()
        assert written == canonical(count(read_pabulib(path), RULE))
    # Half a file, another file's bytes and another rule are counted again; the rest is kept.
    (out / "toy-00.json").write_text('{"election":')
    (folder / "toy-01.pb").write_bytes(write_pabulib(toy(50, "approval")))
    again = list(count_many(elections_in(folder), RULE, in_processes(1), out))
    assert [one.file for one in again if not one.kept] == [
        "rubbish.pb", "toy-00.pb", "toy-01.pb"
    ]  # fmt: skip
    assert all(one.kept for one in count_many(elections_in(folder), RULE, in_processes(1), out)
               if one.json)  # fmt: skip
    other = list(count_many(elections_in(folder), Rule(), in_processes(1), out))
    assert not any(one.kept for one in other)


def die_over_one(job: Job) -> Told:
    if job.path.name == "toy-05.pb":
        os._exit(9)  # as the kernel ends a process that asks for too much memory
    return honest(job)


honest = many.count_one


def test_a_process_that_dies_refuses_its_own_file_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = lines(folder, 1)
    monkeypatch.setattr(many, "count_one", die_over_one)
    found = lines(folder, 2)
    assert [line for line in found if "toy-05" not in line] == [
        line for line in expected if "toy-05" not in line
    ]
    assert "refused: toy-05.pb: counting it ended its process: is there enough memory?" in found


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no \.pb file"):
        elections_in(tmp_path)


def doorstep(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    run = "from doorstep.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", run, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_prints_lines_and_ends_with_2_for_a_bad_file(folder: Path) -> None:
    done = doorstep("count", folder, "--completion", "none", "--workers", "2")
    assert done.stdout.splitlines() == lines(folder, 1)
    assert done.stderr == "12 counted; 1 refused.\n"
    assert done.returncode == 2
    (folder / "rubbish.pb").unlink()
    assert doorstep("count", folder, "--completion", "none").returncode == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--json", "-"), "doorstep: --json is for one file"),
        (("--workers", "2", "--dask", "tcp://127.0.0.1:1"), "doorstep: --workers counts here"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    folder: Path, options: tuple[str, ...], says: str
) -> None:
    done = doorstep("count", folder, *options)
    assert done.returncode == 2
    assert done.stderr.startswith(says)
    assert done.stderr.count("\n") == 1


# On a cluster -----------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A real scheduler with two worker processes, on loopback."""
    pytest.importorskip("distributed")
    address = f"tcp://127.0.0.1:{free_port()}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    python = [sys.executable, "-m"]
    plain = ["--no-dashboard", "--host", "127.0.0.1"]
    serving = [*python, "distributed.cli.dask_scheduler", *plain, "--port", address.split(":")[2]]
    working = [*python, "distributed.cli.dask_worker", address, *plain, "--no-nanny"]
    started = [subprocess.Popen(serving, **quiet)]
    started += [subprocess.Popen([*working, "--nthreads", "1"], **quiet) for _ in range(2)]
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                run = on_cluster(address)
            except ClusterError:
                time.sleep(0.2)
            else:
                assert list(run([])) == []
                break
        yield address
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_lines_and_files(
    scheduler: str, folder: Path, tmp_path: Path
) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    told = list(count_many(elections_in(folder), RULE, on_cluster(scheduler), there))
    assert [one.line for one in told] == lines(folder, 1, here)
    written = {path.name: path.read_text() for path in there.iterdir()}
    assert written == {path.name: path.read_text() for path in here.iterdir()}
    again = count_many(elections_in(folder), RULE, on_cluster(scheduler), there)
    assert sum(one.kept for one in again) == 12


def test_the_command_counts_on_a_cluster(scheduler: str, folder: Path) -> None:
    done = doorstep("count", folder, "--completion", "none", "--dask", scheduler)
    assert done.stdout.splitlines() == lines(folder, 1)
    assert done.returncode == 2
    assert done.stderr == "12 counted; 1 refused.\n"


def test_a_file_that_cannot_be_read_here_is_one_line(scheduler: str, folder: Path) -> None:
    (folder / "toy-07.pb").unlink()
    (folder / "toy-07.pb").symlink_to(folder / "nowhere")
    told = [one.line for one in count_many(elections_in(folder), RULE, on_cluster(scheduler))]
    assert told[8] == "refused: toy-07.pb: cannot be read (No such file or directory)"
    assert len(told) == 13


def test_an_address_where_nobody_answers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "SECONDS_TO_ANSWER", 1)
    for address in (f"tcp://127.0.0.1:{free_port()}", "nonsense://x"):
        with pytest.raises(ClusterError, match=f"no Dask scheduler answers at {address}: check"):
            on_cluster(address)


def test_a_missing_dask_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'doorstep\[cluster\]'"):
        on_cluster("tcp://127.0.0.1:8786")
