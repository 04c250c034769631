-- Seals of the ledger for SQLite; read `record/sql/seals.sqlite.sql` first for the rules of the
-- house. Append-only and INSERT OR REPLACE are closed by `record/seals.py` for every table.

-- seal: ledger_account_opens on ledger_account
CREATE TRIGGER ledger_account_opens AFTER INSERT ON ledger_account
BEGIN
    SELECT RAISE(ABORT, 'an account is opened by a leaf that names its code, fund and guard')
    WHERE NOT EXISTS (
        SELECT 1 FROM record_leaf AS leaf
        WHERE leaf.id = NEW.leaf_id AND leaf.log = 'public' AND leaf.kind = 'ledger.account'
            AND json_extract(CAST(leaf.body AS TEXT), '$.code') = NEW.code
            AND json_extract(CAST(leaf.body AS TEXT), '$.fund') = NEW.fund
            AND json_extract(CAST(leaf.body AS TEXT), '$.guard') = NEW.guard
    );
    INSERT INTO ledger_accountbalance (account_id, guard, debits, credits, last_transfer)
        VALUES (NEW.id, NEW.guard, 0, 0, 0);
END;

-- seal: ledger_accountbalance_opens_at_nothing on ledger_accountbalance
CREATE TRIGGER ledger_accountbalance_opens_at_nothing BEFORE INSERT ON ledger_accountbalance
WHEN NEW.debits <> 0 OR NEW.credits <> 0 OR NEW.last_transfer <> 0
    OR EXISTS (
        SELECT 1 FROM ledger_accountbalance
        WHERE account_id = NEW.account_id OR rowid = NEW.rowid
    )
    OR NOT EXISTS (
        SELECT 1 FROM ledger_account WHERE id = NEW.account_id AND guard = NEW.guard
    )
BEGIN
    SELECT RAISE(ABORT, 'a balance opens once, at nothing, with the guard of its account');
END;

-- seal: ledger_accountbalance_moved_by_transfer on ledger_accountbalance
CREATE TRIGGER ledger_accountbalance_moved_by_transfer BEFORE UPDATE ON ledger_accountbalance
WHEN NOT (
    NEW.account_id = OLD.account_id AND NEW.rowid = OLD.rowid AND NEW.guard = OLD.guard
    AND NEW.last_transfer > OLD.last_transfer
    AND EXISTS (
        SELECT 1 FROM ledger_transfer AS moved
        WHERE moved.id = NEW.last_transfer AND (
            (moved.debit_id = OLD.account_id AND NEW.debits = OLD.debits + moved.pence
                AND NEW.credits = OLD.credits)
            OR (moved.credit_id = OLD.account_id AND NEW.credits = OLD.credits + moved.pence
                AND NEW.debits = OLD.debits)
        )
    )
)
BEGIN
    SELECT RAISE(ABORT, 'a balance is moved only by the transfer it names, once');
END;

-- seal: ledger_accountbalance_no_delete on ledger_accountbalance
CREATE TRIGGER ledger_accountbalance_no_delete BEFORE DELETE ON ledger_accountbalance
BEGIN
    SELECT RAISE(ABORT, 'a balance is never removed');
END;

-- seal: ledger_journal_next on ledger_journal
CREATE TRIGGER ledger_journal_next AFTER INSERT ON ledger_journal
BEGIN
    SELECT RAISE(ABORT, 'entries are numbered 1, 2, 3 without a gap, in whole numbers')
    WHERE typeof(NEW.seq) <> 'integer' OR typeof(NEW.n_lines) <> 'integer'
        OR NOT (
            NEW.seq = 1 OR EXISTS (SELECT 1 FROM ledger_journal WHERE seq = NEW.seq - 1)
        );
END;

-- seal: ledger_journal_reverses_sealed on ledger_journal
CREATE TRIGGER ledger_journal_reverses_sealed AFTER INSERT ON ledger_journal
WHEN NEW.reverses_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'only a sealed entry that is no reversal itself can be reversed')
    WHERE NOT EXISTS (
        SELECT 1 FROM ledger_journal AS original
        JOIN record_leaf AS leaf ON leaf.journal_seq = original.seq
        WHERE original.seq = NEW.reverses_id AND original.seq < NEW.seq
            AND original.reverses_id IS NULL AND original.n_lines = NEW.n_lines
    );
