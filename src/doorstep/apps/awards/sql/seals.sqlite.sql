-- Seals of the awards for SQLite; read `record/sql/seals.sqlite.sql` first for the rules of the
-- house. An award stays what it was made as; only its state moves on.

-- seal: awards_award_stays on awards_award
CREATE TRIGGER awards_award_stays BEFORE UPDATE ON awards_award
WHEN NEW.id IS NOT OLD.id
    OR NEW.slug IS NOT OLD.slug
    OR NEW.place_id IS NOT OLD.place_id
    OR NEW.project_id IS NOT OLD.project_id
    OR NEW.title_id IS NOT OLD.title_id
    OR NEW.is_example IS NOT OLD.is_example
    OR NEW.pence IS NOT OLD.pence
    OR NEW.decision_id IS NOT OLD.decision_id
    OR NEW.made_id IS NOT OLD.made_id
    OR NEW.commitment_id IS NOT OLD.commitment_id
BEGIN
    SELECT RAISE(ABORT, 'of an award only the state may change');
END;

-- seal: awards_award_no_delete on awards_award
CREATE TRIGGER awards_award_no_delete BEFORE DELETE ON awards_award
BEGIN
    SELECT RAISE(ABORT, 'an award is never removed');
END;

-- seal: awards_award_no_replace on awards_award
CREATE TRIGGER awards_award_no_replace BEFORE INSERT ON awards_award
WHEN EXISTS (
    SELECT 1 FROM awards_award
    WHERE id = NEW.id OR slug = NEW.slug OR project_id = NEW.project_id
        OR made_id = NEW.made_id OR commitment_id = NEW.commitment_id
)
BEGIN
    SELECT RAISE(ABORT, 'this award was made already');
END;
