"""No weak hash, cipher, mode or source of chance is named anywhere in the product, and nothing
switches off the check of somebody's certificate."""

import ast
import re
from pathlib import Path

import pytest

import doorstep

SOURCES = Path(doorstep.__file__).parent
WEAK = {
    "md4", "md5", "sha1", "MD5", "SHA1", "ECB", "CBC", "CTR", "OFB", "CFB", "DES", "TripleDES",
    "ARC4", "Blowfish", "RC2", "CAST5", "IDEA", "PKCS1v15", "RSA", "DSA", "CERT_NONE",
    "_create_unverified_context", "PROTOCOL_SSLv23", "PROTOCOL_TLSv1", "PROTOCOL_TLSv1_1",
}  # fmt: skip
WEAK_IN_SCRIPTS = re.compile(
    r"Math\.random|[\"'](?:SHA-1|MD5|AES-CBC|AES-CTR|RSA[\w-]*)[\"']", re.I
)
# Chance that must be the same again for everybody, with why.
BY_SEED = {"site/demo/ballots.py": "the votes of the demo, the same at every start"}


def names(tree: ast.AST) -> set[str]:
    """Every name that code takes from elsewhere, and every word that is given as an algorithm."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.Call):
            found |= {
                str(one.value)
                for one in (*node.args, *(word.value for word in node.keywords))
                if isinstance(one, ast.Constant)
            }
    return found


def switched_off(tree: ast.AST) -> bool:
    """Whether it is told not to look at a certificate or a host's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in {"verify", "check_hostname"}:
            return isinstance(node.value, ast.Constant) and node.value.value is False
        if isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Attribute) and one.attr in {"check_hostname", "verify_mode"}
            for one in node.targets
        ):
            return True
    return False


def faults(source: str) -> set[str]:
    tree = ast.parse(source)
    found = names(tree) & WEAK
    return found | ({"a check is switched off"} if switched_off(tree) else set())


def test_the_server_names_nothing_weak():
    found = {
        path.relative_to(SOURCES).as_posix(): wrong
        for path in SOURCES.rglob("*.py")
        if (wrong := faults(path.read_text()))
    }
    assert found == {}


def test_the_browser_names_nothing_weak():
    scripts = list(SOURCES.rglob("*.js"))
    found = {one.name: WEAK_IN_SCRIPTS.findall(one.read_text()) for one in scripts}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(scripts) > 5


def test_chance_that_can_be_foretold_is_drawn_nowhere():
    found = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            taken = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                taken = [node.module or ""]
            if {"random", "numpy.random"} & set(taken):
                found.add(path.relative_to(SOURCES).as_posix())
    assert found == set(BY_SEED)


@pytest.mark.parametrize(
    "source",
    [
        "import hashlib\nhashlib.md5(b'')",
        "from hashlib import sha1",
        "import hashlib\nhashlib.new('sha1')",
        "modes.ECB()",
        "import ssl\nssl._create_unverified_context()",
        "context.check_hostname = False",
        "requests.get('x', verify=False)",
    ],
)
def test_the_test_sees_what_is_weak(source):
    assert faults(source)
