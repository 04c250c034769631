-- Seals of the awards for PostgreSQL; read `record/sql/seals.postgresql.sql` first for the rules
-- of the house. An award stays what it was made as; only its state moves on.

-- function: awards_award_stays
CREATE OR REPLACE FUNCTION awards_award_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION 'of an award only the state may change' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_award_stays on awards_award
CREATE OR REPLACE TRIGGER awards_award_stays BEFORE UPDATE ON awards_award
FOR EACH ROW EXECUTE FUNCTION awards_award_stays();

-- seal: awards_award_no_delete on awards_award
CREATE OR REPLACE TRIGGER awards_award_no_delete BEFORE DELETE ON awards_award
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_award_no_truncate on awards_award
CREATE OR REPLACE TRIGGER awards_award_no_truncate BEFORE TRUNCATE ON awards_award
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();
