-- Seals of trustees, papers and the box for SQLite; read `record/sql/seals.sqlite.sql` first for the
-- rules of the house. Keys are fixed with the round. Nothing is opened or keyed before voting has
-- ended, and nothing is forgotten before a leaf says so.

-- seal: voting_poll_steps_have_leaves on voting_poll
CREATE TRIGGER voting_poll_steps_have_leaves BEFORE UPDATE ON voting_poll
WHEN NEW.state <> OLD.state AND NEW.state IN ('opened', 'sealed') AND NOT EXISTS (
    SELECT 1 FROM record_leaf AS leaf
    JOIN rounds_round AS asked ON asked.id = NEW.round_id
    WHERE leaf.log = 'public'
        AND leaf.kind = CASE NEW.state WHEN 'opened' THEN 'voting.box_opened' ELSE 'voting.sealed' END
        AND json_extract(CAST(leaf.body AS TEXT), '$.round') = asked.slug
)
BEGIN
    SELECT RAISE(ABORT, 'a box is opened, and a poll sealed, by a leaf that says so');
END;

-- seal: voting_withdrawal_before_the_end on rounds_withdrawal
CREATE TRIGGER voting_withdrawal_before_the_end BEFORE INSERT ON rounds_withdrawal
WHEN EXISTS (
    SELECT 1 FROM rounds_project AS project
    JOIN voting_poll AS poll ON poll.round_id = project.round_id
    WHERE project.id = NEW.project_id AND poll.state NOT IN ('prepared', 'open')
)
BEGIN
    SELECT RAISE(ABORT, 'no idea is taken off once voting has ended');
END;

-- seal: voting_trustee_joins_a_draft on voting_trustee
CREATE TRIGGER voting_trustee_joins_a_draft BEFORE INSERT ON voting_trustee
WHEN NOT EXISTS (SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state = 'draft')
    OR EXISTS (
        SELECT 1 FROM voting_trustee WHERE id = NEW.id OR name_id = NEW.name_id
            OR (round_id = NEW.round_id AND (number = NEW.number OR account_id = NEW.account_id))
    )
BEGIN
    SELECT RAISE(ABORT, 'trustees are named once, before the round is frozen');
END;

-- seal: voting_trustee_stays on voting_trustee
CREATE TRIGGER voting_trustee_stays BEFORE UPDATE ON voting_trustee
WHEN EXISTS (
    SELECT 1 FROM rounds_round WHERE id IN (OLD.round_id, NEW.round_id) AND state <> 'draft'
)
BEGIN
    SELECT RAISE(ABORT, 'trustees and their keys are fixed when the round is frozen');
END;

-- seal: voting_trustee_no_delete on voting_trustee
CREATE TRIGGER voting_trustee_no_delete BEFORE DELETE ON voting_trustee
WHEN EXISTS (SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state <> 'draft')
BEGIN
    SELECT RAISE(ABORT, 'the trustees of a frozen round are never removed');
END;

-- seal: voting_roundkey_of_a_draft on voting_roundkey
CREATE TRIGGER voting_roundkey_of_a_draft BEFORE INSERT ON voting_roundkey
WHEN NOT EXISTS (SELECT 1 FROM rounds_round WHERE id = NEW.round_id AND state = 'draft')
    OR EXISTS (SELECT 1 FROM voting_roundkey WHERE round_id = NEW.round_id)
BEGIN
    SELECT RAISE(ABORT, 'the key of a round is made once, before it is frozen');
END;

-- seal: voting_roundkey_stays on voting_roundkey
CREATE TRIGGER voting_roundkey_stays BEFORE UPDATE ON voting_roundkey
WHEN NEW.round_id IS NOT OLD.round_id OR NEW.public_key IS NOT OLD.public_key
    OR NEW.made_by_id IS NOT OLD.made_by_id OR NEW.in_strongbox <> ''
    OR NOT EXISTS (
        SELECT 1 FROM voting_poll WHERE round_id = OLD.round_id AND state = 'sealed'
    )
BEGIN
    SELECT RAISE(ABORT, 'the key of a round stays, and leaves the strongbox when it is sealed');
END;

-- seal: voting_roundkey_no_delete on voting_roundkey
CREATE TRIGGER voting_roundkey_no_delete BEFORE DELETE ON voting_roundkey
WHEN EXISTS (SELECT 1 FROM rounds_round WHERE id = OLD.round_id AND state <> 'draft')
BEGIN
    SELECT RAISE(ABORT, 'the key of a frozen round is never removed');
