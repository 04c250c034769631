"""What lies in a bundle beside its log is held against the log, by verify.py and by the page
/verify/ alike, and what cannot be held against it is said not to be."""

import shutil

import pytest

from tests.engine.seal.bundle_faults import CHECKPOINT_FAULTS
from tests.engine.seal.bundles import bundle
from tests.engine.seal.many import Made, resum
from tests.engine.seal.two_checkers import Verdict, scripts, verdict_of_python

FAULTS = {**CHECKPOINT_FAULTS}


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


@pytest.mark.parametrize("fault", FAULTS)
def test_a_forged_bundle_is_found_and_named(tmp_path, verdict, fault):
    do, said = FAULTS[fault]
    folder = bundle(tmp_path)
    do(folder)
    resum(folder)
    told = verdict(folder)
    assert (told["kind"], told["says"]) == ("wrong", said)
