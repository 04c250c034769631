-- Seals of agreements with locally trusted organisations for PostgreSQL; read
-- `record/sql/seals.postgresql.sql` first for the rules of the house.

-- function: awards_funding_stays
CREATE OR REPLACE FUNCTION awards_funding_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id
        OR NEW.host_id IS DISTINCT FROM OLD.host_id
        OR NEW.fund_id IS DISTINCT FROM OLD.fund_id
        OR NEW.takes_over_id IS DISTINCT FROM OLD.takes_over_id
        OR NEW.drafted_by_id IS DISTINCT FROM OLD.drafted_by_id
        OR NEW.drafted_on IS DISTINCT FROM OLD.drafted_on
        OR NEW.drafted_id IS DISTINCT FROM OLD.drafted_id
        OR OLD.accepted_id IS NOT NULL THEN
        RAISE EXCEPTION 'an agreement is accepted once, and stays what it was' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_funding_stays on awards_funding
CREATE OR REPLACE TRIGGER awards_funding_stays BEFORE UPDATE ON awards_funding
FOR EACH ROW EXECUTE FUNCTION awards_funding_stays();

-- seal: awards_funding_no_delete on awards_funding
CREATE OR REPLACE TRIGGER awards_funding_no_delete BEFORE DELETE ON awards_funding
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_funding_no_truncate on awards_funding
CREATE OR REPLACE TRIGGER awards_funding_no_truncate BEFORE TRUNCATE ON awards_funding
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: awards_move_stays
CREATE OR REPLACE FUNCTION awards_move_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id
        OR NEW.kind IS DISTINCT FROM OLD.kind
        OR NEW.funding_id IS DISTINCT FROM OLD.funding_id
        OR NEW.part_id IS DISTINCT FROM OLD.part_id
        OR NEW.report_id IS DISTINCT FROM OLD.report_id
        OR NEW.back_of_id IS DISTINCT FROM OLD.back_of_id
        OR NEW.to_id IS DISTINCT FROM OLD.to_id
        OR NEW.pence IS DISTINCT FROM OLD.pence
        OR NEW.fee_pence IS DISTINCT FROM OLD.fee_pence
        OR NEW.reason_id IS DISTINCT FROM OLD.reason_id
        OR NEW.said_by_id IS DISTINCT FROM OLD.said_by_id
        OR NEW.said_on IS DISTINCT FROM OLD.said_on
        OR NEW.said_id IS DISTINCT FROM OLD.said_id
        OR OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'a move is answered once, and stays what it was' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_move_stays on awards_move
CREATE OR REPLACE TRIGGER awards_move_stays BEFORE UPDATE ON awards_move
FOR EACH ROW EXECUTE FUNCTION awards_move_stays();

-- seal: awards_move_no_delete on awards_move
CREATE OR REPLACE TRIGGER awards_move_no_delete BEFORE DELETE ON awards_move
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_move_no_truncate on awards_move
CREATE OR REPLACE TRIGGER awards_move_no_truncate BEFORE TRUNCATE ON awards_move
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: awards_closeout_stays
CREATE OR REPLACE FUNCTION awards_closeout_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id
        OR NEW.place_id IS DISTINCT FROM OLD.place_id
        OR NEW.begun_by_id IS DISTINCT FROM OLD.begun_by_id
        OR NEW.begun_on IS DISTINCT FROM OLD.begun_on
        OR NEW.begun_id IS DISTINCT FROM OLD.begun_id
        OR OLD.closed_id IS NOT NULL THEN
        RAISE EXCEPTION 'funding closes once, and stays closed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_closeout_stays on awards_closeout
CREATE OR REPLACE TRIGGER awards_closeout_stays BEFORE UPDATE ON awards_closeout
FOR EACH ROW EXECUTE FUNCTION awards_closeout_stays();

-- seal: awards_closeout_no_delete on awards_closeout
CREATE OR REPLACE TRIGGER awards_closeout_no_delete BEFORE DELETE ON awards_closeout
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_closeout_no_truncate on awards_closeout
CREATE OR REPLACE TRIGGER awards_closeout_no_truncate BEFORE TRUNCATE ON awards_closeout
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();
