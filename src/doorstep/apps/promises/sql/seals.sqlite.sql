-- Seals of the promises for SQLite; read `record/sql/seals.sqlite.sql` first for the rules of the
-- house. Steps are append-only; a promise moves only with a step, and what has ended stays ended.

-- seal: promises_promise_stays_ended on promises_promise
CREATE TRIGGER promises_promise_stays_ended BEFORE UPDATE ON promises_promise
WHEN OLD.state <> 'open'
BEGIN
    SELECT RAISE(ABORT, 'a promise that has ended stays as it ended');
END;

-- seal: promises_promise_is_the_same on promises_promise
CREATE TRIGGER promises_promise_is_the_same BEFORE UPDATE ON promises_promise
WHEN NEW.kind <> OLD.kind OR NEW.subject <> OLD.subject OR NEW.made_on <> OLD.made_on
    OR NEW.public <> OLD.public OR NEW.owed_by_role <> OLD.owed_by_role
    OR NEW.owed_by_organisation_id IS NOT OLD.owed_by_organisation_id
    OR NEW.owed_to_organisation_id IS NOT OLD.owed_to_organisation_id
    OR NEW.place_id IS NOT OLD.place_id OR NEW.words_id IS NOT OLD.words_id
    OR NEW.steps_taken < OLD.steps_taken
    OR (NEW.state <> OLD.state AND NEW.steps_taken = OLD.steps_taken)
BEGIN
    SELECT RAISE(ABORT, 'what was promised, and by whom, never changes');
END;

-- seal: promises_promise_no_delete on promises_promise
CREATE TRIGGER promises_promise_no_delete BEFORE DELETE ON promises_promise
BEGIN
    SELECT RAISE(ABORT, 'a promise is kept or not; it is never removed');
END;

-- seal: promises_promise_no_replace on promises_promise
CREATE TRIGGER promises_promise_no_replace BEFORE INSERT ON promises_promise
WHEN EXISTS (
    SELECT 1 FROM promises_promise
    WHERE id = NEW.id OR (kind = NEW.kind AND subject = NEW.subject)
)
BEGIN
    SELECT RAISE(ABORT, 'this was promised already');
END;
