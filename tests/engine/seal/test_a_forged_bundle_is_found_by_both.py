"""What lies in a bundle beside its log is held against the log, by verify.py and by the page
/verify/ alike, and what cannot be held against it is said not to be."""

import shutil

import pytest

from tests.engine.seal.bundle_faults import BESIDE_FAULTS, CHECKPOINT_FAULTS
from tests.engine.seal.bundles import bundle
from tests.engine.seal.logs import write
from tests.engine.seal.many import SUMS, Made, resum
from tests.engine.seal.two_checkers import Verdict, scripts, verdict_of_python

FAULTS = {**CHECKPOINT_FAULTS, **BESIDE_FAULTS}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    node = shutil.which("node")
    if node is None:
        yield None
        return
    with scripts(node, tmp_path_factory.mktemp("page")) as running:
        yield running


@pytest.fixture
def verdict(tmp_path, page):
    """What both say of a bundle."""

    def of_both(folder) -> Verdict:
        made = Made(folder, "")
        of_python = verdict_of_python(made, tmp_path / "seen.json")
        if page is not None:
            assert page.verdict(made) == of_python
        return of_python

    return of_both


def test_a_good_bundle_is_right_and_says_what_was_held(tmp_path, verdict):
    told = verdict(bundle(tmp_path))
    assert (told["kind"], told["says"]) == ("right", "")
    assert "Checkpoints: 3 kept, each signed, each the beginning of this record" in told["lines"]
    assert any(line.startswith("Checkpoints of the audit log: 2 kept") for line in told["lines"])
    assert any(line.startswith("Timestamps: 5, each of the") for line in told["lines"])
    assert "Ledger files: 2, as the leaves say but for the kinds in words" in told["lines"]
    assert "Words: 3, each as the record commits to it" in told["lines"]
    assert told["lines"][-1] == (
        "Not checked against the record: README.txt, bundle.json, checkpoints/words.csv, "
        "ledger/fund.journal"
    )


def test_many_files_that_nobody_checks_are_told_by_their_number(tmp_path, verdict):
    folder = bundle(tmp_path)
    for number in range(4):
        write(folder, f"pages/{number}/index.html", b"<p>")
    resum(folder)
    assert ", ledger/fund.journal, pages/… (4)" in verdict(folder)["lines"][-1]


def test_a_bundle_without_its_sums_is_wrong_and_a_folder_without_says_so(tmp_path, verdict):
    folder = bundle(tmp_path)
    (folder / SUMS).unlink()
    told = verdict(folder)
    assert told["says"] == "This is a bundle, and its list of checksums, SHA256SUMS, is missing."
    (folder / "bundle.json").unlink()
    told = verdict(folder)
    assert told["kind"] == "right"
    assert told["lines"][-2] == (
        "Not checked: whether a file is missing or was damaged, because there is no list of "
        "checksums (SHA256SUMS)"
    )


def test_words_that_were_taken_out_leave_the_bundle_right(tmp_path, verdict):
    folder = bundle(tmp_path)
    path = folder / "words.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    resum(folder)
    assert "Words: 2, each as the record commits to it" in verdict(folder)["lines"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_forged_bundle_is_found_and_named(tmp_path, verdict, fault):
    do, said = FAULTS[fault]
    folder = bundle(tmp_path)
    do(folder)
    resum(folder)
    told = verdict(folder)
    assert (told["kind"], told["says"]) == ("wrong", said)
