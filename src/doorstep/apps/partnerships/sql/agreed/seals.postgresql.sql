-- Seals of plans, of getting started and of agreements with a council for PostgreSQL; read
-- `record/sql/seals.postgresql.sql` first for the rules of the house. A row goes from step to step,
-- and what one step wrote stays as it was.

-- function: partnerships_plan_goes_forward
CREATE OR REPLACE FUNCTION partnerships_plan_goes_forward() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.partnership_id <> OLD.partnership_id OR NEW.number <> OLD.number
        OR NOT (
            (OLD.state = 'draft' AND NEW.state IN ('draft', 'put_forward'))
            OR (OLD.state = 'put_forward' AND NEW.state IN ('endorsed', 'sent_back'))
            OR (OLD.state = 'endorsed' AND NEW.state = 'replaced')
        ) THEN
        RAISE EXCEPTION 'a plan goes from step to step, and stays what it became'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_plan_goes_forward on partnerships_plan
CREATE OR REPLACE TRIGGER partnerships_plan_goes_forward BEFORE UPDATE ON partnerships_plan
FOR EACH ROW EXECUTE FUNCTION partnerships_plan_goes_forward();

-- function: partnerships_plan_stays_as_put
CREATE OR REPLACE FUNCTION partnerships_plan_stays_as_put() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'draft' AND (
        NEW.draft IS DISTINCT FROM OLD.draft OR NEW.begins_on IS DISTINCT FROM OLD.begins_on
        OR NEW.ends_on IS DISTINCT FROM OLD.ends_on
        OR NEW.allocation_pence IS DISTINCT FROM OLD.allocation_pence
        OR NEW.vision_id IS DISTINCT FROM OLD.vision_id
        OR NEW.legacy_id IS DISTINCT FROM OLD.legacy_id
        OR NEW.decision_id IS DISTINCT FROM OLD.decision_id
        OR NEW.why_id IS DISTINCT FROM OLD.why_id
        OR NEW.put_by_id IS DISTINCT FROM OLD.put_by_id OR NEW.put_on IS DISTINCT FROM OLD.put_on
        OR NEW.put_forward_id IS DISTINCT FROM OLD.put_forward_id
    ) THEN
        RAISE EXCEPTION 'what was put forward stays as it was'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_plan_stays_as_put on partnerships_plan
CREATE OR REPLACE TRIGGER partnerships_plan_stays_as_put BEFORE UPDATE ON partnerships_plan
FOR EACH ROW EXECUTE FUNCTION partnerships_plan_stays_as_put();

-- function: partnerships_plan_stays_answered
CREATE OR REPLACE FUNCTION partnerships_plan_stays_answered() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state NOT IN ('draft', 'put_forward') AND (
        NEW.answered_on IS DISTINCT FROM OLD.answered_on
        OR NEW.answered_id IS DISTINCT FROM OLD.answered_id
        OR NEW.reason_id IS DISTINCT FROM OLD.reason_id
    ) THEN
        RAISE EXCEPTION 'the answer to a plan stays as it was given'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_plan_stays_answered on partnerships_plan
CREATE OR REPLACE TRIGGER partnerships_plan_stays_answered BEFORE UPDATE ON partnerships_plan
FOR EACH ROW EXECUTE FUNCTION partnerships_plan_stays_answered();

-- seal: partnerships_plan_no_delete on partnerships_plan
CREATE OR REPLACE TRIGGER partnerships_plan_no_delete BEFORE DELETE ON partnerships_plan
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: partnerships_plan_no_truncate on partnerships_plan
CREATE OR REPLACE TRIGGER partnerships_plan_no_truncate BEFORE TRUNCATE ON partnerships_plan
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: partnerships_planline_of_a_draft
CREATE OR REPLACE FUNCTION partnerships_planline_of_a_draft() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM partnerships_plan WHERE id = NEW.plan_id AND state = 'draft') THEN
        RAISE EXCEPTION 'a line is written before its plan is put forward, never after it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_planline_of_a_draft on partnerships_planline
CREATE OR REPLACE TRIGGER partnerships_planline_of_a_draft BEFORE INSERT ON partnerships_planline
FOR EACH ROW EXECUTE FUNCTION partnerships_planline_of_a_draft();

-- function: partnerships_listening_before_the_end
CREATE OR REPLACE FUNCTION partnerships_listening_before_the_end() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM partnerships_start WHERE id = NEW.start_id AND ended_id IS NULL
    ) THEN
        RAISE EXCEPTION 'a group that ended with its vision listens no more'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_listening_before_the_end on partnerships_listening
CREATE OR REPLACE TRIGGER partnerships_listening_before_the_end
BEFORE INSERT ON partnerships_listening
FOR EACH ROW EXECUTE FUNCTION partnerships_listening_before_the_end();

