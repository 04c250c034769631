-- Seals of what members learned, for SQLite; read `record/sql/seals.sqlite.sql` first for the rules
-- of the house. A duty is taken over once until it went back, and goes back once, by its own
-- partnership, after it was taken over. Withdrawn entries do not count.

-- seal: partnerships_duty_goes_back_once on partnerships_learningentry
CREATE TRIGGER partnerships_duty_goes_back_once BEFORE INSERT ON partnerships_learningentry
WHEN NEW.kind = 'given_back' AND (
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
)
BEGIN
    SELECT RAISE(ABORT, 'what goes back is a duty that members hold');
END;

-- seal: partnerships_duty_held_once on partnerships_learningentry
CREATE TRIGGER partnerships_duty_held_once BEFORE INSERT ON partnerships_learningentry
WHEN NEW.kind = 'duty' AND NEW.what <> 'other' AND EXISTS (
    SELECT 1 FROM partnerships_learningentry AS duty
    WHERE duty.partnership_id = NEW.partnership_id AND duty.kind = 'duty' AND duty.what = NEW.what
        AND NOT EXISTS (SELECT 1 FROM partnerships_learningwithdrawn WHERE entry_id = duty.id)
        AND NOT EXISTS (
            SELECT 1 FROM partnerships_learningentry AS back
            WHERE back.returns_id = duty.id AND back."on" <= NEW."on"
                AND NOT EXISTS (
                    SELECT 1 FROM partnerships_learningwithdrawn WHERE entry_id = back.id
                )
        )
)
BEGIN
    SELECT RAISE(ABORT, 'a duty is taken over once, until it went back');
END;

-- seal: partnerships_learning_withdrawn_in_turn on partnerships_learningwithdrawn
CREATE TRIGGER partnerships_learning_withdrawn_in_turn
BEFORE INSERT ON partnerships_learningwithdrawn
WHEN EXISTS (
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
)
BEGIN
    SELECT RAISE(ABORT, 'what others were written down upon is withdrawn after them');
END;
