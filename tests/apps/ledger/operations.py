"""Everything that must never be admitted, as short forgeries. See `forger.py`.

Each is tried inside a transaction of its own that ends in a commit. Names say what is attempted.
`SQLITE` and `POSTGRESQL` hold what only one of them can be asked to do.
"""

from collections.abc import Callable

from tests.apps.ledger.forger import EXAMPLE, KITCHEN, MILL, MOMENT, OWED, POT, WORLD, Forger

Operation = Callable[[Forger], object]


def erase(forger: Forger, **changed: object) -> None:
    kept = forger.words()
    row = {"salt": b"", "text": "", "erased_at": MOMENT} | changed
    if "erasure_id" not in row:
        row["erasure_id"] = forger.leaf("words.erased", {"commitment": kept.commitment})
    names = ", ".join(f"{name} = %s" for name in row)
    forger.sql(f"UPDATE record_wording SET {names} WHERE id = %s", *row.values(), kept.pk)


def unsealed_with_lines(forger: Forger) -> None:
    forger.transfer(forger.journal())


def sealed_with_a_line_short(forger: Forger) -> None:
    seq = forger.journal(n_lines=2)
    forger.transfer(seq)
    forger.seal(seq)


def reversal_with_another_amount(forger: Forger) -> None:
    forger.entry({"debit": MILL, "credit": POT, "pence": 49_999}, reverses_id=2)


def reversal_with_a_line_added(forger: Forger) -> None:
    back = {"debit": MILL, "credit": POT}
    forger.entry(back | {"pence": 50_000}, {"pence": 1}, reverses_id=2)


def reversal_of_itself(forger: Forger) -> None:
    seq = forger.one("SELECT max(seq) + 1 FROM ledger_journal")
    forger.entry({"debit": MILL, "credit": POT}, reverses_id=seq)


def reversal_of_unsealed(forger: Forger) -> None:
    first = forger.journal()
    forger.transfer(first)
    second = forger.journal(reverses_id=first)
    forger.transfer(second, debit=MILL, credit=POT)
    forger.seal(first)
    forger.seal(second)


def balance_replayed(forger: Forger) -> None:
    forger.sql(
        "UPDATE ledger_accountbalance SET credits = credits + 50000, last_transfer = 2"
        " WHERE account_id = %s",
        forger.account(MILL),
    )


def second_lines(forger: Forger, *numbers: int) -> None:
    seq = forger.journal(n_lines=2)
    for number in numbers:
        forger.transfer(seq, line=number)
    forger.seal(seq)


def many_lines(forger: Forger) -> None:
    forger.entry(*({"pence": 1} for _ in range(501)))


