-- Seals of what members learned, for PostgreSQL; read `record/sql/seals.postgresql.sql` first for
-- the rules of the house. A duty is taken over once until it went back, and goes back once, by its
-- own partnership, after it was taken over. Withdrawn entries do not count.

-- function: partnerships_duty_goes_back_once
CREATE OR REPLACE FUNCTION partnerships_duty_goes_back_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.kind = 'given_back' AND (
        NOT EXISTS (
            SELECT 1 FROM partnerships_learningentry AS duty
            WHERE duty.id = NEW.returns_id AND duty.kind = 'duty' AND duty."on" <= NEW."on"
                AND duty.partnership_id = NEW.partnership_id
                AND NOT EXISTS (
                    SELECT 1 FROM partnerships_learningwithdrawn WHERE entry_id = duty.id
                )
        )
        OR EXISTS (
            SELECT 1 FROM partnerships_learningentry AS other
            WHERE other.returns_id = NEW.returns_id
                AND NOT EXISTS (
                    SELECT 1 FROM partnerships_learningwithdrawn WHERE entry_id = other.id
                )
        )
    ) THEN
        RAISE EXCEPTION 'what goes back is a duty that members hold'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_duty_goes_back_once on partnerships_learningentry
CREATE OR REPLACE TRIGGER partnerships_duty_goes_back_once
BEFORE INSERT ON partnerships_learningentry
FOR EACH ROW EXECUTE FUNCTION partnerships_duty_goes_back_once();

-- function: partnerships_duty_held_once
CREATE OR REPLACE FUNCTION partnerships_duty_held_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.kind = 'duty' AND NEW.what <> 'other' AND EXISTS (
        SELECT 1 FROM partnerships_learningentry AS duty
        WHERE duty.partnership_id = NEW.partnership_id AND duty.kind = 'duty'
            AND duty.what = NEW.what
            AND NOT EXISTS (SELECT 1 FROM partnerships_learningwithdrawn WHERE entry_id = duty.id)
            AND NOT EXISTS (
                SELECT 1 FROM partnerships_learningentry AS back
                WHERE back.returns_id = duty.id AND back."on" <= NEW."on"
                    AND NOT EXISTS (
                        SELECT 1 FROM partnerships_learningwithdrawn WHERE entry_id = back.id
                    )
            )
    ) THEN
        RAISE EXCEPTION 'a duty is taken over once, until it went back'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_duty_held_once on partnerships_learningentry
CREATE OR REPLACE TRIGGER partnerships_duty_held_once
BEFORE INSERT ON partnerships_learningentry
FOR EACH ROW EXECUTE FUNCTION partnerships_duty_held_once();

-- function: partnerships_learning_withdrawn_in_turn
CREATE OR REPLACE FUNCTION partnerships_learning_withdrawn_in_turn() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM partnerships_learningentry AS back
        WHERE back.returns_id = NEW.entry_id
            AND NOT EXISTS (SELECT 1 FROM partnerships_learningwithdrawn WHERE entry_id = back.id)
    )
    OR EXISTS (
        SELECT 1 FROM partnerships_learningentry AS back
        JOIN partnerships_learningentry AS duty ON duty.id = back.returns_id
        JOIN partnerships_learningentry AS again ON again.partnership_id = duty.partnership_id
            AND again.kind = 'duty' AND again.what = duty.what AND again.id > duty.id
        WHERE back.id = NEW.entry_id AND duty.what <> 'other'
            AND NOT EXISTS (SELECT 1 FROM partnerships_learningwithdrawn WHERE entry_id = again.id)
    ) THEN
        RAISE EXCEPTION 'what others were written down upon is withdrawn after them'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_learning_withdrawn_in_turn on partnerships_learningwithdrawn
CREATE OR REPLACE TRIGGER partnerships_learning_withdrawn_in_turn
BEFORE INSERT ON partnerships_learningwithdrawn
FOR EACH ROW EXECUTE FUNCTION partnerships_learning_withdrawn_in_turn();
