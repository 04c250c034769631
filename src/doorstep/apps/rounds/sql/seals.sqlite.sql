-- Seals of the rounds for SQLite; read `record/sql/seals.sqlite.sql` first for the rules of the
-- house. What a round asks is fixed when it is frozen, and a round only ever moves forward.

-- seal: rounds_round_asks_the_same on rounds_round
CREATE TRIGGER rounds_round_asks_the_same BEFORE UPDATE ON rounds_round
WHEN OLD.state <> 'draft' AND (
    NEW.id <> OLD.id OR NEW.slug <> OLD.slug OR NEW.place_id <> OLD.place_id
    OR NEW.title_id <> OLD.title_id OR NEW.is_example <> OLD.is_example
    OR NEW.budget_pence <> OLD.budget_pence OR NEW.vote_type <> OLD.vote_type
    OR NEW.rule <> OLD.rule OR NEW.frozen_id <> OLD.frozen_id
    OR NEW.without_vote <> OLD.without_vote
    OR (OLD.closed_id IS NOT NULL AND NEW.closed_id IS NOT OLD.closed_id)
    OR (OLD.counted_id IS NOT NULL AND NEW.counted_id IS NOT OLD.counted_id)
    OR (OLD.settled_id IS NOT NULL AND NEW.settled_id IS NOT OLD.settled_id)
    OR (OLD.cancelled_id IS NOT NULL AND NEW.cancelled_id IS NOT OLD.cancelled_id)
    OR (OLD.cancel_reason_id IS NOT NULL AND NEW.cancel_reason_id IS NOT OLD.cancel_reason_id)
)
BEGIN
    SELECT RAISE(ABORT, 'what a frozen round asks cannot change');
END;

-- seal: rounds_round_moves_forward on rounds_round
CREATE TRIGGER rounds_round_moves_forward BEFORE UPDATE ON rounds_round
WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
    'draft>frozen', 'frozen>closed', 'closed>counted', 'counted>settled', 'frozen>cancelled',
    'frozen>counted'
)
BEGIN
    SELECT RAISE(ABORT, 'a round moves forward, one step at a time');
END;

-- seal: rounds_round_votes_unless_all_fits on rounds_round
CREATE TRIGGER rounds_round_votes_unless_all_fits BEFORE UPDATE ON rounds_round
WHEN OLD.state = 'frozen' AND NEW.state = 'counted' AND NOT (
    NEW.without_vote AND NEW.budget_pence >= (
        SELECT COALESCE(sum(cost_pence), 0) FROM rounds_project WHERE round_id = NEW.id
    )
)
BEGIN
    SELECT RAISE(ABORT, 'people vote, unless every idea fits in the pot');
END;

-- seal: rounds_round_no_delete on rounds_round
CREATE TRIGGER rounds_round_no_delete BEFORE DELETE ON rounds_round
WHEN OLD.state <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'a frozen round is never removed');
END;

-- seal: rounds_round_no_replace on rounds_round
CREATE TRIGGER rounds_round_no_replace BEFORE INSERT ON rounds_round
WHEN NEW.state <> 'draft' OR EXISTS (
    SELECT 1 FROM rounds_round
    WHERE id = NEW.id OR slug = NEW.slug OR title_id = NEW.title_id
        OR cancel_reason_id = NEW.cancel_reason_id
)
BEGIN
    SELECT RAISE(ABORT, 'a round begins as a draft, once');
END;

-- seal: rounds_project_joins_a_draft on rounds_project
CREATE TRIGGER rounds_project_joins_a_draft BEFORE INSERT ON rounds_project
WHEN NOT EXISTS (SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state = 'draft')
    OR EXISTS (
        SELECT 1 FROM rounds_project
        WHERE id = NEW.id OR name_id = NEW.name_id
            OR (round_id = NEW.round_id AND code = NEW.code)
    )
BEGIN
    SELECT RAISE(ABORT, 'an idea joins a ballot once, before it is frozen');
END;

-- seal: rounds_project_stays on rounds_project
CREATE TRIGGER rounds_project_stays BEFORE UPDATE ON rounds_project
WHEN EXISTS (
    SELECT 1 FROM rounds_round WHERE id IN (OLD.round_id, NEW.round_id) AND state <> 'draft'
)
BEGIN
    SELECT RAISE(ABORT, 'an idea on a frozen ballot cannot change');
END;

-- seal: rounds_project_no_delete on rounds_project
CREATE TRIGGER rounds_project_no_delete BEFORE DELETE ON rounds_project
WHEN EXISTS (SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state <> 'draft')
BEGIN
    SELECT RAISE(ABORT, 'an idea on a frozen ballot is never removed');
END;

-- seal: rounds_terms_of_a_draft on rounds_terms
CREATE TRIGGER rounds_terms_of_a_draft BEFORE INSERT ON rounds_terms
WHEN NOT EXISTS (SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state = 'draft')
    OR EXISTS (
        SELECT 1 FROM rounds_terms
        WHERE round_id = NEW.round_id OR secrecy_reason_id = NEW.secrecy_reason_id
    )
