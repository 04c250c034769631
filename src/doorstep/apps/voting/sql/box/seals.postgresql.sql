-- Seals of trustees, papers and the box for PostgreSQL; read `record/sql/seals.postgresql.sql` first
-- for the rules of the house. Keys are fixed with the round. Nothing is opened or keyed before voting
-- has ended, and nothing is forgotten before a leaf says so.

-- function: voting_poll_steps_have_leaves
CREATE OR REPLACE FUNCTION voting_poll_steps_have_leaves() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND NEW.state IN ('opened', 'sealed') AND NOT EXISTS (
        SELECT 1 FROM record_leaf AS leaf
        JOIN rounds_round AS asked ON asked.id = NEW.round_id
        WHERE leaf.log = 'public'
            AND leaf.kind = CASE NEW.state WHEN 'opened' THEN 'voting.box_opened' ELSE 'voting.sealed' END
            AND convert_from(leaf.body, 'UTF8')::jsonb ->> 'round' = asked.slug
    ) THEN
        RAISE EXCEPTION 'a box is opened, and a poll sealed, by a leaf that says so' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_poll_steps_have_leaves on voting_poll
CREATE OR REPLACE TRIGGER voting_poll_steps_have_leaves BEFORE UPDATE ON voting_poll
FOR EACH ROW EXECUTE FUNCTION voting_poll_steps_have_leaves();

-- function: voting_withdrawal_before_the_end
CREATE OR REPLACE FUNCTION voting_withdrawal_before_the_end() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM rounds_project AS project
        JOIN voting_poll AS poll ON poll.round_id = project.round_id
        WHERE project.id = NEW.project_id AND poll.state NOT IN ('prepared', 'open')
        FOR SHARE OF poll;
    IF FOUND THEN
        RAISE EXCEPTION 'no idea is taken off once voting has ended' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_withdrawal_before_the_end on rounds_withdrawal
CREATE OR REPLACE TRIGGER voting_withdrawal_before_the_end BEFORE INSERT ON rounds_withdrawal
FOR EACH ROW EXECUTE FUNCTION voting_withdrawal_before_the_end();

-- function: voting_trustee_joins_a_draft
CREATE OR REPLACE FUNCTION voting_trustee_joins_a_draft() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state = 'draft') THEN
        RAISE EXCEPTION 'trustees are named once, before the round is frozen' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_trustee_joins_a_draft on voting_trustee
CREATE OR REPLACE TRIGGER voting_trustee_joins_a_draft BEFORE INSERT ON voting_trustee
FOR EACH ROW EXECUTE FUNCTION voting_trustee_joins_a_draft();

-- function: voting_trustee_stays
CREATE OR REPLACE FUNCTION voting_trustee_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM rounds_round WHERE id IN (OLD.round_id, NEW.round_id) AND state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'trustees and their keys are fixed when the round is frozen' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_trustee_stays on voting_trustee
CREATE OR REPLACE TRIGGER voting_trustee_stays BEFORE UPDATE ON voting_trustee
FOR EACH ROW EXECUTE FUNCTION voting_trustee_stays();

-- function: voting_trustee_no_delete
CREATE OR REPLACE FUNCTION voting_trustee_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state <> 'draft') THEN
        RAISE EXCEPTION 'the trustees of a frozen round are never removed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_trustee_no_delete on voting_trustee
CREATE OR REPLACE TRIGGER voting_trustee_no_delete BEFORE DELETE ON voting_trustee
FOR EACH ROW EXECUTE FUNCTION voting_trustee_no_delete();

-- function: voting_roundkey_of_a_draft
CREATE OR REPLACE FUNCTION voting_roundkey_of_a_draft() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state = 'draft') THEN
        RAISE EXCEPTION 'the key of a round is made once, before it is frozen' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_roundkey_of_a_draft on voting_roundkey
CREATE OR REPLACE TRIGGER voting_roundkey_of_a_draft BEFORE INSERT ON voting_roundkey
FOR EACH ROW EXECUTE FUNCTION voting_roundkey_of_a_draft();

