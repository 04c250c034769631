-- Seals of the ideas for SQLite; read `record/sql/seals.sqlite.sql` first for the rules of the
-- house. A step fits the idea it is about and names its leaf; an idea becomes what its next step
-- says, and changes in no other way. `rules.STARTS_FROM` has the same list of moves.

-- seal: ideas_step_fits on ideas_step
CREATE TRIGGER ideas_step_fits BEFORE INSERT ON ideas_step
WHEN NOT (
    EXISTS (
        SELECT 1 FROM record_leaf AS leaf
        WHERE leaf.id = NEW.leaf_id AND leaf.log = 'public' AND leaf.kind = 'idea.' || NEW.kind
            AND json_extract(CAST(leaf.body AS TEXT), '$.idea') = CAST(NEW.idea_id AS TEXT)
            AND CAST(json_extract(CAST(leaf.body AS TEXT), '$.step') AS TEXT) = CAST(NEW.seq AS TEXT)
    ) AND (
        NEW.seq = 1 AND NEW.kind = 'proposed' AND NEW.state = 'proposed' AND NEW.hidden = 0
        AND NOT EXISTS (SELECT 1 FROM ideas_idea WHERE number = NEW.idea_id)
        OR EXISTS (
            SELECT 1 FROM ideas_idea AS was
            WHERE was.number = NEW.idea_id AND was.steps_taken = NEW.seq - 1
            AND (
                NEW.kind || ' ' || was.state || '>' || NEW.state IN (
                    'changed proposed>proposed', 'changed possible>proposed',
                    'changed not_possible>proposed', 'answered proposed>possible',
                    'review_asked possible>review', 'review_answered review>possible',
                    'answered proposed>not_possible', 'review_asked not_possible>review',
                    'review_answered review>not_possible', 'retired proposed>retired',
                    'withdrawn proposed>withdrawn', 'retired possible>retired',
                    'withdrawn possible>withdrawn', 'retired not_possible>retired',
                    'withdrawn not_possible>withdrawn', 'retired review>retired',
                    'withdrawn review>withdrawn', 'withdrawn on_ballot>withdrawn',
                    'on_ballot possible>on_ballot'
                )
                AND NEW.hidden = was.hidden
                AND (was.hidden = 0 OR NEW.kind IN ('review_asked', 'retired', 'withdrawn'))
                OR NEW.state = was.state AND NEW.kind = 'hidden'
                    AND was.state <> 'on_ballot' AND was.hidden = 0 AND NEW.hidden = 1
                OR NEW.state = was.state AND NEW.kind = 'shown'
                    AND was.hidden = 1 AND NEW.hidden = 0
                OR NEW.state = was.state AND was.hidden = 1 AND NEW.hidden = 1
                    AND NEW.kind IN ('hiding_questioned', 'hiding_kept', 'erased')
            )
            AND (
                NEW.kind = 'changed'
                OR NEW.title_id IS was.title_id
                AND NEW.what_id IS was.what_id
                AND NEW.where_id IS was.where_id
                AND NEW.photo_id IS was.photo_id
                AND NEW.tags IS was.tags
                AND NEW.rough_pence IS was.rough_pence
            )
            AND (
                NEW.kind IN ('changed', 'answered', 'review_answered')
                OR NEW.cost_pence IS was.cost_pence
            )
            AND (
                NEW.kind <> 'retired' OR EXISTS (
                    SELECT 1 FROM ideas_idea AS other
                    WHERE other.number = NEW.favoured_id AND other.number <> NEW.idea_id
                        AND other.round_id = was.round_id
                )
            )
            AND (
                NEW.kind <> 'on_ballot' AND NEW.project_id IS was.project_id
                OR NEW.kind = 'on_ballot' AND EXISTS (
                    SELECT 1 FROM rounds_project AS project
                    WHERE project.id = NEW.project_id AND project.round_id = was.round_id
                        AND project.code = 'i' || CAST(NEW.idea_id AS TEXT)
                        AND project.cost_pence = NEW.cost_pence
                )
            )
            AND NOT EXISTS (
                SELECT 1 FROM ideas_step AS once
                WHERE once.idea_id = NEW.idea_id AND once.kind = NEW.kind
                    AND NEW.kind IN ('review_asked', 'hiding_questioned')
            )
        )
    )
)
BEGIN
    SELECT RAISE(ABORT, 'this step does not fit its idea, or names another leaf');
END;

-- seal: ideas_idea_begins on ideas_idea
CREATE TRIGGER ideas_idea_begins BEFORE INSERT ON ideas_idea
WHEN NOT (
    NEW.number = (SELECT COALESCE(MAX(number), 0) + 1 FROM ideas_idea)
    AND NEW.steps_taken = 1
    AND EXISTS (
        SELECT 1 FROM ideas_step AS step
        WHERE step.idea_id = NEW.number AND step.seq = 1
            AND NEW.state IS step.state
            AND NEW.hidden IS step.hidden
            AND NEW.title_id IS step.title_id
            AND NEW.what_id IS step.what_id
            AND NEW.where_id IS step.where_id
            AND NEW.photo_id IS step.photo_id
            AND NEW.tags IS step.tags
            AND NEW.rough_pence IS step.rough_pence
            AND NEW.cost_pence IS step.cost_pence
            AND NEW.favoured_id IS step.favoured_id
            AND NEW.project_id IS step.project_id
    )
)
BEGIN
    SELECT RAISE(ABORT, 'an idea takes the next number and begins with its first step');
END;

-- seal: ideas_idea_moves on ideas_idea
CREATE TRIGGER ideas_idea_moves BEFORE UPDATE ON ideas_idea
WHEN NOT (
    NEW.number = OLD.number AND NEW.round_id = OLD.round_id AND NEW.ground = OLD.ground
    AND NEW.typed_in = OLD.typed_in AND NEW.steps_taken = OLD.steps_taken + 1
    AND EXISTS (
        SELECT 1 FROM ideas_step AS step
        WHERE step.idea_id = NEW.number AND step.seq = NEW.steps_taken
            AND NEW.state IS step.state
            AND NEW.hidden IS step.hidden
            AND NEW.title_id IS step.title_id
            AND NEW.what_id IS step.what_id
            AND NEW.where_id IS step.where_id
            AND NEW.photo_id IS step.photo_id
            AND NEW.tags IS step.tags
            AND NEW.rough_pence IS step.rough_pence
            AND NEW.cost_pence IS step.cost_pence
            AND NEW.favoured_id IS step.favoured_id
            AND NEW.project_id IS step.project_id
    )
)
BEGIN
    SELECT RAISE(ABORT, 'an idea becomes what its next step says, and nothing else');
END;

-- seal: ideas_idea_no_delete on ideas_idea
CREATE TRIGGER ideas_idea_no_delete BEFORE DELETE ON ideas_idea
BEGIN
    SELECT RAISE(ABORT, 'an idea is never removed');
END;