END;

-- seal: voting_keycopy_of_a_draft on voting_keycopy
CREATE TRIGGER voting_keycopy_of_a_draft BEFORE INSERT ON voting_keycopy
WHEN NEW.inner IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM voting_trustee AS first
        JOIN voting_trustee AS second ON second.id = NEW.second_id
        JOIN rounds_round AS asked ON asked.id = first.round_id
        WHERE first.id = NEW.first_id AND second.round_id = first.round_id
            AND asked.state = 'draft'
    )
    OR EXISTS (
        SELECT 1 FROM voting_keycopy
        WHERE id = NEW.id OR (first_id = NEW.first_id AND second_id = NEW.second_id)
    )
BEGIN
    SELECT RAISE(ABORT, 'copies of a key are made for two trustees of one draft, still sealed');
END;

-- seal: voting_keycopy_handed_on_once on voting_keycopy
CREATE TRIGGER voting_keycopy_handed_on_once BEFORE UPDATE ON voting_keycopy
WHEN NEW.id IS NOT OLD.id OR NEW.first_id IS NOT OLD.first_id
    OR NEW.second_id IS NOT OLD.second_id OR NEW.sealed IS NOT OLD.sealed
    OR OLD.inner IS NOT NULL
    OR NOT EXISTS (
        SELECT 1 FROM voting_trustee AS first
        JOIN voting_poll AS poll ON poll.round_id = first.round_id
        JOIN rounds_round AS asked ON asked.id = first.round_id AND asked.state = 'frozen'
        WHERE first.id = OLD.first_id AND poll.state = 'ended'
    )
BEGIN
    SELECT RAISE(ABORT, 'a copy is handed on once, after voting has ended');
END;

-- seal: voting_keycopy_no_delete on voting_keycopy
CREATE TRIGGER voting_keycopy_no_delete BEFORE DELETE ON voting_keycopy
WHEN NOT EXISTS (
    SELECT 1 FROM voting_trustee AS first
    JOIN rounds_round AS asked ON asked.id = first.round_id
    LEFT JOIN voting_poll AS poll ON poll.round_id = asked.id
    WHERE first.id = OLD.first_id AND (asked.state = 'draft' OR poll.state = 'sealed')
)
BEGIN
    SELECT RAISE(ABORT, 'copies of a key are kept until the poll is sealed');
END;

-- seal: voting_opening_after_the_end on voting_opening
CREATE TRIGGER voting_opening_after_the_end BEFORE INSERT ON voting_opening
WHEN EXISTS (SELECT 1 FROM voting_opening WHERE trustee_id = NEW.trustee_id)
    OR NOT EXISTS (
        SELECT 1 FROM voting_trustee AS one
        JOIN voting_poll AS poll ON poll.round_id = one.round_id
        JOIN rounds_round AS asked ON asked.id = one.round_id AND asked.state = 'frozen'
        WHERE one.id = NEW.trustee_id AND poll.state = 'ended'
    )
BEGIN
    SELECT RAISE(ABORT, 'a box is opened after voting has ended');
END;

-- seal: voting_opening_again on voting_opening
CREATE TRIGGER voting_opening_again BEFORE UPDATE ON voting_opening
WHEN NEW.trustee_id IS NOT OLD.trustee_id OR NOT EXISTS (
    SELECT 1 FROM voting_trustee AS one
    JOIN voting_poll AS poll ON poll.round_id = one.round_id
    JOIN rounds_round AS asked ON asked.id = one.round_id AND asked.state = 'frozen'
    WHERE one.id = OLD.trustee_id AND poll.state = 'ended'
)
BEGIN
    SELECT RAISE(ABORT, 'what a trustee found stands when the box is opened');
END;

-- seal: voting_opening_no_delete on voting_opening
CREATE TRIGGER voting_opening_no_delete BEFORE DELETE ON voting_opening
WHEN NOT EXISTS (
    SELECT 1 FROM voting_trustee AS one
    JOIN voting_poll AS poll ON poll.round_id = one.round_id
    WHERE one.id = OLD.trustee_id AND poll.state = 'sealed'
)
BEGIN
    SELECT RAISE(ABORT, 'what a trustee found is kept until the poll is sealed');
END;

-- seal: voting_houseask_stays on voting_houseask
CREATE TRIGGER voting_houseask_stays BEFORE UPDATE ON voting_houseask
BEGIN
    SELECT RAISE(ABORT, 'who asked the house stays who asked it');
END;

