-- Seals of the ledger for PostgreSQL; read `record/sql/seals.postgresql.sql` first for the rules
-- of the house. Append-only and TRUNCATE are closed by `record/seals.py` for every table.

-- function: ledger_account_opens
CREATE OR REPLACE FUNCTION ledger_account_opens() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM record_leaf AS leaf
        WHERE leaf.id = NEW.leaf_id AND leaf.log = 'public' AND leaf.kind = 'ledger.account'
            AND convert_from(leaf.body, 'UTF8')::jsonb ->> 'code' = NEW.code
            AND convert_from(leaf.body, 'UTF8')::jsonb ->> 'fund' = NEW.fund
            AND convert_from(leaf.body, 'UTF8')::jsonb ->> 'guard' = NEW.guard
    ) THEN
        RAISE EXCEPTION 'an account is opened by a leaf that names its code, fund and guard'
            USING ERRCODE = '23514';
    END IF;
    INSERT INTO ledger_accountbalance (account_id, guard, debits, credits, last_transfer)
        VALUES (NEW.id, NEW.guard, 0, 0, 0);
    RETURN NULL;
END $$;

-- seal: ledger_account_opens on ledger_account
CREATE OR REPLACE TRIGGER ledger_account_opens AFTER INSERT ON ledger_account
FOR EACH ROW EXECUTE FUNCTION ledger_account_opens();

-- function: ledger_accountbalance_moved_by_transfer
CREATE OR REPLACE FUNCTION ledger_accountbalance_moved_by_transfer() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.account_id <> OLD.account_id OR NEW.guard <> OLD.guard
        OR NEW.last_transfer <= OLD.last_transfer
        OR NOT EXISTS (
            SELECT 1 FROM ledger_transfer AS moved
            WHERE moved.id = NEW.last_transfer AND (
                (moved.debit_id = OLD.account_id AND NEW.debits = OLD.debits + moved.pence
                    AND NEW.credits = OLD.credits)
                OR (moved.credit_id = OLD.account_id AND NEW.credits = OLD.credits + moved.pence
                    AND NEW.debits = OLD.debits)
            )
        ) THEN
        RAISE EXCEPTION 'a balance is moved only by the transfer it names, once'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: ledger_accountbalance_moved_by_transfer on ledger_accountbalance
CREATE OR REPLACE TRIGGER ledger_accountbalance_moved_by_transfer
BEFORE UPDATE ON ledger_accountbalance
FOR EACH ROW EXECUTE FUNCTION ledger_accountbalance_moved_by_transfer();

-- seal: ledger_accountbalance_no_delete on ledger_accountbalance
CREATE OR REPLACE TRIGGER ledger_accountbalance_no_delete BEFORE DELETE ON ledger_accountbalance
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: ledger_accountbalance_no_truncate on ledger_accountbalance
CREATE OR REPLACE TRIGGER ledger_accountbalance_no_truncate
BEFORE TRUNCATE ON ledger_accountbalance
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: ledger_journal_next
CREATE OR REPLACE FUNCTION ledger_journal_next() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.seq <> 1 AND NOT EXISTS (SELECT 1 FROM ledger_journal WHERE seq = NEW.seq - 1) THEN
        RAISE EXCEPTION 'entries are numbered 1, 2, 3 without a gap' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: ledger_journal_next on ledger_journal
CREATE OR REPLACE TRIGGER ledger_journal_next AFTER INSERT ON ledger_journal
FOR EACH ROW EXECUTE FUNCTION ledger_journal_next();

-- function: ledger_journal_reverses_sealed
CREATE OR REPLACE FUNCTION ledger_journal_reverses_sealed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM ledger_journal AS original
        JOIN record_leaf AS leaf ON leaf.journal_seq = original.seq
        WHERE original.seq = NEW.reverses_id AND original.seq < NEW.seq
            AND original.reverses_id IS NULL AND original.n_lines = NEW.n_lines
    ) THEN
        RAISE EXCEPTION 'only a sealed entry that is no reversal itself can be reversed'
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: ledger_journal_reverses_sealed on ledger_journal
CREATE OR REPLACE TRIGGER ledger_journal_reverses_sealed AFTER INSERT ON ledger_journal
FOR EACH ROW EXECUTE FUNCTION ledger_journal_reverses_sealed();

