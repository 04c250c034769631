"""Writes `verify.py`: the modules of `seal/alone` and `seal/recount` as one file.

A stranger needs one file and nothing installed; we need modules that can be read and tested. So
the file is made from them, the same bytes each time: imports of the library come first, once,
neighbours' imports go, and what each module says of itself becomes a comment.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = (
    "recount/ballots.py", "recount/carried.py", "recount/law.py", "recount/certificate.py",
    "alone/plain.py", "alone/curve.py", "alone/signed.py", "alone/web.py", "alone/files.py",
    "alone/logs.py", "alone/kept.py", "alone/books.py", "alone/walk.py", "alone/bank.py",
    "alone/polls.py", "alone/shown.py", "alone/counts.py", "alone/beside.py", "alone/printing.py",
    "alone/run.py",
)  # fmt: skip
HEAD = '''#!/usr/bin/env python3
# Checks everything that a Doorstep install publishes. Needs Python 3.11 and nothing else.
# Made from doorstep/engine/seal; free software under the GNU AGPL, version 3 or later.
"""{usage}"""

from __future__ import annotations

'''


@cache
def verify_file() -> bytes:
    """The bytes of verify.py. Raises ValueError where two modules use one name."""
    imports: set[str] = set()
    parts: list[str] = []
    usage = ""
    owner: dict[str, str] = {}
    for name in MODULES:
        source = (HERE / name).read_text()
        tree = ast.parse(source)
        for defined in _names(tree):
            if owner.setdefault(defined, name) != name:
                raise ValueError(f"{defined} is defined in {owner[defined]} and in {name}")
        usage = ast.get_docstring(tree) or ""
        drop = set[int]()
        for node in tree.body:
            is_import = isinstance(node, ast.Import | ast.ImportFrom)
            if is_import and getattr(node, "level", 0) == 0:
                imports.add(ast.unparse(node))
            if is_import or node is tree.body[0]:
                drop |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        kept = [line for at, line in enumerate(source.splitlines(), start=1) if at not in drop]
        parts.append(f"# {'-' * 40} {name}\n\n" + "\n".join(kept).strip() + "\n")
    imports.discard("from __future__ import annotations")
    listed = "\n".join(sorted(imports, key=lambda line: (line.startswith("from"), line)))
    return (HEAD.format(usage=usage + "\n") + listed + "\n\n" + "\n\n".join(parts)).encode()


def _names(tree: ast.Module) -> set[str]:
    """What a module defines at its top level."""
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {
                one.id
                for one in ast.walk(node)
                if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
            }
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found
