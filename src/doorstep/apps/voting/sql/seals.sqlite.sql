-- Seals of voting for SQLite; read `record/sql/seals.sqlite.sql` first for the rules of the house.
-- A poll only moves forward. No code is added once it is open. A code is used once. A ballot is
-- taken in while the poll is open, and stays until the poll is sealed.

-- seal: voting_poll_moves_forward on voting_poll
CREATE TRIGGER voting_poll_moves_forward BEFORE UPDATE ON voting_poll
WHEN NEW.round_id IS NOT OLD.round_id
    OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
        'prepared>open', 'open>ended', 'ended>opened', 'opened>sealed'
    ) AND NOT (
        NEW.state = 'sealed' AND OLD.state IN ('prepared', 'ended') AND EXISTS (
            SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state = 'cancelled'
        )
    ))
    OR (OLD.state <> 'prepared' AND (
        NEW.public_key IS NOT OLD.public_key OR NEW.padded_to IS NOT OLD.padded_to
        OR NEW.opening_id IS NOT OLD.opening_id
    ))
    OR (OLD.ending_id IS NOT NULL AND NEW.ending_id IS NOT OLD.ending_id)
BEGIN
    SELECT RAISE(ABORT, 'a poll only moves forward, and its key is fixed when it opens');
END;

-- seal: voting_poll_no_delete on voting_poll
CREATE TRIGGER voting_poll_no_delete BEFORE DELETE ON voting_poll
BEGIN
    SELECT RAISE(ABORT, 'a poll is never removed');
END;

-- seal: voting_poll_begins on voting_poll
CREATE TRIGGER voting_poll_begins BEFORE INSERT ON voting_poll
WHEN NEW.state <> 'prepared' OR EXISTS (
    SELECT 1 FROM voting_poll WHERE round_id = NEW.round_id
)
BEGIN
    SELECT RAISE(ABORT, 'a round has one poll, and it begins unopened');
END;

-- seal: voting_codeplan_of_a_draft on voting_codeplan
CREATE TRIGGER voting_codeplan_of_a_draft BEFORE INSERT ON voting_codeplan
WHEN NOT EXISTS (SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state = 'draft')
    OR EXISTS (
        SELECT 1 FROM voting_codeplan
        WHERE id = NEW.id OR (NEW.area_id IS NOT NULL AND area_id = NEW.area_id)
    )
BEGIN
    SELECT RAISE(ABORT, 'codes are planned before the round is frozen');
END;

-- seal: voting_codeplan_stays on voting_codeplan
CREATE TRIGGER voting_codeplan_stays BEFORE UPDATE ON voting_codeplan
WHEN EXISTS (
    SELECT 1 FROM rounds_round WHERE id IN (OLD.round_id, NEW.round_id) AND state <> 'draft'
)
BEGIN
    SELECT RAISE(ABORT, 'the plan of codes is fixed when the round is frozen');
END;

-- seal: voting_codeplan_no_delete on voting_codeplan
CREATE TRIGGER voting_codeplan_no_delete BEFORE DELETE ON voting_codeplan
WHEN EXISTS (SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state <> 'draft')
BEGIN
    SELECT RAISE(ABORT, 'the plan of codes is fixed when the round is frozen');
END;

-- seal: voting_codebatch_within_plan on voting_codebatch
CREATE TRIGGER voting_codebatch_within_plan BEFORE INSERT ON voting_codebatch
WHEN NEW.spoiled_id IS NOT NULL
    OR EXISTS (
        SELECT 1 FROM voting_codebatch
        WHERE id = NEW.id OR leaf_id = NEW.leaf_id
            OR (plan_id = NEW.plan_id AND number = NEW.number)
    )
    OR NOT EXISTS (
        SELECT 1 FROM voting_codeplan AS plan
        JOIN voting_poll AS poll ON poll.round_id = plan.round_id
        JOIN rounds_round AS asked ON asked.id = plan.round_id
        WHERE plan.id = NEW.plan_id AND poll.state = 'prepared' AND asked.state = 'frozen'
            AND NEW.count + (
                SELECT COALESCE(SUM(count), 0) FROM voting_codebatch
                WHERE plan_id = NEW.plan_id AND spoiled_id IS NULL
            ) <= plan.count
    )
BEGIN
    SELECT RAISE(ABORT, 'codes are printed after freeze, before opening, and within the plan');
END;