BOTH: dict[str, Operation] = {
    # The record
    "leaf: kind edited": lambda f: f.sql("UPDATE record_leaf SET kind = 'place.x' WHERE idx = 3"),
    "leaf: body edited": lambda f: f.sql("UPDATE record_leaf SET body = chain WHERE idx = 3"),
    "leaf: removed": lambda f: f.sql("DELETE FROM record_leaf WHERE kind = 'words.erased'"),
    "leaf: last one removed": lambda f: f.sql("DELETE FROM record_leaf WHERE kind = 'place.noted'"),
    "leaf: a place left empty": lambda f: f.leaf(skip=1),
    "leaf: an older place": lambda f: f.leaf(skip=-1),
    "leaf: another link before it": lambda f: f.leaf(prev_chain=bytes([9]) * 32),
    "leaf: an unknown log": lambda f: f.leaf(log="secret"),
    "leaf: body too long": lambda f: f.leaf(body=long_body()),
    "leaf: hash of 31 bytes": lambda f: f.leaf(leaf_hash=bytes(31)),
    "leaf: link of 31 bytes": lambda f: f.leaf(chain=bytes(31)),
    "leaf: kind not the body's": lambda f: f.leaf(body=b'{"kind":"place.closed","v":1}'),
    "leaf: body is no JSON": lambda f: f.leaf(body=b"no JSON"),
    "leaf: body names no kind": lambda f: f.leaf(body=b'{"v":1}'),
    "leaf: a second for one entry": lambda f: f.seal(2),
    "leaf: for an entry that is not": lambda f: f.seal(77),
    "leaf: entry's, of another kind": lambda f: f.seal(2, kind="place.noted"),
    "leaf: entry's kind without entry": lambda f: f.leaf("ledger.journal", {"seq": 2}),
    "head: size edited": lambda f: f.sql("UPDATE record_loghead SET size = 77"),
    "head: one step without a leaf": lambda f: f.sql("UPDATE record_loghead SET size = size + 1"),
    "head: moved back": lambda f: f.sql("UPDATE record_loghead SET size = size - 1"),
    "head: link edited": lambda f: f.sql("UPDATE record_loghead SET chain = %s", bytes(32)),
    "head: removed": lambda f: f.sql("DELETE FROM record_loghead WHERE log = 'audit'"),
    "head: a new log": lambda f: f.put(
        "record_loghead", {"log": "secret", "size": 0, "chain": bytes(32)}
    ),
    "words: edited": lambda f: f.sql(
        "UPDATE record_wording SET text = 'x' WHERE erasure_id IS NULL"
    ),
    "words: removed": lambda f: f.sql("DELETE FROM record_wording WHERE text = ''"),
    "words: erased without a leaf": lambda f: erase(f, erasure_id=first_leaf(f)),
    "words: erased by another's leaf": lambda f: erase(f, erasure_id=f.words(1).erasure_id),
    "words: text erased, salt kept": lambda f: erase(f, salt=bytes(32)),
    "words: erased at no time": lambda f: erase(f, erased_at=None),
    "words: brought back": lambda f: f.sql(
        "UPDATE record_wording SET text = 'x', salt = %s, erased_at = NULL, erasure_id = NULL"
        " WHERE text = ''",
        bytes(32),
    ),
    "words: kept with a short salt": lambda f: f.wording(salt=bytes(31)),
    "words: kept empty": lambda f: f.wording(text=""),
    "words: erased from the start": lambda f: f.wording(
        salt=b"", text="", erased_at=MOMENT, erasure_id=first_leaf(f)
    ),
    "words: one commitment twice": lambda f: f.wording(commitment=f.words().commitment),
    # Accounts and balances
    "account: renamed": lambda f: f.sql(
        "UPDATE ledger_account SET code = 'fund:x' WHERE code = %s", POT
    ),
    "account: guard taken off": lambda f: f.sql("UPDATE ledger_account SET guard = 'none'"),
    "account: moved to another fund": lambda f: f.sql("UPDATE ledger_account SET fund = 'example'"),
    "account: removed": lambda f: (
        f.sql("DELETE FROM ledger_accountbalance WHERE account_id = %s", f.account(KITCHEN)),
        f.sql("DELETE FROM ledger_account WHERE code = %s", KITCHEN),
    ),
    "account: removed, balance kept": lambda f: f.sql(
        "DELETE FROM ledger_account WHERE code = %s", KITCHEN
    ),
    "account: opened without its leaf": lambda f: f.open(leaf_id=f.leaf()),
    "account: opened with another's leaf": lambda f: f.open(leaf_id=first_leaf(f)),
    "account: opened twice": lambda f: f.open(POT),
    "account: unguarded inside": lambda f: f.open(guard="none"),
    "account: guarded world": lambda f: f.open("world:fund:x"),
    "account: unknown guard": lambda f: f.open(guard="maybe"),
    "balance: edited": lambda f: f.sql("UPDATE ledger_accountbalance SET credits = credits + 1"),
    "balance: a transfer replayed": balance_replayed,
    "balance: guard taken off": lambda f: f.sql("UPDATE ledger_accountbalance SET guard = 'none'"),
    "balance: removed": lambda f: f.sql(
        "DELETE FROM ledger_accountbalance WHERE account_id = %s", f.account(KITCHEN)
    ),
    "balance: a second for one account": lambda f: f.put(
        "ledger_accountbalance",
        {
            "account_id": f.account(KITCHEN),
            "guard": "credit_nonneg",
            "debits": 0,
            "credits": 0,
            "last_transfer": 0,
        },
    ),
    # Entries
    "entry: kind edited": lambda f: f.sql("UPDATE ledger_journal SET kind = 'x.y' WHERE seq = 2"),
    "entry: day edited": lambda f: f.sql("UPDATE ledger_journal SET effective_on = '2020-01-01'"),
    "entry: removed with its lines": lambda f: (
        f.sql("DELETE FROM ledger_transfer WHERE journal_id = 2"),
        f.sql("DELETE FROM ledger_journal WHERE seq = 2"),
    ),
    "entry: removed": lambda f: f.sql("DELETE FROM ledger_journal WHERE seq = 5"),
    "entry: a number left out": lambda f: f.entry(
        seq=f.one("SELECT max(seq) + 2 FROM ledger_journal")
    ),
    "entry: key used again": lambda f: f.entry(idem_key="2"),
    "entry: no leaf": lambda f: f.journal(),
    "entry: lines but no leaf": unsealed_with_lines,
    "entry: a line short": sealed_with_a_line_short,
    "entry: no lines": lambda f: f.seal(f.journal(n_lines=0)),
    "entry: 501 lines": many_lines,
    "entry: line added after the seal": lambda f: f.transfer(2, line=2),
    "entry: lines numbered 1 and 3": lambda f: second_lines(f, 1, 3),
    "entry: lines numbered 1 and 1": lambda f: second_lines(f, 1, 1),
    "entry: sealed in the audit log": lambda f: (
        f.transfer(f.journal()),
        f.seal(f.one("SELECT max(seq) FROM ledger_journal"), log="audit"),
    ),
    "entry: leaf says another number": lambda f: (
        f.transfer(f.journal()),
        f.seal(f.one("SELECT max(seq) FROM ledger_journal"), body={"seq": 1}),
    ),
    "reversal: a second": lambda f: f.entry(
        {"debit": MILL, "credit": POT, "pence": 20_000}, reverses_id=3
    ),
    "reversal: another amount": reversal_with_another_amount,
    "reversal: a line added": reversal_with_a_line_added,
    "reversal: of a reversal": lambda f: f.entry({"pence": 20_000}, reverses_id=4),
    "reversal: of itself": reversal_of_itself,
    "reversal: of an unsealed entry": reversal_of_unsealed,
    # Transfers
    "transfer: pence edited": lambda f: f.sql("UPDATE ledger_transfer SET pence = pence + 1"),
    "transfer: removed": lambda f: f.sql("DELETE FROM ledger_transfer WHERE id = 5"),
    "transfer: nothing": lambda f: f.entry({"pence": 0}),
    "transfer: less than nothing": lambda f: f.entry({"pence": -5}),
    "transfer: above the limit": lambda f: f.entry({"debit": WORLD, "pence": 10**13 + 1}),
    "transfer: to itself": lambda f: f.entry({"debit": POT, "credit": POT}),
    "transfer: into another fund": lambda f: f.entry({"credit": EXAMPLE}),
    "transfer: to no account": lambda f: f.entry({"credit_id": 999}),
    "transfer: a number left out": lambda f: f.entry(
        {"id": f.one("SELECT max(id) + 2 FROM ledger_transfer")}
    ),
    "transfer: more than the pot holds": lambda f: f.entry({"pence": 50_001}),
    "transfer: more than is owed": lambda f: f.entry({"credit": OWED}),
}