-- function: voting_roundkey_stays
CREATE OR REPLACE FUNCTION voting_roundkey_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.public_key IS DISTINCT FROM OLD.public_key
        OR NEW.made_by_id IS DISTINCT FROM OLD.made_by_id OR NEW.in_strongbox <> ''
        OR NOT EXISTS (
            SELECT 1 FROM voting_poll WHERE round_id = OLD.round_id AND state = 'sealed'
        ) THEN
        RAISE EXCEPTION 'the key of a round stays, and leaves the strongbox when it is sealed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_roundkey_stays on voting_roundkey
CREATE OR REPLACE TRIGGER voting_roundkey_stays BEFORE UPDATE ON voting_roundkey
FOR EACH ROW EXECUTE FUNCTION voting_roundkey_stays();

-- function: voting_roundkey_no_delete
CREATE OR REPLACE FUNCTION voting_roundkey_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state <> 'draft') THEN
        RAISE EXCEPTION 'the key of a frozen round is never removed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_roundkey_no_delete on voting_roundkey
CREATE OR REPLACE TRIGGER voting_roundkey_no_delete BEFORE DELETE ON voting_roundkey
FOR EACH ROW EXECUTE FUNCTION voting_roundkey_no_delete();

-- function: voting_keycopy_of_a_draft
CREATE OR REPLACE FUNCTION voting_keycopy_of_a_draft() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.inner IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM voting_trustee AS first
            JOIN voting_trustee AS second ON second.id = NEW.second_id
            JOIN rounds_round AS asked ON asked.id = first.round_id
            WHERE first.id = NEW.first_id AND second.round_id = first.round_id
                AND asked.state = 'draft'
        ) THEN
        RAISE EXCEPTION 'copies of a key are made for two trustees of one draft, still sealed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_keycopy_of_a_draft on voting_keycopy
CREATE OR REPLACE TRIGGER voting_keycopy_of_a_draft BEFORE INSERT ON voting_keycopy
FOR EACH ROW EXECUTE FUNCTION voting_keycopy_of_a_draft();

-- function: voting_keycopy_handed_on_once
CREATE OR REPLACE FUNCTION voting_keycopy_handed_on_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id OR NEW.first_id IS DISTINCT FROM OLD.first_id
        OR NEW.second_id IS DISTINCT FROM OLD.second_id OR NEW.sealed IS DISTINCT FROM OLD.sealed
        OR OLD.inner IS NOT NULL
        OR NOT EXISTS (
            SELECT 1 FROM voting_trustee AS first
            JOIN voting_poll AS poll ON poll.round_id = first.round_id
            JOIN rounds_round AS asked ON asked.id = first.round_id AND asked.state = 'frozen'
            WHERE first.id = OLD.first_id AND poll.state = 'ended'
        ) THEN
        RAISE EXCEPTION 'a copy is handed on once, after voting has ended' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_keycopy_handed_on_once on voting_keycopy
CREATE OR REPLACE TRIGGER voting_keycopy_handed_on_once BEFORE UPDATE ON voting_keycopy
FOR EACH ROW EXECUTE FUNCTION voting_keycopy_handed_on_once();

-- function: voting_keycopy_no_delete
CREATE OR REPLACE FUNCTION voting_keycopy_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM voting_trustee AS first
        JOIN rounds_round AS asked ON asked.id = first.round_id
        LEFT JOIN voting_poll AS poll ON poll.round_id = asked.id
        WHERE first.id = OLD.first_id AND (asked.state = 'draft' OR poll.state = 'sealed')
    ) THEN
        RAISE EXCEPTION 'copies of a key are kept until the poll is sealed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_keycopy_no_delete on voting_keycopy
CREATE OR REPLACE TRIGGER voting_keycopy_no_delete BEFORE DELETE ON voting_keycopy
FOR EACH ROW EXECUTE FUNCTION voting_keycopy_no_delete();

-- function: voting_opening_after_the_end
CREATE OR REPLACE FUNCTION voting_opening_after_the_end() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM voting_trustee AS one
            JOIN voting_poll AS poll ON poll.round_id = one.round_id
            JOIN rounds_round AS asked ON asked.id = one.round_id AND asked.state = 'frozen'
            WHERE one.id = NEW.trustee_id AND poll.state = 'ended'
        ) THEN
        RAISE EXCEPTION 'a box is opened after voting has ended' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_opening_after_the_end on voting_opening
CREATE OR REPLACE TRIGGER voting_opening_after_the_end BEFORE INSERT ON voting_opening
FOR EACH ROW EXECUTE FUNCTION voting_opening_after_the_end();