-- seal: voting_codebatch_stays on voting_codebatch
CREATE TRIGGER voting_codebatch_stays BEFORE UPDATE ON voting_codebatch
WHEN NEW.id IS NOT OLD.id OR NEW.plan_id IS NOT OLD.plan_id OR NEW.number IS NOT OLD.number
    OR NEW.count IS NOT OLD.count OR NEW.root IS NOT OLD.root OR NEW.leaf_id IS NOT OLD.leaf_id
    OR OLD.spoiled_id IS NOT NULL
    OR NOT EXISTS (
        SELECT 1 FROM voting_codeplan AS plan
        JOIN voting_poll AS poll ON poll.round_id = plan.round_id
        WHERE plan.id = OLD.plan_id AND poll.state = 'prepared'
    )
BEGIN
    SELECT RAISE(ABORT, 'a printed run can only be called spoiled, once, before opening');
END;

-- seal: voting_codebatch_no_delete on voting_codebatch
CREATE TRIGGER voting_codebatch_no_delete BEFORE DELETE ON voting_codebatch
BEGIN
    SELECT RAISE(ABORT, 'a printed run is never removed');
END;

-- seal: voting_credential_before_opening on voting_credential
CREATE TRIGGER voting_credential_before_opening BEFORE INSERT ON voting_credential
WHEN NEW.state <> 'issued' OR NEW.is_replacement
    OR typeof(NEW.hashed) <> 'blob' OR length(NEW.hashed) <> 33
    OR typeof(NEW.salt) <> 'blob' OR length(NEW.salt) <> 16
    OR NOT EXISTS (
        SELECT 1 FROM voting_codebatch AS run
        JOIN voting_codeplan AS plan ON plan.id = run.plan_id
        JOIN voting_poll AS poll ON poll.round_id = plan.round_id
        WHERE run.id = NEW.batch_id AND plan.round_id = NEW.round_id
            AND poll.state = 'prepared' AND run.spoiled_id IS NULL
            AND run.count > (
                SELECT COUNT(*) FROM voting_credential WHERE batch_id = NEW.batch_id
            )
    )
    OR EXISTS (
        SELECT 1 FROM voting_credential
        WHERE id = NEW.id OR (round_id = NEW.round_id AND selector = NEW.selector)
    )
BEGIN
    SELECT RAISE(ABORT, 'a code is made with its run, before voting opens');
END;

-- seal: voting_credential_stays on voting_credential
CREATE TRIGGER voting_credential_stays BEFORE UPDATE ON voting_credential
WHEN NEW.id IS NOT OLD.id OR NEW.round_id IS NOT OLD.round_id
    OR NEW.batch_id IS NOT OLD.batch_id OR NEW.selector IS NOT OLD.selector
    OR NEW.salt IS NOT OLD.salt OR NEW.hashed IS NOT OLD.hashed
    OR (OLD.is_replacement AND NOT NEW.is_replacement)
    OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
        'issued>voided', 'issued>replaced', 'issued>returned', 'returned>replaced'
    ))
BEGIN
    SELECT RAISE(ABORT, 'a code stays what it was made as, and a void one never comes back');
END;

-- seal: voting_credential_no_delete on voting_credential
CREATE TRIGGER voting_credential_no_delete BEFORE DELETE ON voting_credential
WHEN NOT EXISTS (
    SELECT 1 FROM voting_poll WHERE round_id = OLD.round_id AND state = 'sealed'
)
BEGIN
    SELECT RAISE(ABORT, 'codes are kept until the poll is sealed');
END;

-- seal: voting_letteraddress_stays on voting_letteraddress
CREATE TRIGGER voting_letteraddress_stays BEFORE UPDATE ON voting_letteraddress
WHEN NEW.id IS NOT OLD.id OR NEW.plan_id IS NOT OLD.plan_id
    OR NEW.position IS NOT OLD.position OR NEW.lines IS NOT OLD.lines
    OR NOT EXISTS (
        SELECT 1 FROM voting_codeplan AS plan
        JOIN voting_poll AS poll ON poll.round_id = plan.round_id
        WHERE plan.id = OLD.plan_id AND poll.state = 'prepared'
    )
BEGIN
    SELECT RAISE(ABORT, 'an address gets its letter before voting opens, and stays');
END;

