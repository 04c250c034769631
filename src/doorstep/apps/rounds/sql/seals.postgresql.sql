-- Seals of the rounds for PostgreSQL; read `record/sql/seals.postgresql.sql` first for the rules
-- of the house. What a round asks is fixed when it is frozen, and a round only moves forward.

-- function: rounds_round_asks_the_same
CREATE OR REPLACE FUNCTION rounds_round_asks_the_same() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'draft' AND (
        NEW.id <> OLD.id OR NEW.slug <> OLD.slug OR NEW.place_id <> OLD.place_id
        OR NEW.title_id <> OLD.title_id OR NEW.is_example <> OLD.is_example
        OR NEW.budget_pence <> OLD.budget_pence OR NEW.vote_type <> OLD.vote_type
        OR NEW.rule <> OLD.rule OR NEW.frozen_id <> OLD.frozen_id
        OR NEW.without_vote <> OLD.without_vote
        OR (OLD.closed_id IS NOT NULL AND NEW.closed_id IS DISTINCT FROM OLD.closed_id)
        OR (OLD.counted_id IS NOT NULL AND NEW.counted_id IS DISTINCT FROM OLD.counted_id)
        OR (OLD.settled_id IS NOT NULL AND NEW.settled_id IS DISTINCT FROM OLD.settled_id)
        OR (OLD.cancelled_id IS NOT NULL AND NEW.cancelled_id IS DISTINCT FROM OLD.cancelled_id)
        OR (
            OLD.cancel_reason_id IS NOT NULL
            AND NEW.cancel_reason_id IS DISTINCT FROM OLD.cancel_reason_id
        )
    ) THEN
        RAISE EXCEPTION 'what a frozen round asks cannot change' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: rounds_round_asks_the_same on rounds_round
CREATE OR REPLACE TRIGGER rounds_round_asks_the_same BEFORE UPDATE ON rounds_round
FOR EACH ROW EXECUTE FUNCTION rounds_round_asks_the_same();

-- function: rounds_round_moves_forward
CREATE OR REPLACE FUNCTION rounds_round_moves_forward() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
        'draft>frozen', 'frozen>closed', 'closed>counted', 'counted>settled', 'frozen>cancelled',
        'frozen>counted'
    ) THEN
        RAISE EXCEPTION 'a round moves forward, one step at a time' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: rounds_round_moves_forward on rounds_round
CREATE OR REPLACE TRIGGER rounds_round_moves_forward BEFORE UPDATE ON rounds_round
FOR EACH ROW EXECUTE FUNCTION rounds_round_moves_forward();

-- function: rounds_round_votes_unless_all_fits
CREATE OR REPLACE FUNCTION rounds_round_votes_unless_all_fits() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state = 'frozen' AND NEW.state = 'counted' AND NOT (
        NEW.without_vote AND NEW.budget_pence >= (
            SELECT COALESCE(sum(cost_pence), 0) FROM rounds_project WHERE round_id = NEW.id
        )
    ) THEN
        RAISE EXCEPTION 'people vote, unless every idea fits in the pot' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: rounds_round_votes_unless_all_fits on rounds_round
CREATE OR REPLACE TRIGGER rounds_round_votes_unless_all_fits BEFORE UPDATE ON rounds_round
FOR EACH ROW EXECUTE FUNCTION rounds_round_votes_unless_all_fits();

-- function: rounds_round_begins_as_draft
CREATE OR REPLACE FUNCTION rounds_round_begins_as_draft() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> 'draft' THEN
        RAISE EXCEPTION 'a round begins as a draft, once' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: rounds_round_begins_as_draft on rounds_round
CREATE OR REPLACE TRIGGER rounds_round_begins_as_draft BEFORE INSERT ON rounds_round
FOR EACH ROW EXECUTE FUNCTION rounds_round_begins_as_draft();

-- function: rounds_round_no_delete
CREATE OR REPLACE FUNCTION rounds_round_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'draft' THEN
        RAISE EXCEPTION 'a frozen round is never removed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: rounds_round_no_delete on rounds_round
CREATE OR REPLACE TRIGGER rounds_round_no_delete BEFORE DELETE ON rounds_round
FOR EACH ROW EXECUTE FUNCTION rounds_round_no_delete();

-- TRUNCATE of the rounds would have to cascade to their ideas and boxes, which refuse it.

