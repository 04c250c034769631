-- Seals of the promises for PostgreSQL; read `record/sql/seals.postgresql.sql` first for the rules
-- of the house. Steps are append-only; a promise moves only with a step, and what has ended stays.

-- function: promises_promise_changes
CREATE OR REPLACE FUNCTION promises_promise_changes() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'open' THEN
        RAISE EXCEPTION 'a promise that has ended stays as it ended' USING ERRCODE = '23514';
    END IF;
    IF NEW.kind <> OLD.kind OR NEW.subject <> OLD.subject OR NEW.made_on <> OLD.made_on
        OR NEW.public <> OLD.public OR NEW.owed_by_role <> OLD.owed_by_role
        OR NEW.owed_by_organisation_id IS DISTINCT FROM OLD.owed_by_organisation_id
        OR NEW.owed_to_organisation_id IS DISTINCT FROM OLD.owed_to_organisation_id
        OR NEW.place_id IS DISTINCT FROM OLD.place_id
        OR NEW.words_id IS DISTINCT FROM OLD.words_id
        OR NEW.steps_taken < OLD.steps_taken
        OR (NEW.state <> OLD.state AND NEW.steps_taken = OLD.steps_taken) THEN
        RAISE EXCEPTION 'what was promised, and by whom, never changes' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: promises_promise_changes on promises_promise
CREATE OR REPLACE TRIGGER promises_promise_changes BEFORE UPDATE ON promises_promise
FOR EACH ROW EXECUTE FUNCTION promises_promise_changes();

-- seal: promises_promise_no_delete on promises_promise
CREATE OR REPLACE TRIGGER promises_promise_no_delete BEFORE DELETE ON promises_promise
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: promises_promise_no_truncate on promises_promise
CREATE OR REPLACE TRIGGER promises_promise_no_truncate BEFORE TRUNCATE ON promises_promise
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();