END;

-- seal: ledger_transfer_well_formed on ledger_transfer
CREATE TRIGGER ledger_transfer_well_formed AFTER INSERT ON ledger_transfer
BEGIN
    SELECT RAISE(ABORT, 'a transfer is a whole number of pence, numbered without a gap')
    WHERE typeof(NEW.pence) <> 'integer' OR typeof(NEW.id) <> 'integer'
        OR typeof(NEW.line) <> 'integer'
        OR NOT (NEW.id = 1 OR EXISTS (SELECT 1 FROM ledger_transfer WHERE id = NEW.id - 1));
END;

-- seal: ledger_transfer_on_open_entry on ledger_transfer
CREATE TRIGGER ledger_transfer_on_open_entry AFTER INSERT ON ledger_transfer
BEGIN
    SELECT RAISE(ABORT, 'a line is added only to an entry that is not sealed and expects it')
    WHERE NOT EXISTS (
        SELECT 1 FROM ledger_journal AS entry
        WHERE entry.seq = NEW.journal_id AND NEW.line BETWEEN 1 AND entry.n_lines
    ) OR EXISTS (SELECT 1 FROM record_leaf WHERE journal_seq = NEW.journal_id);
END;

-- seal: ledger_transfer_within_fund on ledger_transfer
CREATE TRIGGER ledger_transfer_within_fund AFTER INSERT ON ledger_transfer
BEGIN
    SELECT RAISE(ABORT, 'money never moves between two funds')
    WHERE (SELECT fund FROM ledger_account WHERE id = NEW.debit_id)
        IS NOT (SELECT fund FROM ledger_account WHERE id = NEW.credit_id);
END;

-- seal: ledger_transfer_moves_balances on ledger_transfer
CREATE TRIGGER ledger_transfer_moves_balances AFTER INSERT ON ledger_transfer
BEGIN
    UPDATE ledger_accountbalance
        SET debits = debits + NEW.pence, last_transfer = NEW.id
        WHERE account_id = NEW.debit_id;
    UPDATE ledger_accountbalance
        SET credits = credits + NEW.pence, last_transfer = NEW.id
        WHERE account_id = NEW.credit_id;
    -- INSERT OR IGNORE would make the guards above skip the balance and keep the transfer.
    SELECT RAISE(ABORT, 'the balances did not move with the transfer')
    WHERE 2 <> (
        SELECT count(*) FROM ledger_accountbalance
        WHERE account_id IN (NEW.debit_id, NEW.credit_id) AND last_transfer = NEW.id
    );
END;

-- seal: ledger_leaf_seals_entry on record_leaf
CREATE TRIGGER ledger_leaf_seals_entry AFTER INSERT ON record_leaf
WHEN NEW.journal_seq IS NOT NULL OR NEW.kind = 'ledger.journal'
BEGIN
    SELECT RAISE(ABORT, 'the leaf of an entry names it, in the public log, with all its lines')
    WHERE NEW.log <> 'public' OR NEW.kind <> 'ledger.journal' OR NEW.journal_seq IS NULL
        OR json_extract(CAST(NEW.body AS TEXT), '$.seq') IS NOT NEW.journal_seq
        OR NOT EXISTS (
            SELECT 1 FROM ledger_journal AS entry
            WHERE entry.seq = NEW.journal_seq AND entry.n_lines = (
                SELECT count(*) FROM ledger_transfer WHERE journal_id = NEW.journal_seq
            )
        );
END;

-- seal: ledger_leaf_mirrors_original on record_leaf
CREATE TRIGGER ledger_leaf_mirrors_original AFTER INSERT ON record_leaf
WHEN NEW.journal_seq IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a reversal moves the same pence back, last line first')
    WHERE EXISTS (
        SELECT 1 FROM ledger_journal AS entry
        JOIN ledger_transfer AS forth ON forth.journal_id = entry.reverses_id
        LEFT JOIN ledger_transfer AS back
            ON back.journal_id = entry.seq AND back.line = entry.n_lines + 1 - forth.line
            AND back.debit_id = forth.credit_id AND back.credit_id = forth.debit_id
            AND back.pence = forth.pence
        WHERE entry.seq = NEW.journal_seq AND back.id IS NULL
    );
