"""A forger with SQL in hand: writes rows that are right in everything but what a test changes.

Without an override, what it writes is admitted; so when something is refused, it is refused for
the one thing that was changed.
"""

from datetime import date
from typing import Any

from django.db import connection

from doorstep.apps.ledger.actions import Line, open_account, post, reverse
from doorstep.apps.record.actions import erase_words, keep_words, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Wording
from doorstep.engine.seal.canonical import canonical
from doorstep.engine.seal.leaf import chain_hash, commitment, leaf_hash

CLERK = Actor("system", "test")
DAY = date(2026, 11, 22)
MOMENT = "2026-11-22 12:00:00+00:00"

WORLD, POT, MILL, KITCHEN = (
    "world:fund:dormant:bank",
    "fund:pot",
    "place:mill:available",
    "place:mill:committed:kitchen",
)
OWED, EXAMPLE = "fund:owed", "example:mill:available"


def furnish() -> None:
    """A small fund with a history: five entries, one of them a reversal, and three wordings."""
    for code, fund, guard in (
        (WORLD, "fund", "none"),
        (POT, "fund", "credit_nonneg"),
        (MILL, "fund", "credit_nonneg"),
        (KITCHEN, "fund", "credit_nonneg"),
        (OWED, "fund", "debit_nonneg"),
        ("world:example", "example", "none"),
        (EXAMPLE, "example", "credit_nonneg"),
    ):
        open_account(code, fund=fund, guard=guard)
    move(WORLD, POT, 100_000, "1", memo="Forgotten accounts of 2026")
    move(POT, MILL, 50_000, "2")
    wrong = move(POT, MILL, 20_000, "3")
    reverse(wrong, idem_key="4", actor=CLERK, reason="Sent twice")
    post(
        "example.budget", [Line("world:example", EXAMPLE, 9_000)],
        idem_key="5", actor=CLERK, effective_on=DAY,
    )  # fmt: skip
    kept = [keep_words("A new kitchen"), keep_words("Somebody's name")]
    write_leaf("place.noted", {"first": kept[0].commitment, "second": kept[1].commitment})
    erase_words(kept[1], actor=CLERK, reason="Asked for")


def move(debit: str, credit: str, pence: int, key: str, **more: Any):
    return post(
        "fund.moved", [Line(debit, credit, pence)], idem_key=key, actor=CLERK, effective_on=DAY,
        **more,
    )  # fmt: skip


class Forger:
    """Raw rows for the sealed tables; every method takes column overrides."""

    def __init__(self) -> None:
        self.cursor = connection.cursor()

    def sql(self, statement: str, *given: Any) -> None:
        self.cursor.execute(statement, given)

    def one(self, question: str, *given: Any) -> Any:
        self.cursor.execute(question, given)
        row = self.cursor.fetchone()
        return row[0] if len(row) == 1 else row

    def put(self, table: str, row: dict[str, Any], verb: str = "INSERT") -> None:
        columns = ", ".join(row)
        marks = ", ".join(["%s"] * len(row))
        self.sql(f"{verb} INTO {table} ({columns}) VALUES ({marks})", *row.values())

    def account(self, code: str) -> int:
        return self.one("SELECT id FROM ledger_account WHERE code = %s", code)

    def words(self, place: int = 0) -> Wording:
        """0: kept; 1: erased."""
        return list(Wording.objects.filter(text__in=["A new kitchen", ""]).order_by("pk"))[place]

    # --- the record -------------------------------------------------------------------------

    def leaf(
        self,
        kind: str = "place.noted",
        body: dict[str, Any] | bytes | str = b"",
        verb: str = "INSERT",
        skip: int = 0,
        **changed: Any,
    ) -> int:
        """The next leaf, `skip` places too far on; gives its id. Hashes follow the changes."""
        log = changed.get("log", "public")
        heads = "SELECT size, chain FROM record_loghead WHERE log = %s"
        self.cursor.execute(heads, [log])
        size, chain = self.cursor.fetchone() or (0, bytes(32))
        prev = changed.get("prev_chain", bytes(chain))
        data = body or {}
        if isinstance(data, dict):
            data = canonical({"v": 1, "kind": kind, **data})
        hashed = changed.get("leaf_hash", leaf_hash(data if isinstance(data, bytes) else b""))
        row = {
            "log": log,
            "idx": size + skip,
            "kind": kind,
            "journal_seq": None,
            "body": data,
            "leaf_hash": hashed,
            "prev_chain": prev,
            "chain": chain_hash(prev, hashed) if len(prev) == len(hashed) == 32 else bytes(32),
            "recorded_at": MOMENT,
        } | changed
        self.put("record_leaf", row, verb)
        return self.one("SELECT max(id) FROM record_leaf")

    def wording(self, verb: str = "INSERT", **changed: Any) -> None:
        salt = bytes([7]) * 32
        row = {
            "salt": salt,
            "text": "New words",
            "commitment": commitment(salt, "New words"),
            "erased_at": None,
            "erasure_id": None,
        } | changed
        self.put("record_wording", row, verb)

    # --- the ledger -------------------------------------------------------------------------

    def open(self, code: str = "fund:new", verb: str = "INSERT", **changed: Any) -> None:
        """An account and its leaf; the leaf agrees with whatever is changed."""
        row = {"code": code, "fund": "fund", "guard": "credit_nonneg"} | changed
        if "leaf_id" not in row:
            told = {name: row[name] for name in ("code", "fund", "guard")}
            row["leaf_id"] = self.leaf("ledger.account", told)
        self.put("ledger_account", row, verb)

    def journal(self, verb: str = "INSERT", **changed: Any) -> int:
        """The next entry, without lines or leaf; gives its number."""
        seq = changed.get("seq", self.one("SELECT max(seq) + 1 FROM ledger_journal"))
        row = {
            "seq": seq,
            "idem_key": f"forged {seq}",
            "request_hash": bytes(32),
            "kind": "fund.moved",
            "effective_on": "2026-11-22",
            "memo_id": None,
            "n_lines": 1,
            "reverses_id": None,
        } | changed
        self.put("ledger_journal", row, verb)
        return seq

    def transfer(
        self, seq: int, debit: str = POT, credit: str = MILL, verb: str = "INSERT", **changed: Any
    ) -> None:
        row = {
            "id": self.one("SELECT max(id) + 1 FROM ledger_transfer"),
            "journal_id": seq,
            "line": 1,
            "debit_id": changed.get("debit_id") or self.account(debit),
            "credit_id": changed.get("credit_id") or self.account(credit),
            "pence": 100,
        } | changed
        self.put("ledger_transfer", row, verb)

    def seal(self, seq: int, **changed: Any) -> None:
        row = {"kind": "ledger.journal", "journal_seq": seq, "body": {"seq": seq}} | changed
        self.leaf(**row)

    def entry(self, *lines: dict[str, Any], **changed: Any) -> int:
        """A whole sealed entry; each line is what to change about a transfer."""
        lines = lines or ({},)
        seq = self.journal(**{"n_lines": len(lines)} | changed)
        for number, line in enumerate(lines, start=1):
            self.transfer(seq, **{"line": number} | line)
        self.seal(seq)
        return seq