-- function: partnerships_startmoney_within
CREATE OR REPLACE FUNCTION partnerships_startmoney_within() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM partnerships_start AS start
        WHERE start.id = NEW.start_id AND start.ended_id IS NULL
        AND start.money_pence >= NEW.pence + (
            SELECT COALESCE(SUM(pence), 0)
            FROM partnerships_startmoney WHERE start_id = NEW.start_id
        )
    ) THEN
        RAISE EXCEPTION 'start-up money is agreed before the end, and within what there is'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_startmoney_within on partnerships_startmoney
CREATE OR REPLACE TRIGGER partnerships_startmoney_within BEFORE INSERT ON partnerships_startmoney
FOR EACH ROW EXECUTE FUNCTION partnerships_startmoney_within();

-- function: partnerships_council_goes_forward
CREATE OR REPLACE FUNCTION partnerships_council_goes_forward() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.partnership_id <> OLD.partnership_id OR NEW.number <> OLD.number
        OR NEW.council_id <> OLD.council_id
        OR NOT (
            (OLD.state = 'draft' AND NEW.state IN ('draft', 'offered'))
            OR (OLD.state = 'offered' AND NEW.state IN ('signed', 'ended'))
            OR (OLD.state = 'signed' AND NEW.state = 'ended')
        ) THEN
        RAISE EXCEPTION 'an agreement goes from step to step, and one that has ended stays so'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_council_goes_forward on partnerships_councilagreement
CREATE OR REPLACE TRIGGER partnerships_council_goes_forward
BEFORE UPDATE ON partnerships_councilagreement
FOR EACH ROW EXECUTE FUNCTION partnerships_council_goes_forward();

-- function: partnerships_council_stays_as_offered
CREATE OR REPLACE FUNCTION partnerships_council_stays_as_offered() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'draft' AND (
        NEW.draft IS DISTINCT FROM OLD.draft OR NEW.decision_id IS DISTINCT FROM OLD.decision_id
        OR NEW.why_id IS DISTINCT FROM OLD.why_id OR NEW.offered_id IS DISTINCT FROM OLD.offered_id
    ) THEN
        RAISE EXCEPTION 'what was laid before both sides stays as it was'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_council_stays_as_offered on partnerships_councilagreement
CREATE OR REPLACE TRIGGER partnerships_council_stays_as_offered
BEFORE UPDATE ON partnerships_councilagreement
FOR EACH ROW EXECUTE FUNCTION partnerships_council_stays_as_offered();

-- function: partnerships_council_signed_by_both
CREATE OR REPLACE FUNCTION partnerships_council_signed_by_both() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state = 'signed' AND 2 <> (
        SELECT COUNT(*) FROM partnerships_councilsignature WHERE agreement_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'an agreement is signed once both sides have signed it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_council_signed_by_both on partnerships_councilagreement
CREATE OR REPLACE TRIGGER partnerships_council_signed_by_both
BEFORE UPDATE ON partnerships_councilagreement
FOR EACH ROW EXECUTE FUNCTION partnerships_council_signed_by_both();

-- seal: partnerships_council_no_delete on partnerships_councilagreement
CREATE OR REPLACE TRIGGER partnerships_council_no_delete
BEFORE DELETE ON partnerships_councilagreement
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: partnerships_council_no_truncate on partnerships_councilagreement
CREATE OR REPLACE TRIGGER partnerships_council_no_truncate
BEFORE TRUNCATE ON partnerships_councilagreement
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: partnerships_councilduty_of_a_draft
CREATE OR REPLACE FUNCTION partnerships_councilduty_of_a_draft() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM partnerships_councilagreement WHERE id = NEW.agreement_id AND state = 'draft'
    ) THEN
        RAISE EXCEPTION 'a duty is written before its agreement is offered, never after it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_councilduty_of_a_draft on partnerships_councilduty
CREATE OR REPLACE TRIGGER partnerships_councilduty_of_a_draft
BEFORE INSERT ON partnerships_councilduty
FOR EACH ROW EXECUTE FUNCTION partnerships_councilduty_of_a_draft();

-- function: partnerships_councilsignature_when_offered
CREATE OR REPLACE FUNCTION partnerships_councilsignature_when_offered() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM partnerships_councilagreement
        WHERE id = NEW.agreement_id AND state = 'offered'
    ) THEN
        RAISE EXCEPTION 'an agreement is signed while it waits for signatures'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_councilsignature_when_offered on partnerships_councilsignature
CREATE OR REPLACE TRIGGER partnerships_councilsignature_when_offered
BEFORE INSERT ON partnerships_councilsignature
FOR EACH ROW EXECUTE FUNCTION partnerships_councilsignature_when_offered();