-- function: ledger_transfer_well_formed
CREATE OR REPLACE FUNCTION ledger_transfer_well_formed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id <> 1 AND NOT EXISTS (SELECT 1 FROM ledger_transfer WHERE id = NEW.id - 1) THEN
        RAISE EXCEPTION 'a transfer is numbered without a gap' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: ledger_transfer_well_formed on ledger_transfer
CREATE OR REPLACE TRIGGER ledger_transfer_well_formed AFTER INSERT ON ledger_transfer
FOR EACH ROW EXECUTE FUNCTION ledger_transfer_well_formed();

-- function: ledger_transfer_on_open_entry
CREATE OR REPLACE FUNCTION ledger_transfer_on_open_entry() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM ledger_journal AS entry
        WHERE entry.seq = NEW.journal_id AND NEW.line BETWEEN 1 AND entry.n_lines
    ) OR EXISTS (SELECT 1 FROM record_leaf WHERE journal_seq = NEW.journal_id) THEN
        RAISE EXCEPTION 'a line is added only to an entry that is not sealed and expects it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: ledger_transfer_on_open_entry on ledger_transfer
CREATE OR REPLACE TRIGGER ledger_transfer_on_open_entry AFTER INSERT ON ledger_transfer
FOR EACH ROW EXECUTE FUNCTION ledger_transfer_on_open_entry();

-- function: ledger_transfer_within_fund
CREATE OR REPLACE FUNCTION ledger_transfer_within_fund() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (SELECT fund FROM ledger_account WHERE id = NEW.debit_id)
        IS DISTINCT FROM (SELECT fund FROM ledger_account WHERE id = NEW.credit_id) THEN
        RAISE EXCEPTION 'money never moves between two funds' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: ledger_transfer_within_fund on ledger_transfer
CREATE OR REPLACE TRIGGER ledger_transfer_within_fund AFTER INSERT ON ledger_transfer
FOR EACH ROW EXECUTE FUNCTION ledger_transfer_within_fund();

-- function: ledger_transfer_moves_balances
CREATE OR REPLACE FUNCTION ledger_transfer_moves_balances() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE ledger_accountbalance
        SET debits = debits + NEW.pence, last_transfer = NEW.id
        WHERE account_id = NEW.debit_id;
    UPDATE ledger_accountbalance
        SET credits = credits + NEW.pence, last_transfer = NEW.id
        WHERE account_id = NEW.credit_id;
    IF 2 <> (
        SELECT count(*) FROM ledger_accountbalance
        WHERE account_id IN (NEW.debit_id, NEW.credit_id) AND last_transfer = NEW.id
    ) THEN
        RAISE EXCEPTION 'the balances did not move with the transfer' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: ledger_transfer_moves_balances on ledger_transfer
CREATE OR REPLACE TRIGGER ledger_transfer_moves_balances AFTER INSERT ON ledger_transfer
FOR EACH ROW EXECUTE FUNCTION ledger_transfer_moves_balances();

-- function: ledger_leaf_seals_entry
CREATE OR REPLACE FUNCTION ledger_leaf_seals_entry() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.journal_seq IS NULL AND NEW.kind <> 'ledger.journal' THEN
        RETURN NULL;
    END IF;
    IF NEW.log <> 'public' OR NEW.kind <> 'ledger.journal' OR NEW.journal_seq IS NULL
        OR (convert_from(NEW.body, 'UTF8')::jsonb -> 'seq')
            IS DISTINCT FROM to_jsonb(NEW.journal_seq)
        OR NOT EXISTS (
            SELECT 1 FROM ledger_journal AS entry
            WHERE entry.seq = NEW.journal_seq AND entry.n_lines = (
                SELECT count(*) FROM ledger_transfer WHERE journal_id = NEW.journal_seq
            )
        ) THEN
        RAISE EXCEPTION 'the leaf of an entry names it, in the public log, with all its lines'
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: ledger_leaf_seals_entry on record_leaf
CREATE OR REPLACE TRIGGER ledger_leaf_seals_entry AFTER INSERT ON record_leaf
FOR EACH ROW EXECUTE FUNCTION ledger_leaf_seals_entry();

