-- Seals of voting for PostgreSQL; read `record/sql/seals.postgresql.sql` first for the rules of the
-- house. A poll only moves forward. No code is added once it is open. A code is used once. A
-- ballot is taken in while the poll is open, and stays until the poll is sealed.
--
-- FOR SHARE on the poll: whoever ends it waits for what is being cast, and then nothing more is.

-- function: voting_poll_moves_forward
CREATE OR REPLACE FUNCTION voting_poll_moves_forward() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.round_id <> OLD.round_id
        OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
            'prepared>open', 'open>ended', 'ended>opened', 'opened>sealed'
        ) AND NOT (
            NEW.state = 'sealed' AND OLD.state IN ('prepared', 'ended') AND EXISTS (
                SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state = 'cancelled'
            )
        ))
        OR (OLD.state <> 'prepared' AND (
            NEW.public_key IS DISTINCT FROM OLD.public_key
            OR NEW.padded_to IS DISTINCT FROM OLD.padded_to
            OR NEW.opening_id IS DISTINCT FROM OLD.opening_id
        ))
        OR (OLD.ending_id IS NOT NULL AND NEW.ending_id IS DISTINCT FROM OLD.ending_id) THEN
        RAISE EXCEPTION 'a poll only moves forward, and its key is fixed when it opens' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_poll_moves_forward on voting_poll
CREATE OR REPLACE TRIGGER voting_poll_moves_forward BEFORE UPDATE ON voting_poll
FOR EACH ROW EXECUTE FUNCTION voting_poll_moves_forward();

-- function: voting_poll_begins
CREATE OR REPLACE FUNCTION voting_poll_begins() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> 'prepared' THEN
        RAISE EXCEPTION 'a poll begins unopened' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_poll_begins on voting_poll
CREATE OR REPLACE TRIGGER voting_poll_begins BEFORE INSERT ON voting_poll
FOR EACH ROW EXECUTE FUNCTION voting_poll_begins();

-- function: voting_codeplan_of_a_draft
CREATE OR REPLACE FUNCTION voting_codeplan_of_a_draft() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (
        SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state <> 'draft'
    ) OR TG_OP <> 'DELETE' AND EXISTS (
        SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'the plan of codes is fixed when the round is frozen' USING ERRCODE = '23514';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

-- seal: voting_codeplan_of_a_draft on voting_codeplan
CREATE OR REPLACE TRIGGER voting_codeplan_of_a_draft BEFORE INSERT OR DELETE OR UPDATE ON voting_codeplan
FOR EACH ROW EXECUTE FUNCTION voting_codeplan_of_a_draft();

-- function: voting_codebatch_within_plan
CREATE OR REPLACE FUNCTION voting_codebatch_within_plan() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM voting_poll AS poll JOIN voting_codeplan AS plan USING (round_id)
        WHERE plan.id = NEW.plan_id FOR SHARE OF poll;
    IF NEW.spoiled_id IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM voting_codeplan AS plan
        JOIN voting_poll AS poll ON poll.round_id = plan.round_id
        JOIN rounds_round AS asked ON asked.id = plan.round_id
        WHERE plan.id = NEW.plan_id AND poll.state = 'prepared' AND asked.state = 'frozen'
            AND NEW.count + (
                SELECT COALESCE(SUM(count), 0) FROM voting_codebatch
                WHERE plan_id = NEW.plan_id AND spoiled_id IS NULL
            ) <= plan.count
    ) THEN
        RAISE EXCEPTION 'codes are printed after freeze, before opening, and within the plan' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_codebatch_within_plan on voting_codebatch
CREATE OR REPLACE TRIGGER voting_codebatch_within_plan BEFORE INSERT ON voting_codebatch
FOR EACH ROW EXECUTE FUNCTION voting_codebatch_within_plan();

-- function: voting_codebatch_stays
CREATE OR REPLACE FUNCTION voting_codebatch_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'spoiled_id' <> to_jsonb(OLD) - 'spoiled_id'
        OR OLD.spoiled_id IS NOT NULL
        OR NOT EXISTS (
            SELECT 1 FROM voting_codeplan AS plan
            JOIN voting_poll AS poll ON poll.round_id = plan.round_id
            WHERE plan.id = OLD.plan_id AND poll.state = 'prepared'
        ) THEN
        RAISE EXCEPTION 'a printed run can only be called spoiled, once, before opening' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_codebatch_stays on voting_codebatch
CREATE OR REPLACE TRIGGER voting_codebatch_stays BEFORE UPDATE ON voting_codebatch
FOR EACH ROW EXECUTE FUNCTION voting_codebatch_stays();