def first_leaf(forger: Forger) -> int:
    return forger.one("SELECT min(id) FROM record_leaf")


def long_body() -> bytes:
    return b'{"kind":"place.noted","v":1,"x":"' + b"y" * 65_520 + b'"}'


def replace(table: str, row: str, **changed: str) -> Operation:
    """INSERT OR REPLACE of the row found by `row`, one column changed."""

    def forge(forger: Forger) -> None:
        names = [column[1] for column in _columns(forger, table)]
        wanted = ", ".join(changed.get(name, name) for name in names)
        forger.sql(
            f"INSERT OR REPLACE INTO {table} ({', '.join(names)})"
            f" SELECT {wanted} FROM {table} WHERE {row}"
        )

    return forge


def _columns(forger: Forger, table: str) -> list[tuple]:
    forger.cursor.execute(f"PRAGMA table_info({table})")
    return forger.cursor.fetchall()


FREE = "(SELECT max(rowid) + 1 FROM {})".format
SQLITE: dict[str, Operation] = {
    "leaf: bytes kept as text": lambda f: f.leaf(body='{"kind":"place.noted"}'),
    "leaf: replaced by id": replace("record_leaf", "idx = 3", kind="'place.x'"),
    "leaf: replaced by place": lambda f: f.leaf(verb="INSERT OR REPLACE", skip=-2),
    "leaf: replaced by entry": lambda f: f.seal(2, verb="INSERT OR REPLACE"),
    "head: replaced": replace("record_loghead", "log = 'public'", size="77"),
    "head: replaced, rewound": replace(
        "record_loghead", "log = 'public'", size="0", chain="zeroblob(32)"
    ),
    "words: replaced by id": replace(
        "record_wording", "text = 'A new kitchen'", text="'x'", commitment="'words:x'"
    ),
    "words: replaced by commitment": replace(
        "record_wording", "text = 'A new kitchen'", id=FREE("record_wording"), text="'x'"
    ),
    "account: replaced by id": replace("ledger_account", "id = 2", code="'fund:x'"),
    "account: opened again, balance emptied": replace("ledger_account", "id = 2"),
    "account: replaced by code": lambda f: f.open(POT, verb="INSERT OR REPLACE"),
    "balance: replaced": replace(
        "ledger_accountbalance",
        f"account_id = (SELECT id FROM ledger_account WHERE code='{POT}')",
        credits="credits + 1",
    ),
    "balance: replaced, emptied": replace(
        "ledger_accountbalance", "account_id = 1", credits="0", debits="0", last_transfer="0"
    ),
    "balance: another pushed out": lambda f: f.sql(
        "UPDATE OR REPLACE ledger_accountbalance SET rowid = 1 WHERE account_id = 3"
    ),
    "entry: replaced by number": replace("ledger_journal", "seq = 2", kind="'x.y'"),
    "entry: replaced by row": lambda f: f.journal(verb="INSERT OR REPLACE", rowid=5),
    "entry: replaced by key": lambda f: f.journal(verb="INSERT OR REPLACE", idem_key="5"),
    "entry: replaced by reversal": lambda f: f.entry(
        {"debit": MILL, "credit": POT, "pence": 20_000}, reverses_id=3, verb="INSERT OR REPLACE"
    ),
    "transfer: replaced by number": replace("ledger_transfer", "id = 5", pence="pence + 1"),
    "transfer: replaced by line": lambda f: (
        f.journal(n_lines=1),
        f.transfer(f.one("SELECT max(seq) FROM ledger_journal")),
        f.transfer(f.one("SELECT max(seq) FROM ledger_journal"), verb="INSERT OR REPLACE"),
        f.seal(f.one("SELECT max(seq) FROM ledger_journal")),
    ),
    "transfer: replaced by row": lambda f: f.entry({"rowid": 4, "verb": "INSERT OR REPLACE"}),
    "transfer: part of a penny": lambda f: f.entry({"pence": 0.6}),
    "transfer: pence as words": lambda f: f.entry({"pence": "ten"}),
    "transfer: overspend, OR IGNORE": lambda f: f.entry(
        {"pence": 50_001, "verb": "INSERT OR IGNORE"}
    ),
    "transfer: overspend, OR REPLACE": lambda f: f.entry(
        {"pence": 50_001, "verb": "INSERT OR REPLACE"}
    ),
    "leaf: wrong place, OR IGNORE": lambda f: f.leaf(skip=1, verb="INSERT OR IGNORE"),
    "entry: edited, OR IGNORE": lambda f: f.sql("UPDATE OR IGNORE ledger_journal SET kind = 'x'"),
}