-- seal: voting_houseask_after_the_end on voting_houseask
CREATE TRIGGER voting_houseask_after_the_end BEFORE INSERT ON voting_houseask
WHEN EXISTS (
        SELECT 1 FROM voting_houseask
        WHERE id = NEW.id OR (round_id = NEW.round_id AND account_id = NEW.account_id)
    )
    OR NOT EXISTS (
        SELECT 1 FROM voting_poll AS poll JOIN rounds_round AS asked ON asked.id = poll.round_id
        WHERE poll.round_id = NEW.round_id AND poll.state = 'ended' AND asked.state = 'frozen'
    )
BEGIN
    SELECT RAISE(ABORT, 'the house is asked once by each, after voting has ended');
END;

-- seal: voting_houseask_no_delete on voting_houseask
CREATE TRIGGER voting_houseask_no_delete BEFORE DELETE ON voting_houseask
WHEN NOT EXISTS (
    SELECT 1 FROM voting_poll WHERE round_id = OLD.round_id AND state = 'sealed'
)
BEGIN
    SELECT RAISE(ABORT, 'who asked the house is kept until the poll is sealed');
END;

-- seal: voting_paperstack_before_the_end on voting_paperstack
CREATE TRIGGER voting_paperstack_before_the_end BEFORE INSERT ON voting_paperstack
WHEN NEW.signed_id IS NOT NULL
    OR EXISTS (
        SELECT 1 FROM voting_paperstack
        WHERE id = NEW.id OR leaf_id = NEW.leaf_id
            OR (round_id = NEW.round_id AND number = NEW.number)
    )
    OR NOT EXISTS (
        SELECT 1 FROM voting_poll WHERE round_id = NEW.round_id AND state IN ('prepared', 'open')
    )
BEGIN
    SELECT RAISE(ABORT, 'ballot papers are printed before voting has ended');
END;

-- seal: voting_paperstack_signed_once on voting_paperstack
CREATE TRIGGER voting_paperstack_signed_once BEFORE UPDATE ON voting_paperstack
WHEN NEW.id IS NOT OLD.id OR NEW.round_id IS NOT OLD.round_id OR NEW.number IS NOT OLD.number
    OR NEW.look IS NOT OLD.look OR NEW.language IS NOT OLD.language
    OR NEW.sheets_printed IS NOT OLD.sheets_printed OR NEW.leaf_id IS NOT OLD.leaf_id
    OR OLD.signed_id IS NOT NULL
    OR NOT EXISTS (
        SELECT 1 FROM record_leaf AS leaf JOIN rounds_round AS asked ON asked.id = OLD.round_id
        WHERE leaf.id = NEW.signed_id AND leaf.kind = 'voting.stack_signed'
            AND json_extract(CAST(leaf.body AS TEXT), '$.round') = asked.slug
            AND json_extract(CAST(leaf.body AS TEXT), '$.stack') = OLD.number
    )
BEGIN
    SELECT RAISE(ABORT, 'a stack is only signed off, once, by a leaf of its own');
END;

-- seal: voting_paperstack_no_delete on voting_paperstack
CREATE TRIGGER voting_paperstack_no_delete BEFORE DELETE ON voting_paperstack
BEGIN
    SELECT RAISE(ABORT, 'a stack of papers is never removed');
END;

-- seal: voting_papersheet_with_its_stack on voting_papersheet
CREATE TRIGGER voting_papersheet_with_its_stack BEFORE INSERT ON voting_papersheet
WHEN EXISTS (
        SELECT 1 FROM voting_papersheet
        WHERE id = NEW.id OR tracker_hash = NEW.tracker_hash
            OR (stack_id = NEW.stack_id AND number = NEW.number)
    )
    OR NOT EXISTS (
        SELECT 1 FROM voting_paperstack AS stack
        JOIN voting_poll AS poll ON poll.round_id = stack.round_id
        WHERE stack.id = NEW.stack_id AND NEW.number BETWEEN 1 AND stack.sheets_printed
            AND poll.state IN ('prepared', 'open')
    )
BEGIN
    SELECT RAISE(ABORT, 'a paper is printed with its stack');
END;

-- seal: voting_papersheet_stays on voting_papersheet
CREATE TRIGGER voting_papersheet_stays BEFORE UPDATE ON voting_papersheet
BEGIN
    SELECT RAISE(ABORT, 'a printed paper stays what it is');
END;