-- seal: voting_codebatch_no_delete on voting_codebatch
CREATE OR REPLACE TRIGGER voting_codebatch_no_delete BEFORE DELETE ON voting_codebatch
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_poll_no_delete on voting_poll
CREATE OR REPLACE TRIGGER voting_poll_no_delete BEFORE DELETE ON voting_poll
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- function: voting_credential_before_opening
CREATE OR REPLACE FUNCTION voting_credential_before_opening() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM voting_poll WHERE round_id = NEW.round_id FOR SHARE;
    IF NEW.state <> 'issued' OR NEW.is_replacement
        OR length(NEW.hashed) <> 33 OR length(NEW.salt) <> 16
        OR NOT EXISTS (
            SELECT 1 FROM voting_codebatch AS run
            JOIN voting_codeplan AS plan ON plan.id = run.plan_id
            JOIN voting_poll AS poll ON poll.round_id = plan.round_id
            WHERE run.id = NEW.batch_id AND plan.round_id = NEW.round_id
                AND poll.state = 'prepared' AND run.spoiled_id IS NULL
                AND run.count > (
                    SELECT COUNT(*) FROM voting_credential WHERE batch_id = NEW.batch_id
                )
        ) THEN
        RAISE EXCEPTION 'a code is made with its run, before voting opens' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_credential_before_opening on voting_credential
CREATE OR REPLACE TRIGGER voting_credential_before_opening BEFORE INSERT ON voting_credential
FOR EACH ROW EXECUTE FUNCTION voting_credential_before_opening();

-- function: voting_credential_stays
CREATE OR REPLACE FUNCTION voting_credential_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.round_id <> OLD.round_id
        OR NEW.batch_id <> OLD.batch_id OR NEW.selector <> OLD.selector
        OR NEW.salt <> OLD.salt OR NEW.hashed <> OLD.hashed
        OR (OLD.is_replacement AND NOT NEW.is_replacement)
        OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
            'issued>voided', 'issued>replaced', 'issued>returned', 'returned>replaced'
        )) THEN
        RAISE EXCEPTION 'a code stays what it was made as, and a void one never comes back' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_credential_stays on voting_credential
CREATE OR REPLACE TRIGGER voting_credential_stays BEFORE UPDATE ON voting_credential
FOR EACH ROW EXECUTE FUNCTION voting_credential_stays();

-- function: voting_credential_no_delete
CREATE OR REPLACE FUNCTION voting_credential_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM voting_poll WHERE round_id = OLD.round_id AND state = 'sealed'
    ) THEN
        RAISE EXCEPTION 'codes are kept until the poll is sealed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_credential_no_delete on voting_credential
CREATE OR REPLACE TRIGGER voting_credential_no_delete BEFORE DELETE ON voting_credential
FOR EACH ROW EXECUTE FUNCTION voting_credential_no_delete();

-- function: voting_letteraddress_stays
CREATE OR REPLACE FUNCTION voting_letteraddress_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'credential_id' <> to_jsonb(OLD) - 'credential_id'
        OR NOT EXISTS (
            SELECT 1 FROM voting_codeplan AS plan
            JOIN voting_poll AS poll ON poll.round_id = plan.round_id
            WHERE plan.id = OLD.plan_id AND poll.state = 'prepared'
        ) THEN
        RAISE EXCEPTION 'an address gets its letter before voting opens, and stays' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_letteraddress_stays on voting_letteraddress
CREATE OR REPLACE TRIGGER voting_letteraddress_stays BEFORE UPDATE ON voting_letteraddress
FOR EACH ROW EXECUTE FUNCTION voting_letteraddress_stays();

-- function: voting_letteraddress_no_delete
CREATE OR REPLACE FUNCTION voting_letteraddress_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.credential_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM voting_codeplan AS plan
        JOIN voting_poll AS poll ON poll.round_id = plan.round_id
        WHERE plan.id = OLD.plan_id AND poll.state = 'sealed'
    ) THEN
        RAISE EXCEPTION 'an address with a letter is kept until the poll is sealed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_letteraddress_no_delete on voting_letteraddress
CREATE OR REPLACE TRIGGER voting_letteraddress_no_delete BEFORE DELETE ON voting_letteraddress
FOR EACH ROW EXECUTE FUNCTION voting_letteraddress_no_delete();

-- function: voting_claim_of_a_good_code
CREATE OR REPLACE FUNCTION voting_claim_of_a_good_code() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM voting_credential AS code
        JOIN voting_poll AS poll ON poll.round_id = code.round_id
        WHERE code.id = NEW.credential_id AND code.state = 'issued'
            AND (poll.state = 'open' OR (poll.state = 'ended' AND NEW.channel = 'paper'))
        FOR SHARE OF poll, code;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a code in use is used once, while voting is open' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_claim_of_a_good_code on voting_claim
CREATE OR REPLACE TRIGGER voting_claim_of_a_good_code BEFORE INSERT ON voting_claim
FOR EACH ROW EXECUTE FUNCTION voting_claim_of_a_good_code();

