"""/verify/ in a real browser: this fund, a bundle that was picked, and many records at once."""

import base64
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.e2e.visits import DESK, PHONE, Visit
from tests.engine.seal.logs import KEY
from tests.engine.seal.many import record
from tests.engine.seal.two_checkers import comparable, verdict_of_python, verdict_of_python_on

MANY = 60
VERDICT = "[data-part=verdict]"
ASK = """async ({ base, files, where, seen }) => {
  const { checkEverything } = await import(`${base}/run.js`);
  const { Files } = await import(`${base}/places.js`);
  const { Wrong, sentence } = await import(`${base}/said.js`);
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const read = new Map(Object.entries(files).map(([name, text]) => [name, () => bytes(text)]));
  const lines = [];
  const line = (said) => lines.push(sentence(said));
  try {
    await checkEverything(new Files(where, read), { seen: seen ?? {}, line });
  } catch (fault) {
    if (!fault.said) return { kind: 'crash', says: String(fault.stack), lines };
    const kind = fault instanceof Wrong ? 'wrong' : 'unreadable';
    return { kind, says: sentence(fault.said), lines };
  }
  return { kind: 'right', says: '', lines };
}"""


@pytest.fixture
def visit(browser, demo):
    window = Visit(browser, demo.address, PHONE, scripts=True)
    window.open("/verify/")
    yield window
    window.close()


def verdict(page) -> str:
    page.wait_for_selector(f"{VERDICT}:not([hidden])")
    return page.inner_text(VERDICT)


def test_this_fund_is_right_and_remembered(visit, demo):
    page = visit.page
    page.get_by_role("button", name="Check this fund").click()
    assert "Everything that was published fits together." in verdict(page)
    assert "counted again from" in page.inner_text("[data-part=lines]")
    lines = page.locator("[data-part=lines] li").all_inner_texts()
    of_python = verdict_of_python_on(demo.address)
    assert of_python == {"kind": "right", "says": "", "lines": lines}
    kept = json.loads(page.evaluate("localStorage.getItem('doorstep-seen')"))
    (name,) = kept
    page.evaluate(
        "(kept) => localStorage.setItem('doorstep-seen', JSON.stringify(kept))",
        {name: {**kept[name], "root": "00" * 32}},
    )
    page.get_by_role("button", name="Check this fund").click()
    assert "SPLIT VIEW" in verdict(page)


def test_a_bundle_is_picked_and_its_first_fault_named(visit, bundle, tmp_path):
    bundle = Path(shutil.copytree(bundle, tmp_path / "bundle"))
    page = visit.page
    page.set_input_files("#check-folder", bundle)
    assert "Everything that was published fits together." in verdict(page)
    tile = bundle / "record/log/public/tile/0/000"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    page.set_input_files("#check-folder", bundle)
    page.wait_for_selector(".verdict-wrong")
    assert "The file record/log/public/tile/0/000 is not what its checksum says." in verdict(page)


def test_a_zip_file_from_a_mac_is_read(visit, bundle, tmp_path):
    with zipfile.ZipFile(tmp_path / "from-a-mac.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle/.DS_Store", b"Bud1")
        archive.writestr("__MACOSX/bundle/._README.txt", b"Mac OS X")
        for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
            archive.write(path, f"bundle/{path.relative_to(bundle)}")
    visit.page.set_input_files("#check-zip", tmp_path / "from-a-mac.zip")
    assert "Everything that was published fits together." in verdict(visit.page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["English", "Cymraeg"])
def test_the_key_is_shown_and_held_against_the_one_given(browser, demo, bundle, size, language):
    key = (bundle / "record/log/public/key").read_text().strip()
    visit = Visit(browser, demo.address, size, scripts=True)
    page = visit.page
    visit.open("/verify/")
    if language == "Cymraeg":
        page.get_by_role("button", name=language).click()
        page.wait_for_url("**/verify/")
    visit.expected |= {404}  # an install has no SHA256SUMS, and is asked for them as a copy is
    visit.picture(f"verify-{language}-before")
    states = {
        "none-given": ("", "right"),
        "the-same": (key, "right"),
        "another": (str(KEY.verifier), "wrong"),
        "no-key": ("paper", "unreadable"),
    }
    for state, (given, kind) in states.items():
        page.fill("#check-key", given)
        page.click("[data-part=site]")
        page.wait_for_selector(f".verdict-{kind}:not([hidden])")
        assert (key in page.inner_text("#checking")) == (state != "no-key"), state
        visit.look("/verify/")
        visit.accessible()
        visit.picture(f"verify-{language}-{state}")
    visit.close()
    assert visit.faults == []


def test_it_says_what_verify_py_says(visit, tmp_path):
    page, base = visit.page, visit.page.evaluate("new URL('/static/record/verify', location).href")
    for number in range(MANY):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        made = record(number, folder)
        asked = {"base": base, "files": _files(folder), "where": str(folder), "seen": made.seen}
        of_python = comparable(verdict_of_python(made, tmp_path / "seen.json"))
        assert comparable(page.evaluate(ASK, asked)) == of_python, made.done


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): base64.b64encode(path.read_bytes()).decode()
        for path in folder.rglob("*")
        if path.is_file()
    }