SEALED = (
    "record_leaf", "record_loghead", "record_wording", "ledger_account", "ledger_accountbalance",
    "ledger_journal", "ledger_transfer",
)  # fmt: skip

POSTGRESQL: dict[str, Operation] = {
    "leaf: hash of other bytes": lambda f: f.leaf(leaf_hash=bytes([5]) * 32),
    "leaf: link of other hashes": lambda f: f.leaf(chain=bytes([5]) * 32),
    **{
        f"{table}: emptied": (lambda f, table=table: f.sql(f"TRUNCATE {table} CASCADE"))
        for table in SEALED
    },
    "transfer: removed as a replica": lambda f: (
        f.sql("SET LOCAL session_replication_role = replica"),
        f.sql("DELETE FROM ledger_transfer WHERE id = 5"),
    ),
    "balance: edited as a replica": lambda f: (
        f.sql("SET LOCAL session_replication_role = replica"),
        f.sql("UPDATE ledger_accountbalance SET credits = credits + 1"),
    ),
    "entry: key used again, upsert": lambda f: f.sql(
        "INSERT INTO ledger_journal SELECT * FROM ledger_journal WHERE seq = 2"
        " ON CONFLICT (seq) DO UPDATE SET kind = 'x.y'"
    ),
}
SQLITE["entry: edited by an upsert"] = lambda f: f.sql(
    "INSERT INTO ledger_journal SELECT * FROM ledger_journal WHERE seq = 2"
    " ON CONFLICT (seq) DO UPDATE SET kind = 'x.y'"
)


def forbidden(vendor: str) -> dict[str, Operation]:
    return BOTH | (SQLITE if vendor == "sqlite" else POSTGRESQL)