-- function: voting_claim_paper_stays
CREATE OR REPLACE FUNCTION voting_claim_paper_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM voting_credential AS code
        JOIN voting_poll AS poll ON poll.round_id = code.round_id
        WHERE code.id = OLD.credential_id AND code.state = 'issued'
            AND poll.state IN ('open', 'ended')
        FOR SHARE OF poll, code;
    IF NOT FOUND OR NEW.credential_id <> OLD.credential_id
        OR NOT (OLD.channel = 'online' AND NEW.channel = 'paper') THEN
        RAISE EXCEPTION 'paper replaces online, and nothing replaces paper' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_claim_paper_stays on voting_claim
CREATE OR REPLACE TRIGGER voting_claim_paper_stays BEFORE UPDATE ON voting_claim
FOR EACH ROW EXECUTE FUNCTION voting_claim_paper_stays();

-- function: voting_claim_no_delete
CREATE OR REPLACE FUNCTION voting_claim_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM voting_credential AS code
        JOIN voting_poll AS poll ON poll.round_id = code.round_id
        WHERE code.id = OLD.credential_id AND poll.state = 'sealed'
    ) THEN
        RAISE EXCEPTION 'the use of a code is kept until the poll is sealed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_claim_no_delete on voting_claim
CREATE OR REPLACE TRIGGER voting_claim_no_delete BEFORE DELETE ON voting_claim
FOR EACH ROW EXECUTE FUNCTION voting_claim_no_delete();

-- function: voting_envelope_no_delete
CREATE OR REPLACE FUNCTION voting_envelope_no_delete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM voting_credential AS code
        JOIN voting_poll AS poll ON poll.round_id = code.round_id
        WHERE code.id = OLD.credential_id AND poll.state = 'sealed'
    ) THEN
        RAISE EXCEPTION 'envelopes are kept until the poll is sealed' USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
END $$;

-- seal: voting_envelope_no_delete on voting_envelope
CREATE OR REPLACE TRIGGER voting_envelope_no_delete BEFORE DELETE ON voting_envelope
FOR EACH ROW EXECUTE FUNCTION voting_envelope_no_delete();

-- function: voting_envelope_next_version
CREATE OR REPLACE FUNCTION voting_envelope_next_version() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM voting_credential AS code
        JOIN voting_poll AS poll ON poll.round_id = code.round_id
        JOIN voting_claim AS claim ON claim.credential_id = code.id
        WHERE code.id = NEW.credential_id AND code.state = 'issued'
            AND poll.state = 'open' AND claim.channel = 'online'
            AND length(NEW.sealed) = poll.padded_to + 81
        FOR SHARE OF poll, code, claim;
    IF NOT FOUND OR NEW.batch_id IS NOT NULL OR length(NEW.env_hash) <> 32
        OR NEW.version <> 1 + (
            SELECT COALESCE(MAX(version), 0) FROM voting_envelope
            WHERE credential_id = NEW.credential_id
        ) THEN
        RAISE EXCEPTION 'an envelope is the next version of a good code, while voting is open' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_envelope_next_version on voting_envelope
CREATE OR REPLACE TRIGGER voting_envelope_next_version BEFORE INSERT ON voting_envelope
FOR EACH ROW EXECUTE FUNCTION voting_envelope_next_version();

-- function: voting_envelope_stays
CREATE OR REPLACE FUNCTION voting_envelope_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'batch_id' <> to_jsonb(OLD) - 'batch_id'
        OR OLD.batch_id IS NOT NULL OR NEW.batch_id IS NULL THEN
        RAISE EXCEPTION 'an envelope only joins a batch, once' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: voting_envelope_stays on voting_envelope
CREATE OR REPLACE TRIGGER voting_envelope_stays BEFORE UPDATE ON voting_envelope
FOR EACH ROW EXECUTE FUNCTION voting_envelope_stays();

-- seal: voting_poll_no_truncate on voting_poll
CREATE OR REPLACE TRIGGER voting_poll_no_truncate BEFORE TRUNCATE ON voting_poll
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_codeplan_no_truncate on voting_codeplan
CREATE OR REPLACE TRIGGER voting_codeplan_no_truncate BEFORE TRUNCATE ON voting_codeplan
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_codebatch_no_truncate on voting_codebatch
CREATE OR REPLACE TRIGGER voting_codebatch_no_truncate BEFORE TRUNCATE ON voting_codebatch
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_credential_no_truncate on voting_credential
CREATE OR REPLACE TRIGGER voting_credential_no_truncate BEFORE TRUNCATE ON voting_credential
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_letteraddress_no_truncate on voting_letteraddress
CREATE OR REPLACE TRIGGER voting_letteraddress_no_truncate BEFORE TRUNCATE ON voting_letteraddress
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_claim_no_truncate on voting_claim
CREATE OR REPLACE TRIGGER voting_claim_no_truncate BEFORE TRUNCATE ON voting_claim
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: voting_envelope_no_truncate on voting_envelope
CREATE OR REPLACE TRIGGER voting_envelope_no_truncate BEFORE TRUNCATE ON voting_envelope
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();
