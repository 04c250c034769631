"""Whom the server asks stands in its settings: two rooms ask anybody at all, and both ask where the
operator said."""

import ast
from pathlib import Path
from urllib.parse import urlsplit

import doorstep
from doorstep.site import settings as written

SOURCES = Path(doorstep.__file__).parent
# Rooms of the site; the engine reads a record from where whoever runs a command says.
ROOMS = ("apps", "site")
ASKS = {"urllib.request", "http.client", "smtplib", "ftplib", "requests", "httpx", "aiohttp"}
# Each with the settings that its addresses come from.
ASKED_BY = {
    "apps/outbox/gateways.py": {"NOTIFY_URL"},
    "apps/record/timestamps.py": {"TIMESTAMP_URL"},
}


def imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{one.name}" for one in node.names}
    return found


def trees() -> dict[str, ast.AST]:
    return {
        path.relative_to(SOURCES).as_posix(): ast.parse(path.read_text())
        for room in ROOMS
        for path in (SOURCES / room).rglob("*.py")
    }


def test_two_rooms_ask_and_each_asks_what_a_setting_names():
    asking = {name: tree for name, tree in trees().items() if imported(tree) & ASKS}
    assert set(asking) == set(ASKED_BY), "a new room asks outside: name its setting in ASKED_BY"
    for name, tree in asking.items():
        used = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "settings"
        }
        assert ASKED_BY[name] <= used
        typed = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and urlsplit(node.value).hostname
        }
        assert not typed, f"{name} names an address of its own: {typed}"


def test_the_settings_for_addresses_are_the_operators():
    """Each is read from the environment; what one is without it, the document says."""
    source = Path(written.__file__).read_text()
    for setting in {"NOTIFY_URL", "TIMESTAMP_URL"}:
        assert f'os.environ.get("DOORSTEP_{setting}"' in source
    assert 'os.environ.get("DOORSTEP_SMTP_URL")' in source