-- function: rounds_project_of_a_draft
CREATE OR REPLACE FUNCTION rounds_project_of_a_draft() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (
        SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state <> 'draft'
    ) OR TG_OP <> 'DELETE' AND EXISTS (
        SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'an idea on a frozen ballot cannot change' USING ERRCODE = '23514';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

-- seal: rounds_project_of_a_draft on rounds_project
CREATE OR REPLACE TRIGGER rounds_project_of_a_draft
BEFORE INSERT OR DELETE OR UPDATE ON rounds_project
FOR EACH ROW EXECUTE FUNCTION rounds_project_of_a_draft();

-- seal: rounds_project_no_truncate on rounds_project
CREATE OR REPLACE TRIGGER rounds_project_no_truncate BEFORE TRUNCATE ON rounds_project
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: rounds_terms_of_a_draft
CREATE OR REPLACE FUNCTION rounds_terms_of_a_draft() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (
        SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state <> 'draft'
    ) OR TG_OP <> 'DELETE' AND EXISTS (
        SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'how a frozen round is asked cannot change' USING ERRCODE = '23514';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

-- seal: rounds_terms_of_a_draft on rounds_terms
CREATE OR REPLACE TRIGGER rounds_terms_of_a_draft
BEFORE INSERT OR DELETE OR UPDATE ON rounds_terms
FOR EACH ROW EXECUTE FUNCTION rounds_terms_of_a_draft();

-- seal: rounds_terms_no_truncate on rounds_terms
CREATE OR REPLACE TRIGGER rounds_terms_no_truncate BEFORE TRUNCATE ON rounds_terms
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: rounds_withdrawal_while_frozen
CREATE OR REPLACE FUNCTION rounds_withdrawal_while_frozen() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM rounds_project AS project JOIN rounds_round AS round
            ON round.id = project.round_id
        WHERE project.id = NEW.project_id AND round.state = 'frozen'
            AND NOT EXISTS (SELECT 1 FROM rounds_tally WHERE round_id = round.id)
    ) THEN
        RAISE EXCEPTION 'an idea is taken off between the freeze and the first count'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: rounds_withdrawal_while_frozen on rounds_withdrawal
CREATE OR REPLACE TRIGGER rounds_withdrawal_while_frozen BEFORE INSERT ON rounds_withdrawal
FOR EACH ROW EXECUTE FUNCTION rounds_withdrawal_while_frozen();

-- function: rounds_tally_while_frozen
CREATE OR REPLACE FUNCTION rounds_tally_while_frozen() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state = 'frozen') THEN
        RAISE EXCEPTION 'a room is counted between the freeze and the close'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: rounds_tally_while_frozen on rounds_tally
CREATE OR REPLACE TRIGGER rounds_tally_while_frozen BEFORE INSERT ON rounds_tally
FOR EACH ROW EXECUTE FUNCTION rounds_tally_while_frozen();

-- function: rounds_tallysheet_two_agree
CREATE OR REPLACE FUNCTION rounds_tallysheet_two_agree() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM rounds_tally AS one JOIN rounds_tally AS other
            ON one.round_id = other.round_id AND one.text = other.text
        WHERE one.id = NEW.first_id AND other.id = NEW.second_id AND one.round_id = NEW.round_id
            AND one.counter_id = NEW.first_counter_id AND other.counter_id = NEW.second_counter_id
    ) THEN
        RAISE EXCEPTION 'two people must have counted the same' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: rounds_tallysheet_two_agree on rounds_tallysheet
CREATE OR REPLACE TRIGGER rounds_tallysheet_two_agree BEFORE INSERT ON rounds_tallysheet
FOR EACH ROW EXECUTE FUNCTION rounds_tallysheet_two_agree();

-- function: rounds_ballotbox_totals_are_signed
CREATE OR REPLACE FUNCTION rounds_ballotbox_totals_are_signed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.form = 'totals'
        AND NOT EXISTS (SELECT 1 FROM rounds_tallysheet WHERE round_id = NEW.round_id) THEN
        RAISE EXCEPTION 'totals come from a sheet that two people signed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: rounds_ballotbox_totals_are_signed on rounds_ballotbox
CREATE OR REPLACE TRIGGER rounds_ballotbox_totals_are_signed BEFORE INSERT ON rounds_ballotbox
FOR EACH ROW EXECUTE FUNCTION rounds_ballotbox_totals_are_signed();

-- seal: rounds_ballotbox_no_delete on rounds_ballotbox
CREATE OR REPLACE TRIGGER rounds_ballotbox_no_delete BEFORE DELETE ON rounds_ballotbox
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: rounds_ballotbox_no_truncate on rounds_ballotbox
CREATE OR REPLACE TRIGGER rounds_ballotbox_no_truncate BEFORE TRUNCATE ON rounds_ballotbox
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- Where only totals are published, the ballots are forgotten when two people have signed a recount.
-- function: rounds_ballotbox_forgotten_by_leaf
CREATE OR REPLACE FUNCTION rounds_ballotbox_forgotten_by_leaf() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'packed' <> to_jsonb(OLD) - 'packed' OR length(NEW.packed) <> 0
        OR NOT EXISTS (
            SELECT 1 FROM record_leaf AS leaf
            JOIN rounds_round AS asked ON asked.id = OLD.round_id
            JOIN rounds_terms AS terms ON terms.round_id = asked.id
            WHERE leaf.log = 'public' AND leaf.kind = 'round.recount_signed'
                AND terms.publication = 'aggregate' AND OLD.form = 'ballots'
                AND convert_from(leaf.body, 'UTF8')::jsonb ->> 'round' = asked.slug
                AND convert_from(leaf.body, 'UTF8')::jsonb ->> 'ballots_sha256' = OLD.sha256
        ) THEN
        RAISE EXCEPTION 'ballots are only forgotten, whole, by a leaf of two who recounted them'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: rounds_ballotbox_forgotten_by_leaf on rounds_ballotbox
CREATE OR REPLACE TRIGGER rounds_ballotbox_forgotten_by_leaf BEFORE UPDATE ON rounds_ballotbox
FOR EACH ROW EXECUTE FUNCTION rounds_ballotbox_forgotten_by_leaf();