-- function: ledger_leaf_mirrors_original
CREATE OR REPLACE FUNCTION ledger_leaf_mirrors_original() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.journal_seq IS NOT NULL AND EXISTS (
        SELECT 1 FROM ledger_journal AS entry
        JOIN ledger_transfer AS forth ON forth.journal_id = entry.reverses_id
        LEFT JOIN ledger_transfer AS back
            ON back.journal_id = entry.seq AND back.line = entry.n_lines + 1 - forth.line
            AND back.debit_id = forth.credit_id AND back.credit_id = forth.debit_id
            AND back.pence = forth.pence
        WHERE entry.seq = NEW.journal_seq AND back.id IS NULL
    ) THEN
        RAISE EXCEPTION 'a reversal moves the same pence back, last line first'
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: ledger_leaf_mirrors_original on record_leaf
CREATE OR REPLACE TRIGGER ledger_leaf_mirrors_original AFTER INSERT ON record_leaf
FOR EACH ROW EXECUTE FUNCTION ledger_leaf_mirrors_original();

-- function: ledger_match_stays
CREATE OR REPLACE FUNCTION ledger_match_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'undone_id' <> to_jsonb(OLD) - 'undone_id'
        OR OLD.undone_id IS NOT NULL
        OR NOT EXISTS (
            SELECT 1 FROM record_leaf AS leaf
            WHERE leaf.id = NEW.undone_id AND leaf.log = 'public' AND leaf.kind = 'bank.unmatched'
                AND (convert_from(leaf.body, 'UTF8')::jsonb -> 'line') = to_jsonb(OLD.bank_line_id)
        ) THEN
        RAISE EXCEPTION 'a match is undone once, by a leaf that says so, and never altered'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: ledger_match_stays on ledger_match
CREATE OR REPLACE TRIGGER ledger_match_stays BEFORE UPDATE ON ledger_match
FOR EACH ROW EXECUTE FUNCTION ledger_match_stays();

-- seal: ledger_match_no_delete on ledger_match
CREATE OR REPLACE TRIGGER ledger_match_no_delete BEFORE DELETE ON ledger_match
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: ledger_match_no_truncate on ledger_match
CREATE OR REPLACE TRIGGER ledger_match_no_truncate BEFORE TRUNCATE ON ledger_match
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: ledger_match_is_of_one_sum
CREATE OR REPLACE FUNCTION ledger_match_is_of_one_sum() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.undone_id IS NOT NULL
        OR NOT EXISTS (
            SELECT 1 FROM record_leaf AS leaf
            WHERE leaf.id = NEW.leaf_id AND leaf.log = 'public' AND leaf.kind = 'bank.matched'
                AND (convert_from(leaf.body, 'UTF8')::jsonb -> 'line') = to_jsonb(NEW.bank_line_id)
                AND (convert_from(leaf.body, 'UTF8')::jsonb ->> 'entry')
                    IS NOT DISTINCT FROM NEW.journal_id::text
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
        )) THEN
        RAISE EXCEPTION
            'a line proves an entry of the same sum in the same fund, and a leaf says so'
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: ledger_match_is_of_one_sum on ledger_match
CREATE OR REPLACE TRIGGER ledger_match_is_of_one_sum AFTER INSERT ON ledger_match
FOR EACH ROW EXECUTE FUNCTION ledger_match_is_of_one_sum();

-- function: ledger_bankline_of_its_statement
CREATE OR REPLACE FUNCTION ledger_bankline_of_its_statement() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM ledger_bankstatement AS read
        WHERE read.id = NEW.statement_id AND read.account_id = NEW.account_id
            AND NEW.booked_on BETWEEN read.first_day AND read.last_day
    ) THEN
        RAISE EXCEPTION 'a line is within the days and the account of its statement'
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: ledger_bankline_of_its_statement on ledger_bankline
CREATE OR REPLACE TRIGGER ledger_bankline_of_its_statement AFTER INSERT ON ledger_bankline
FOR EACH ROW EXECUTE FUNCTION ledger_bankline_of_its_statement();