END;


-- seal: ledger_match_stays on ledger_match
CREATE TRIGGER ledger_match_stays BEFORE UPDATE ON ledger_match
WHEN NEW.id IS NOT OLD.id
    OR NEW.bank_line_id IS NOT OLD.bank_line_id
    OR NEW.journal_id IS NOT OLD.journal_id
    OR NEW.kind IS NOT OLD.kind
    OR NEW.reason_id IS NOT OLD.reason_id
    OR NEW.confirmed_by_id IS NOT OLD.confirmed_by_id
    OR NEW.leaf_id IS NOT OLD.leaf_id
    OR OLD.undone_id IS NOT NULL
    OR NOT EXISTS (
        SELECT 1 FROM record_leaf AS leaf
        WHERE leaf.id = NEW.undone_id AND leaf.log = 'public' AND leaf.kind = 'bank.unmatched'
            AND json_extract(CAST(leaf.body AS TEXT), '$.line') = OLD.bank_line_id
    )
BEGIN
    SELECT RAISE(ABORT, 'a match is undone once, by a leaf that says so, and never altered');
END;

-- seal: ledger_match_no_delete on ledger_match
CREATE TRIGGER ledger_match_no_delete BEFORE DELETE ON ledger_match
BEGIN
    SELECT RAISE(ABORT, 'a match is never removed');
END;

-- seal: ledger_match_no_replace on ledger_match
CREATE TRIGGER ledger_match_no_replace BEFORE INSERT ON ledger_match
WHEN EXISTS (
    SELECT 1 FROM ledger_match
    WHERE id = NEW.id OR rowid = NEW.rowid OR leaf_id = NEW.leaf_id
        OR (undone_id IS NULL
            AND (bank_line_id = NEW.bank_line_id OR journal_id = NEW.journal_id))
)
BEGIN
    SELECT RAISE(ABORT, 'this line or this entry is matched already');
END;

-- seal: ledger_match_is_of_one_sum on ledger_match
CREATE TRIGGER ledger_match_is_of_one_sum AFTER INSERT ON ledger_match
BEGIN
    SELECT RAISE(ABORT, 'a line proves an entry of the same sum in the same fund, and a leaf says so')
    WHERE NEW.undone_id IS NOT NULL
        OR NOT EXISTS (
            SELECT 1 FROM record_leaf AS leaf
            WHERE leaf.id = NEW.leaf_id AND leaf.log = 'public' AND leaf.kind = 'bank.matched'
                AND json_extract(CAST(leaf.body AS TEXT), '$.line') = NEW.bank_line_id
                AND json_extract(CAST(leaf.body AS TEXT), '$.entry') IS NEW.journal_id
        )
        OR (NEW.journal_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM ledger_bankline AS line
            JOIN ledger_bankaccount AS bank ON bank.id = line.account_id
            WHERE line.id = NEW.bank_line_id
                AND (line.pence < 0) = (NEW.kind = 'payment')
                AND abs(line.pence) = (
                    SELECT sum(moved.pence) FROM ledger_transfer AS moved
                    WHERE moved.journal_id = NEW.journal_id
                )
                AND NOT EXISTS (
                    SELECT 1 FROM ledger_transfer AS moved
                    JOIN ledger_account AS account ON account.id = moved.debit_id
                    WHERE moved.journal_id = NEW.journal_id AND account.fund <> bank.fund
                )
        ));
END;

-- seal: ledger_bankline_of_its_statement on ledger_bankline
CREATE TRIGGER ledger_bankline_of_its_statement AFTER INSERT ON ledger_bankline
BEGIN
    SELECT RAISE(ABORT, 'a line is whole pence, within the days and the account of its statement')
    WHERE typeof(NEW.pence) <> 'integer' OR NOT EXISTS (
        SELECT 1 FROM ledger_bankstatement AS read
        WHERE read.id = NEW.statement_id AND read.account_id = NEW.account_id
            AND NEW.booked_on BETWEEN read.first_day AND read.last_day
    );
END;