-- function: voting_opening_again
CREATE OR REPLACE FUNCTION voting_opening_again() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.trustee_id IS DISTINCT FROM OLD.trustee_id OR NOT EXISTS (
        SELECT 1 FROM voting_trustee AS one
        JOIN voting_poll AS poll ON poll.round_id = one.round_id
        JOIN rounds_round AS asked ON asked.id = one.round_id AND asked.state = 'frozen'
        WHERE one.id = OLD.trustee_id AND poll.state = 'ended'
    ) THEN
        RAISE EXCEPTION 'what a trustee found stands when the box is opened' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_opening_again on voting_opening
CREATE OR REPLACE TRIGGER voting_opening_again BEFORE UPDATE ON voting_opening
FOR EACH ROW EXECUTE FUNCTION voting_opening_again();

-- function: voting_opening_no_delete
CREATE OR REPLACE FUNCTION voting_opening_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM voting_trustee AS one
        JOIN voting_poll AS poll ON poll.round_id = one.round_id
        WHERE one.id = OLD.trustee_id AND poll.state = 'sealed'
    ) THEN
        RAISE EXCEPTION 'what a trustee found is kept until the poll is sealed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_opening_no_delete on voting_opening
CREATE OR REPLACE TRIGGER voting_opening_no_delete BEFORE DELETE ON voting_opening
FOR EACH ROW EXECUTE FUNCTION voting_opening_no_delete();

-- seal: voting_houseask_stays on voting_houseask
CREATE OR REPLACE TRIGGER voting_houseask_stays BEFORE UPDATE ON voting_houseask
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- function: voting_houseask_after_the_end
CREATE OR REPLACE FUNCTION voting_houseask_after_the_end() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM voting_poll AS poll JOIN rounds_round AS asked ON asked.id = poll.round_id
        WHERE poll.round_id = NEW.round_id AND poll.state = 'ended' AND asked.state = 'frozen'
    ) THEN
        RAISE EXCEPTION 'the house is asked once by each, after voting has ended' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_houseask_after_the_end on voting_houseask
CREATE OR REPLACE TRIGGER voting_houseask_after_the_end BEFORE INSERT ON voting_houseask
FOR EACH ROW EXECUTE FUNCTION voting_houseask_after_the_end();

-- function: voting_houseask_no_delete
CREATE OR REPLACE FUNCTION voting_houseask_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM voting_poll WHERE round_id = OLD.round_id AND state = 'sealed'
    ) THEN
        RAISE EXCEPTION 'who asked the house is kept until the poll is sealed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_houseask_no_delete on voting_houseask
CREATE OR REPLACE TRIGGER voting_houseask_no_delete BEFORE DELETE ON voting_houseask
FOR EACH ROW EXECUTE FUNCTION voting_houseask_no_delete();

-- function: voting_paperstack_before_the_end
CREATE OR REPLACE FUNCTION voting_paperstack_before_the_end() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.signed_id IS NOT NULL
        OR NOT EXISTS (
            SELECT 1 FROM voting_poll WHERE round_id = NEW.round_id AND state IN ('prepared', 'open')
        ) THEN
        RAISE EXCEPTION 'ballot papers are printed before voting has ended' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_paperstack_before_the_end on voting_paperstack
CREATE OR REPLACE TRIGGER voting_paperstack_before_the_end BEFORE INSERT ON voting_paperstack
FOR EACH ROW EXECUTE FUNCTION voting_paperstack_before_the_end();

-- function: voting_paperstack_signed_once
CREATE OR REPLACE FUNCTION voting_paperstack_signed_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id OR NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.number IS DISTINCT FROM OLD.number
        OR NEW.look IS DISTINCT FROM OLD.look OR NEW.language IS DISTINCT FROM OLD.language
        OR NEW.sheets_printed IS DISTINCT FROM OLD.sheets_printed OR NEW.leaf_id IS DISTINCT FROM OLD.leaf_id
        OR OLD.signed_id IS NOT NULL
        OR NOT EXISTS (
            SELECT 1 FROM record_leaf AS leaf JOIN rounds_round AS asked ON asked.id = OLD.round_id
            WHERE leaf.id = NEW.signed_id AND leaf.kind = 'voting.stack_signed'
                AND convert_from(leaf.body, 'UTF8')::jsonb ->> 'round' = asked.slug
                AND (convert_from(leaf.body, 'UTF8')::jsonb ->> 'stack')::integer = OLD.number
        ) THEN
        RAISE EXCEPTION 'a stack is only signed off, once, by a leaf of its own' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_paperstack_signed_once on voting_paperstack