-- seal: voting_papersheet_no_delete on voting_papersheet
CREATE TRIGGER voting_papersheet_no_delete BEFORE DELETE ON voting_papersheet
WHEN NOT EXISTS (
    SELECT 1 FROM voting_paperstack AS stack
    JOIN voting_poll AS poll ON poll.round_id = stack.round_id
    WHERE stack.id = OLD.stack_id AND poll.state = 'sealed'
)
BEGIN
    SELECT RAISE(ABORT, 'papers are kept until the poll is sealed');
END;

-- seal: voting_keying_in_its_time on voting_keying
CREATE TRIGGER voting_keying_in_its_time BEFORE INSERT ON voting_keying
WHEN EXISTS (
        SELECT 1 FROM voting_keying
        WHERE id = NEW.id OR (sheet_id = NEW.sheet_id AND keyer_id = NEW.keyer_id)
    )
    OR NOT EXISTS (
        SELECT 1 FROM voting_papersheet AS sheet
        JOIN voting_paperstack AS stack ON stack.id = sheet.stack_id
        JOIN voting_poll AS poll ON poll.round_id = stack.round_id
        WHERE sheet.id = NEW.sheet_id AND poll.state = 'ended' AND stack.signed_id IS NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'papers are keyed after voting has ended, until their stack is signed');
END;

-- seal: voting_keying_corrected_in_time on voting_keying
CREATE TRIGGER voting_keying_corrected_in_time BEFORE UPDATE ON voting_keying
WHEN NEW.id IS NOT OLD.id OR NEW.sheet_id IS NOT OLD.sheet_id OR NEW.keyer_id IS NOT OLD.keyer_id
    OR NOT EXISTS (
        SELECT 1 FROM voting_papersheet AS sheet
        JOIN voting_paperstack AS stack ON stack.id = sheet.stack_id
        JOIN voting_poll AS poll ON poll.round_id = stack.round_id
        WHERE sheet.id = OLD.sheet_id AND poll.state = 'ended' AND stack.signed_id IS NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'a keyed paper stands when its stack is signed');
END;

-- seal: voting_keying_no_delete on voting_keying
CREATE TRIGGER voting_keying_no_delete BEFORE DELETE ON voting_keying
WHEN NOT EXISTS (
    SELECT 1 FROM voting_papersheet AS sheet
    JOIN voting_paperstack AS stack ON stack.id = sheet.stack_id
    JOIN voting_poll AS poll ON poll.round_id = stack.round_id
    WHERE sheet.id = OLD.sheet_id AND poll.state = 'sealed'
)
BEGIN
    SELECT RAISE(ABORT, 'keyed papers are kept until the poll is sealed');
END;

-- seal: voting_stackcount_in_its_time on voting_stackcount
CREATE TRIGGER voting_stackcount_in_its_time BEFORE INSERT ON voting_stackcount
WHEN EXISTS (
        SELECT 1 FROM voting_stackcount
        WHERE id = NEW.id OR (stack_id = NEW.stack_id AND counter_id = NEW.counter_id)
    )
    OR NOT EXISTS (
        SELECT 1 FROM voting_paperstack AS stack
        JOIN voting_poll AS poll ON poll.round_id = stack.round_id
        WHERE stack.id = NEW.stack_id AND poll.state = 'ended' AND stack.signed_id IS NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'a stack is counted after voting has ended, until it is signed');
END;

-- seal: voting_stackcount_corrected_in_time on voting_stackcount
CREATE TRIGGER voting_stackcount_corrected_in_time BEFORE UPDATE ON voting_stackcount
WHEN NEW.id IS NOT OLD.id OR NEW.stack_id IS NOT OLD.stack_id
    OR NEW.counter_id IS NOT OLD.counter_id
    OR NOT EXISTS (
        SELECT 1 FROM voting_paperstack AS stack
        JOIN voting_poll AS poll ON poll.round_id = stack.round_id
        WHERE stack.id = OLD.stack_id AND poll.state = 'ended' AND stack.signed_id IS NULL
    )
BEGIN
    SELECT RAISE(ABORT, 'the count of a stack stands when it is signed');
END;

-- seal: voting_stackcount_no_delete on voting_stackcount
CREATE TRIGGER voting_stackcount_no_delete BEFORE DELETE ON voting_stackcount
WHEN NOT EXISTS (
    SELECT 1 FROM voting_paperstack AS stack
    JOIN voting_poll AS poll ON poll.round_id = stack.round_id
    WHERE stack.id = OLD.stack_id AND poll.state = 'sealed'
)
BEGIN
    SELECT RAISE(ABORT, 'counts of stacks are kept until the poll is sealed');
END;
