"""The running site serves its pages and the files that it names: no repository, no settings, no
database, no key, whatever way the address is written."""

import io
import socket
import tarfile

import pytest

from tests.site.test_the_server_stays_up import PATIENCE, answers, running, wait_for

__all__ = ["running"]  # a fixture of this file too
NAMES = (
    ".git/HEAD", ".git/config", ".git/index", ".gitignore", ".svn/entries", ".hg/store",
    ".env", ".ci/run", ".venv/pyvenv.cfg", "pyproject.toml", "setup.py", "requirements/run.txt",
    "src/doorstep/site/settings.py", "doorstep/site/settings.py", "settings.py", "wsgi.py",
    "doorstep.sqlite3", "var/doorstep.sqlite3", "secret_key", "code_pepper", "record_keys",
    "var/secret_key", "mail/", "backup/", "backup.zip", "dump.sql", "pages/", "counters/",
    ".DS_Store", "server-status", "phpinfo.php", "admin/", "__debug__/", "metrics",
)  # fmt: skip
BEGINS = ("", "static/", "record/", "record/log/public/", "bundle/")
UPWARDS = (
    "static/../{}", "static/../../{}", "static/%2e%2e/{}", "static/..%2f{}", "static/%2e%2e%2f{}",
    "static/..%5c{}", "static//{}", "static/%00/{}", "static/./{}", "record/log/public/../../../{}",
    "record/log/public/tile/../../../../../{}", "record/log/public/tile/..%2f..%2f..%2f{}",
    "record/log/public/%252e%252e/{}", "./{}", "../{}", "..;/{}", "//{}",
)  # fmt: skip


def status_of(port: int, address: str) -> tuple[int, bytes]:
    """The answer to an address as it is written: clients of ours would tidy it first."""
    ask = f"GET /{address} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall(ask.encode())
        told = b""
        while more := line.recv(65536):
            told += more
    head, _, body = told.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def test_no_file_of_the_house_is_served_however_it_is_asked_for(running, tmp_path):
    _process, port = running
    wait_for(lambda: answers(port))
    secrets = [(tmp_path / name).read_bytes() for name in ("secret_key", "code_pepper")]
    tried = [begins + name for begins in BEGINS for name in NAMES]
    tried += [way.format(name) for way in UPWARDS for name in ("secret_key", ".git/HEAD")]
    served = []
    for address in tried:
        status, body = status_of(port, address)
        if status < 300 or status >= 500 or any(secret in body for secret in secrets):
            served.append(f"/{address} is answered {status}")
    assert not served, "\n".join(served)


def test_what_stands_in_the_folder_of_static_files_is_served_and_what_is_beside_it_is_not(
    running, tmp_path
):
    _process, port = running
    wait_for(lambda: answers(port))
    css = next((tmp_path / "static").rglob("*.css"))
    assert status_of(port, css.relative_to(tmp_path).as_posix())[0] == 200
    for folder in ("static", "static/", css.parent.relative_to(tmp_path).as_posix() + "/"):
        assert status_of(port, folder)[0] == 404


@pytest.mark.django_db
def test_the_source_that_can_be_taken_home_holds_no_secret_and_no_history(client):
    packed = io.BytesIO(client.get("/source/archive/").content)
    with tarfile.open(fileobj=packed) as archive:
        names = archive.getnames()
    for part in (".git", ".venv", "var", ".env", "secret_key", "code_pepper", "record_keys"):
        assert not [name for name in names if part in name.split("/")], part
    assert not [name for name in names if name.endswith((".sqlite3", ".pem", ".key", ".mo"))]