-- seal: voting_letteraddress_no_delete on voting_letteraddress
CREATE TRIGGER voting_letteraddress_no_delete BEFORE DELETE ON voting_letteraddress
WHEN OLD.credential_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM voting_codeplan AS plan
    JOIN voting_poll AS poll ON poll.round_id = plan.round_id
    WHERE plan.id = OLD.plan_id AND poll.state = 'sealed'
)
BEGIN
    SELECT RAISE(ABORT, 'an address with a letter is kept until the poll is sealed');
END;

-- seal: voting_claim_of_a_good_code on voting_claim
CREATE TRIGGER voting_claim_of_a_good_code BEFORE INSERT ON voting_claim
WHEN EXISTS (SELECT 1 FROM voting_claim WHERE credential_id = NEW.credential_id)
    OR NOT EXISTS (
        SELECT 1 FROM voting_credential AS code
        JOIN voting_poll AS poll ON poll.round_id = code.round_id
        WHERE code.id = NEW.credential_id AND code.state = 'issued'
            AND (poll.state = 'open' OR (poll.state = 'ended' AND NEW.channel = 'paper'))
    )
BEGIN
    SELECT RAISE(ABORT, 'a code in use is used once, while voting is open');
END;

-- seal: voting_claim_paper_stays on voting_claim
CREATE TRIGGER voting_claim_paper_stays BEFORE UPDATE ON voting_claim
WHEN NEW.credential_id IS NOT OLD.credential_id
    OR NOT (OLD.channel = 'online' AND NEW.channel = 'paper')
    OR NOT EXISTS (
        SELECT 1 FROM voting_credential AS code
        JOIN voting_poll AS poll ON poll.round_id = code.round_id
        WHERE code.id = OLD.credential_id AND code.state = 'issued'
            AND poll.state IN ('open', 'ended')
    )
BEGIN
    SELECT RAISE(ABORT, 'paper replaces online, and nothing replaces paper');
END;

-- seal: voting_claim_no_delete on voting_claim
CREATE TRIGGER voting_claim_no_delete BEFORE DELETE ON voting_claim
WHEN NOT EXISTS (
    SELECT 1 FROM voting_credential AS code
    JOIN voting_poll AS poll ON poll.round_id = code.round_id
    WHERE code.id = OLD.credential_id AND poll.state = 'sealed'
)
BEGIN
    SELECT RAISE(ABORT, 'the use of a code is kept until the poll is sealed');
END;

-- seal: voting_envelope_next_version on voting_envelope
CREATE TRIGGER voting_envelope_next_version BEFORE INSERT ON voting_envelope
WHEN NEW.batch_id IS NOT NULL
    OR typeof(NEW.sealed) <> 'blob'
    OR typeof(NEW.env_hash) <> 'blob' OR length(NEW.env_hash) <> 32
    OR NEW.version IS NOT 1 + (
        SELECT COALESCE(MAX(version), 0) FROM voting_envelope
        WHERE credential_id = NEW.credential_id
    )
    OR NOT EXISTS (
        SELECT 1 FROM voting_credential AS code
        JOIN voting_poll AS poll ON poll.round_id = code.round_id
        JOIN voting_claim AS claim ON claim.credential_id = code.id
        WHERE code.id = NEW.credential_id AND code.state = 'issued'
            AND poll.state = 'open' AND claim.channel = 'online'
            AND length(NEW.sealed) = poll.padded_to + 81
    )
BEGIN
    SELECT RAISE(ABORT, 'an envelope is the next version of a good code, while voting is open');
END;

-- seal: voting_envelope_stays on voting_envelope
CREATE TRIGGER voting_envelope_stays BEFORE UPDATE ON voting_envelope
WHEN NEW.credential_id IS NOT OLD.credential_id OR NEW.version IS NOT OLD.version
    OR NEW.sealed IS NOT OLD.sealed OR NEW.env_hash IS NOT OLD.env_hash
    OR OLD.batch_id IS NOT NULL OR NEW.batch_id IS NULL
BEGIN
    SELECT RAISE(ABORT, 'an envelope only joins a batch, once');
END;

-- seal: voting_envelope_no_delete on voting_envelope
CREATE TRIGGER voting_envelope_no_delete BEFORE DELETE ON voting_envelope
WHEN NOT EXISTS (
    SELECT 1 FROM voting_credential AS code
    JOIN voting_poll AS poll ON poll.round_id = code.round_id
    WHERE code.id = OLD.credential_id AND poll.state = 'sealed'
)
BEGIN
    SELECT RAISE(ABORT, 'envelopes are kept until the poll is sealed');
END;
