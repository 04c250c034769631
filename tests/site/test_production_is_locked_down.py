"""Served over https: what the browser is told to refuse, how cookies are kept, and which settings
do not start at all. In a process of its own, because settings are read once."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRET = "".join(chr(33 + number) for number in range(64))  # fmt: skip


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "doorstep.site.settings",
        "DOORSTEP_DATA": str(folder),
        "DOORSTEP_ADDRESS": "https://fund.example.org",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        **more,
    }


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], env=environment(folder, **more), cwd=ROOT,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> dict:
    done = run(tmp_path_factory.mktemp("production"), str(ROOT / "tests/site/production.py"))
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_the_checks_of_django_for_deployment_find_nothing(served):
    assert "no issues (0 silenced)" in served["check"]


def test_every_page_tells_the_browser_what_to_refuse(served):
    for address, answer in served["pages"].items():
        headers = answer["headers"]
        assert headers["Strict-Transport-Security"] == (
            "max-age=31536000; includeSubDomains; preload"
        ), address
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "geolocation=()" in headers["Permissions-Policy"]
        assert "Server" not in headers
        assert "X-Powered-By" not in headers


def test_no_page_may_run_a_script_or_a_style_that_stands_in_it(served):
    for address, answer in served["pages"].items():
        policy = dict(
            part.split(" ", 1) for part in answer["headers"]["Content-Security-Policy"].split("; ")
        )
        assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert not re.search(r"unsafe|\*|https?:", " ".join(policy.values())), address


def test_every_cookie_belongs_to_this_host_alone(served):
    cookies = served["cookies"] | served["voter"]["open"]
    assert set(cookies) == {
        "__Host-doorstep",
        "__Host-doorstep-ballot",
        "__Host-doorstep-csrf",
        "__Host-doorstep-language",
        "__Host-doorstep-notices",
    }
    for name, set_as in cookies.items():
        assert set_as["secure"], name
        assert set_as["httponly"], name
        assert set_as["samesite"] == "Lax", name
        assert (set_as["path"], set_as["domain"]) == ("/", ""), name


def test_the_cookie_of_a_ballot_ends_by_itself_and_is_taken_away(served):
    """A browser takes a `__Host-` cookie away only if it is told so as strictly as it was given."""
    given, taken = (served["voter"][when]["__Host-doorstep-ballot"] for when in ("open", "left"))
    assert 0 < given["max-age"] <= 3600
    assert taken["max-age"] == 0
    for name in ("secure", "httponly", "samesite", "path", "domain"):
        assert taken[name] == given[name], name


def test_a_page_of_somebody_signed_in_is_kept_nowhere(served):
    assert "no-store" in served["pages"]["/desk/"]["headers"]["Cache-Control"]


def test_http_leads_to_https(served):
    assert served["http"] == [301, "https://fund.example.org/"]


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("DOORSTEP_SECRET_KEY", "changeme", "too short or too plain"),
        ("DOORSTEP_SECRET_KEY", "a" * 80, "too short or too plain"),
        ("DOORSTEP_OLD_SECRET_KEYS", f"{SECRET} changeme", "DOORSTEP_OLD_SECRET_KEYS is too short"),
        ("DOORSTEP_CODE_PEPPER", "pepper", "DOORSTEP_CODE_PEPPER is too short"),
        ("DOORSTEP_DEBUG", "yes", "DOORSTEP_DEBUG shows the inside"),
    ],
)
def test_a_setting_that_gives_the_site_away_does_not_start(tmp_path, setting, value, said):
    done = run(tmp_path, "-c", "import doorstep.site.settings", **{setting: value})
    assert done.returncode != 0
    assert said in done.stderr
    assert value not in done.stderr.replace("DOORSTEP", "")


def test_a_secret_is_made_at_the_first_start_for_its_owner_alone(tmp_path):
    assert run(tmp_path, "-c", "import doorstep.site.settings").returncode == 0
    kept = tmp_path / "secret_key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(kept.read_text()) > 50


def test_what_an_older_secret_sealed_still_opens_until_it_is_taken_out(tmp_path):
    seal = "from doorstep.apps.organisations.strongbox import *; print(seal('01-02-03'))"
    sealed = run(tmp_path, "-c", seal, DOORSTEP_SECRET_KEY=SECRET).stdout.strip()
    opens = f"from doorstep.apps.organisations.strongbox import *; print(open_sealed({sealed!r}))"
    new = {"DOORSTEP_SECRET_KEY": SECRET[::-1]}
    assert run(tmp_path, "-c", opens, DOORSTEP_OLD_SECRET_KEYS=SECRET, **new).stdout == "01-02-03\n"
    assert "sealed under another secret" in run(tmp_path, "-c", opens, **new).stderr


TRACKED = (".py", ".toml", ".html", ".js", ".md", ".txt", ".sql", ".po", ".css", ".yml", ".yaml")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\n[A-Za-z0-9+/=\s]{60}|AKIA[0-9A-Z]{16}|"
    r"ghp_[A-Za-z0-9]{36}|xox[bp]-[0-9A-Za-z-]{20}|"
    r"(?:SECRET_KEY|PASSWORD|API_KEY)\s*=\s*[\"'][A-Za-z0-9+/_-]{24,}[\"']"
)


def test_no_secret_stands_in_the_repository():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    found = [
        name
        for name in listed.split("\0")
        if name.endswith(TRACKED)
        and not name.startswith("tests/")  # what is made up for a test opens nothing
        and (ROOT / name).is_file()
        and SECRETS.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