CREATE OR REPLACE TRIGGER voting_paperstack_signed_once BEFORE UPDATE ON voting_paperstack
FOR EACH ROW EXECUTE FUNCTION voting_paperstack_signed_once();

-- seal: voting_paperstack_no_delete on voting_paperstack
CREATE OR REPLACE TRIGGER voting_paperstack_no_delete BEFORE DELETE ON voting_paperstack
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- function: voting_papersheet_with_its_stack
CREATE OR REPLACE FUNCTION voting_papersheet_with_its_stack() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM voting_paperstack AS stack
            JOIN voting_poll AS poll ON poll.round_id = stack.round_id
            WHERE stack.id = NEW.stack_id AND NEW.number BETWEEN 1 AND stack.sheets_printed
                AND poll.state IN ('prepared', 'open')
        ) THEN
        RAISE EXCEPTION 'a paper is printed with its stack' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_papersheet_with_its_stack on voting_papersheet
CREATE OR REPLACE TRIGGER voting_papersheet_with_its_stack BEFORE INSERT ON voting_papersheet
FOR EACH ROW EXECUTE FUNCTION voting_papersheet_with_its_stack();

-- seal: voting_papersheet_stays on voting_papersheet
CREATE OR REPLACE TRIGGER voting_papersheet_stays BEFORE UPDATE ON voting_papersheet
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- function: voting_papersheet_no_delete
CREATE OR REPLACE FUNCTION voting_papersheet_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM voting_paperstack AS stack
        JOIN voting_poll AS poll ON poll.round_id = stack.round_id
        WHERE stack.id = OLD.stack_id AND poll.state = 'sealed'
    ) THEN
        RAISE EXCEPTION 'papers are kept until the poll is sealed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_papersheet_no_delete on voting_papersheet
CREATE OR REPLACE TRIGGER voting_papersheet_no_delete BEFORE DELETE ON voting_papersheet
FOR EACH ROW EXECUTE FUNCTION voting_papersheet_no_delete();

-- function: voting_keying_in_its_time
CREATE OR REPLACE FUNCTION voting_keying_in_its_time() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM voting_papersheet AS sheet
            JOIN voting_paperstack AS stack ON stack.id = sheet.stack_id
            JOIN voting_poll AS poll ON poll.round_id = stack.round_id
            WHERE sheet.id = NEW.sheet_id AND poll.state = 'ended' AND stack.signed_id IS NULL
        ) THEN
        RAISE EXCEPTION 'papers are keyed after voting has ended, until their stack is signed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_keying_in_its_time on voting_keying
CREATE OR REPLACE TRIGGER voting_keying_in_its_time BEFORE INSERT ON voting_keying
FOR EACH ROW EXECUTE FUNCTION voting_keying_in_its_time();

-- function: voting_keying_corrected_in_time
CREATE OR REPLACE FUNCTION voting_keying_corrected_in_time() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id OR NEW.sheet_id IS DISTINCT FROM OLD.sheet_id OR NEW.keyer_id IS DISTINCT FROM OLD.keyer_id
        OR NOT EXISTS (
            SELECT 1 FROM voting_papersheet AS sheet
            JOIN voting_paperstack AS stack ON stack.id = sheet.stack_id
            JOIN voting_poll AS poll ON poll.round_id = stack.round_id
            WHERE sheet.id = OLD.sheet_id AND poll.state = 'ended' AND stack.signed_id IS NULL
        ) THEN
        RAISE EXCEPTION 'a keyed paper stands when its stack is signed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_keying_corrected_in_time on voting_keying
CREATE OR REPLACE TRIGGER voting_keying_corrected_in_time BEFORE UPDATE ON voting_keying
FOR EACH ROW EXECUTE FUNCTION voting_keying_corrected_in_time();

-- function: voting_keying_no_delete
CREATE OR REPLACE FUNCTION voting_keying_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM voting_papersheet AS sheet
        JOIN voting_paperstack AS stack ON stack.id = sheet.stack_id
        JOIN voting_poll AS poll ON poll.round_id = stack.round_id
        WHERE sheet.id = OLD.sheet_id AND poll.state = 'sealed'
    ) THEN
        RAISE EXCEPTION 'keyed papers are kept until the poll is sealed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_keying_no_delete on voting_keying
