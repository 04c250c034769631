-- Seals of receipts and results for PostgreSQL; read `record/sql/seals.postgresql.sql` first for
-- the rules of the house. What was handed in stays; somebody looks at it once.

-- function: awards_receipt_stays
CREATE OR REPLACE FUNCTION awards_receipt_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'state' - 'shown_id' - 'reason_id' - 'checked_by_id' - 'checked_id'
        <> to_jsonb(OLD) - 'state' - 'shown_id' - 'reason_id' - 'checked_by_id' - 'checked_id'
        OR OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'a receipt is looked at once, and stays what it was' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_receipt_stays on awards_receipt
CREATE OR REPLACE TRIGGER awards_receipt_stays BEFORE UPDATE ON awards_receipt
FOR EACH ROW EXECUTE FUNCTION awards_receipt_stays();

-- seal: awards_receipt_no_delete on awards_receipt
CREATE OR REPLACE TRIGGER awards_receipt_no_delete BEFORE DELETE ON awards_receipt
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_receipt_no_truncate on awards_receipt
CREATE OR REPLACE TRIGGER awards_receipt_no_truncate BEFORE TRUNCATE ON awards_receipt
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: awards_resultnote_stays
CREATE OR REPLACE FUNCTION awards_resultnote_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'public_photo_id' - 'shown_by_id' - 'shown_id'
        <> to_jsonb(OLD) - 'public_photo_id' - 'shown_by_id' - 'shown_id'
        OR OLD.shown_id IS NOT NULL THEN
        RAISE EXCEPTION 'what was told stays, and is shown once' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_resultnote_stays on awards_resultnote
CREATE OR REPLACE TRIGGER awards_resultnote_stays BEFORE UPDATE ON awards_resultnote
FOR EACH ROW EXECUTE FUNCTION awards_resultnote_stays();

-- seal: awards_resultnote_no_delete on awards_resultnote
CREATE OR REPLACE TRIGGER awards_resultnote_no_delete BEFORE DELETE ON awards_resultnote
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_resultnote_no_truncate on awards_resultnote
CREATE OR REPLACE TRIGGER awards_resultnote_no_truncate BEFORE TRUNCATE ON awards_resultnote
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();