BEGIN
    SELECT RAISE(ABORT, 'how a round is asked is said once, before it is frozen');
END;

-- seal: rounds_terms_stay on rounds_terms
CREATE TRIGGER rounds_terms_stay BEFORE UPDATE ON rounds_terms
WHEN NOT EXISTS (SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state = 'draft')
    OR NEW.round_id <> OLD.round_id
BEGIN
    SELECT RAISE(ABORT, 'how a frozen round is asked cannot change');
END;

-- seal: rounds_terms_no_delete on rounds_terms
CREATE TRIGGER rounds_terms_no_delete BEFORE DELETE ON rounds_terms
WHEN NOT EXISTS (SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state = 'draft')
BEGIN
    SELECT RAISE(ABORT, 'how a frozen round is asked is never removed');
END;

-- seal: rounds_withdrawal_while_frozen on rounds_withdrawal
CREATE TRIGGER rounds_withdrawal_while_frozen BEFORE INSERT ON rounds_withdrawal
WHEN NOT EXISTS (
    SELECT 1 FROM rounds_project AS project JOIN rounds_round AS round
        ON round.id = project.round_id
    WHERE project.id = NEW.project_id AND round.state = 'frozen'
        AND NOT EXISTS (SELECT 1 FROM rounds_tally WHERE round_id = round.id)
)
BEGIN
    SELECT RAISE(ABORT, 'an idea is taken off between the freeze and the first count');
END;

-- seal: rounds_tally_while_frozen on rounds_tally
CREATE TRIGGER rounds_tally_while_frozen BEFORE INSERT ON rounds_tally
WHEN NOT EXISTS (SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state = 'frozen')
BEGIN
    SELECT RAISE(ABORT, 'a room is counted between the freeze and the close');
END;

-- seal: rounds_tallysheet_two_agree on rounds_tallysheet
CREATE TRIGGER rounds_tallysheet_two_agree BEFORE INSERT ON rounds_tallysheet
WHEN NOT EXISTS (
    SELECT 1 FROM rounds_tally AS one JOIN rounds_tally AS other
        ON one.round_id = other.round_id AND one.text = other.text
    WHERE one.id = NEW.first_id AND other.id = NEW.second_id AND one.round_id = NEW.round_id
        AND one.counter_id = NEW.first_counter_id AND other.counter_id = NEW.second_counter_id
)
BEGIN
    SELECT RAISE(ABORT, 'two people must have counted the same');
END;

-- seal: rounds_ballotbox_totals_are_signed on rounds_ballotbox
CREATE TRIGGER rounds_ballotbox_totals_are_signed BEFORE INSERT ON rounds_ballotbox
WHEN NEW.form = 'totals'
    AND NOT EXISTS (SELECT 1 FROM rounds_tallysheet WHERE round_id = NEW.round_id)
BEGIN
    SELECT RAISE(ABORT, 'totals come from a sheet that two people signed');
END;

-- seal: rounds_ballotbox_no_replace on rounds_ballotbox
CREATE TRIGGER rounds_ballotbox_no_replace BEFORE INSERT ON rounds_ballotbox
WHEN EXISTS (SELECT 1 FROM rounds_ballotbox WHERE id = NEW.id OR round_id = NEW.round_id)
BEGIN
    SELECT RAISE(ABORT, 'a round has one box of ballots');
END;

-- seal: rounds_ballotbox_no_delete on rounds_ballotbox
CREATE TRIGGER rounds_ballotbox_no_delete BEFORE DELETE ON rounds_ballotbox
BEGIN
    SELECT RAISE(ABORT, 'a box of ballots is never removed');
END;

-- Where only totals are published, the ballots are forgotten when two people have signed a recount.
-- seal: rounds_ballotbox_forgotten_by_leaf on rounds_ballotbox
CREATE TRIGGER rounds_ballotbox_forgotten_by_leaf BEFORE UPDATE ON rounds_ballotbox
WHEN NEW.id IS NOT OLD.id OR NEW.round_id IS NOT OLD.round_id OR NEW.form IS NOT OLD.form
    OR NEW.sha256 IS NOT OLD.sha256 OR NEW.voters IS NOT OLD.voters OR length(NEW.packed) <> 0
    OR NOT EXISTS (
        SELECT 1 FROM record_leaf AS leaf
        JOIN rounds_round AS asked ON asked.id = OLD.round_id
        JOIN rounds_terms AS terms ON terms.round_id = asked.id
        WHERE leaf.log = 'public' AND leaf.kind = 'round.recount_signed'
            AND terms.publication = 'aggregate' AND OLD.form = 'ballots'
            AND json_extract(CAST(leaf.body AS TEXT), '$.round') = asked.slug
            AND json_extract(CAST(leaf.body AS TEXT), '$.ballots_sha256') = OLD.sha256
    )
BEGIN
    SELECT RAISE(ABORT, 'ballots are only forgotten, whole, by a leaf of two who recounted them');
END;