CREATE OR REPLACE TRIGGER voting_keying_no_delete BEFORE DELETE ON voting_keying
FOR EACH ROW EXECUTE FUNCTION voting_keying_no_delete();

-- function: voting_stackcount_in_its_time
CREATE OR REPLACE FUNCTION voting_stackcount_in_its_time() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM voting_paperstack AS stack
            JOIN voting_poll AS poll ON poll.round_id = stack.round_id
            WHERE stack.id = NEW.stack_id AND poll.state = 'ended' AND stack.signed_id IS NULL
        ) THEN
        RAISE EXCEPTION 'a stack is counted after voting has ended, until it is signed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_stackcount_in_its_time on voting_stackcount
CREATE OR REPLACE TRIGGER voting_stackcount_in_its_time BEFORE INSERT ON voting_stackcount
FOR EACH ROW EXECUTE FUNCTION voting_stackcount_in_its_time();

-- function: voting_stackcount_corrected_in_time
CREATE OR REPLACE FUNCTION voting_stackcount_corrected_in_time() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id OR NEW.stack_id IS DISTINCT FROM OLD.stack_id
        OR NEW.counter_id IS DISTINCT FROM OLD.counter_id
        OR NOT EXISTS (
            SELECT 1 FROM voting_paperstack AS stack
            JOIN voting_poll AS poll ON poll.round_id = stack.round_id
            WHERE stack.id = OLD.stack_id AND poll.state = 'ended' AND stack.signed_id IS NULL
        ) THEN
        RAISE EXCEPTION 'the count of a stack stands when it is signed' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_stackcount_corrected_in_time on voting_stackcount
CREATE OR REPLACE TRIGGER voting_stackcount_corrected_in_time BEFORE UPDATE ON voting_stackcount
FOR EACH ROW EXECUTE FUNCTION voting_stackcount_corrected_in_time();

-- function: voting_stackcount_no_delete
CREATE OR REPLACE FUNCTION voting_stackcount_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM voting_paperstack AS stack
        JOIN voting_poll AS poll ON poll.round_id = stack.round_id
        WHERE stack.id = OLD.stack_id AND poll.state = 'sealed'
    ) THEN
        RAISE EXCEPTION 'counts of stacks are kept until the poll is sealed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_stackcount_no_delete on voting_stackcount
CREATE OR REPLACE TRIGGER voting_stackcount_no_delete BEFORE DELETE ON voting_stackcount
FOR EACH ROW EXECUTE FUNCTION voting_stackcount_no_delete();

-- seal: voting_trustee_no_truncate on voting_trustee
CREATE OR REPLACE TRIGGER voting_trustee_no_truncate BEFORE TRUNCATE ON voting_trustee
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_roundkey_no_truncate on voting_roundkey
CREATE OR REPLACE TRIGGER voting_roundkey_no_truncate BEFORE TRUNCATE ON voting_roundkey
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_keycopy_no_truncate on voting_keycopy
CREATE OR REPLACE TRIGGER voting_keycopy_no_truncate BEFORE TRUNCATE ON voting_keycopy
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_opening_no_truncate on voting_opening
CREATE OR REPLACE TRIGGER voting_opening_no_truncate BEFORE TRUNCATE ON voting_opening
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_houseask_no_truncate on voting_houseask
CREATE OR REPLACE TRIGGER voting_houseask_no_truncate BEFORE TRUNCATE ON voting_houseask
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_paperstack_no_truncate on voting_paperstack
CREATE OR REPLACE TRIGGER voting_paperstack_no_truncate BEFORE TRUNCATE ON voting_paperstack
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_papersheet_no_truncate on voting_papersheet
CREATE OR REPLACE TRIGGER voting_papersheet_no_truncate BEFORE TRUNCATE ON voting_papersheet
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_keying_no_truncate on voting_keying
CREATE OR REPLACE TRIGGER voting_keying_no_truncate BEFORE TRUNCATE ON voting_keying
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_stackcount_no_truncate on voting_stackcount
CREATE OR REPLACE TRIGGER voting_stackcount_no_truncate BEFORE TRUNCATE ON voting_stackcount
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();
