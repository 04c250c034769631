-- Seals of plans, of getting started and of agreements with a council for SQLite; read
-- `record/sql/seals.sqlite.sql` first for the rules of the house. A row goes from step to step, and
-- what one step wrote stays as it was.

-- seal: partnerships_plan_goes_forward on partnerships_plan
CREATE TRIGGER partnerships_plan_goes_forward BEFORE UPDATE ON partnerships_plan
WHEN NEW.id <> OLD.id OR NEW.partnership_id <> OLD.partnership_id OR NEW.number <> OLD.number
    OR NOT (
        (OLD.state = 'draft' AND NEW.state IN ('draft', 'put_forward'))
        OR (OLD.state = 'put_forward' AND NEW.state IN ('endorsed', 'sent_back'))
        OR (OLD.state = 'endorsed' AND NEW.state = 'replaced')
    )
BEGIN
    SELECT RAISE(ABORT, 'a plan goes from step to step, and stays what it became');
END;

-- seal: partnerships_plan_stays_as_put on partnerships_plan
CREATE TRIGGER partnerships_plan_stays_as_put BEFORE UPDATE ON partnerships_plan
WHEN OLD.state <> 'draft' AND (
    NEW.draft IS NOT OLD.draft OR NEW.begins_on IS NOT OLD.begins_on
    OR NEW.ends_on IS NOT OLD.ends_on OR NEW.allocation_pence IS NOT OLD.allocation_pence
    OR NEW.vision_id IS NOT OLD.vision_id OR NEW.legacy_id IS NOT OLD.legacy_id
    OR NEW.decision_id IS NOT OLD.decision_id OR NEW.why_id IS NOT OLD.why_id
    OR NEW.put_by_id IS NOT OLD.put_by_id OR NEW.put_on IS NOT OLD.put_on
    OR NEW.put_forward_id IS NOT OLD.put_forward_id
)
BEGIN
    SELECT RAISE(ABORT, 'what was put forward stays as it was');
END;

-- seal: partnerships_plan_stays_answered on partnerships_plan
CREATE TRIGGER partnerships_plan_stays_answered BEFORE UPDATE ON partnerships_plan
WHEN OLD.state NOT IN ('draft', 'put_forward') AND (
    NEW.answered_on IS NOT OLD.answered_on OR NEW.answered_id IS NOT OLD.answered_id
    OR NEW.reason_id IS NOT OLD.reason_id
)
BEGIN
    SELECT RAISE(ABORT, 'the answer to a plan stays as it was given');
END;

-- seal: partnerships_plan_no_delete on partnerships_plan
CREATE TRIGGER partnerships_plan_no_delete BEFORE DELETE ON partnerships_plan
BEGIN
    SELECT RAISE(ABORT, 'a plan is followed by another; it is never removed');
END;

-- seal: partnerships_plan_no_replace on partnerships_plan
CREATE TRIGGER partnerships_plan_no_replace BEFORE INSERT ON partnerships_plan
WHEN EXISTS (SELECT 1 FROM partnerships_plan WHERE rowid = NEW.rowid)
    OR EXISTS (
        SELECT 1 FROM partnerships_plan
        WHERE partnership_id = NEW.partnership_id AND (
            number = NEW.number
            OR (state IN ('draft', 'put_forward') AND NEW.state IN ('draft', 'put_forward'))
            OR (state = 'endorsed' AND NEW.state = 'endorsed')
        )
    )
    OR EXISTS (SELECT 1 FROM partnerships_plan WHERE put_forward_id = NEW.put_forward_id)
    OR EXISTS (SELECT 1 FROM partnerships_plan WHERE answered_id = NEW.answered_id)
BEGIN
    SELECT RAISE(ABORT, 'partnerships_plan holds this row already');
END;

-- seal: partnerships_planline_of_a_draft on partnerships_planline
CREATE TRIGGER partnerships_planline_of_a_draft BEFORE INSERT ON partnerships_planline
WHEN NOT EXISTS (SELECT 1 FROM partnerships_plan WHERE id = NEW.plan_id AND state = 'draft')
BEGIN
    SELECT RAISE(ABORT, 'a line is written before its plan is put forward, never after it');
END;

-- seal: partnerships_listening_before_the_end on partnerships_listening
CREATE TRIGGER partnerships_listening_before_the_end BEFORE INSERT ON partnerships_listening
WHEN NOT EXISTS (
    SELECT 1 FROM partnerships_start WHERE id = NEW.start_id AND ended_id IS NULL
)
BEGIN
    SELECT RAISE(ABORT, 'a group that ended with its vision listens no more');
END;

-- seal: partnerships_startmoney_within on partnerships_startmoney
CREATE TRIGGER partnerships_startmoney_within BEFORE INSERT ON partnerships_startmoney
WHEN NOT EXISTS (
    SELECT 1 FROM partnerships_start AS start
    WHERE start.id = NEW.start_id AND start.ended_id IS NULL
    AND start.money_pence >= NEW.pence + (
        SELECT COALESCE(SUM(pence), 0) FROM partnerships_startmoney WHERE start_id = NEW.start_id
    )
)
BEGIN
    SELECT RAISE(ABORT, 'start-up money is agreed before the end, and within what there is');
END;

-- seal: partnerships_council_goes_forward on partnerships_councilagreement
CREATE TRIGGER partnerships_council_goes_forward BEFORE UPDATE ON partnerships_councilagreement
WHEN NEW.id <> OLD.id OR NEW.partnership_id <> OLD.partnership_id OR NEW.number <> OLD.number
    OR NEW.council_id <> OLD.council_id
    OR NOT (
        (OLD.state = 'draft' AND NEW.state IN ('draft', 'offered'))
        OR (OLD.state = 'offered' AND NEW.state IN ('signed', 'ended'))
        OR (OLD.state = 'signed' AND NEW.state = 'ended')
    )
BEGIN
    SELECT RAISE(ABORT, 'an agreement goes from step to step, and one that has ended stays so');
END;

-- seal: partnerships_council_stays_as_offered on partnerships_councilagreement
CREATE TRIGGER partnerships_council_stays_as_offered BEFORE UPDATE ON partnerships_councilagreement
WHEN OLD.state <> 'draft' AND (
    NEW.draft IS NOT OLD.draft OR NEW.decision_id IS NOT OLD.decision_id
    OR NEW.why_id IS NOT OLD.why_id OR NEW.offered_id IS NOT OLD.offered_id
)
BEGIN
    SELECT RAISE(ABORT, 'what was laid before both sides stays as it was');
END;

-- seal: partnerships_council_signed_by_both on partnerships_councilagreement
CREATE TRIGGER partnerships_council_signed_by_both BEFORE UPDATE ON partnerships_councilagreement
WHEN NEW.state = 'signed' AND 2 <> (
    SELECT COUNT(*) FROM partnerships_councilsignature WHERE agreement_id = NEW.id
)
BEGIN
    SELECT RAISE(ABORT, 'an agreement is signed once both sides have signed it');
END;

-- seal: partnerships_council_no_delete on partnerships_councilagreement
CREATE TRIGGER partnerships_council_no_delete BEFORE DELETE ON partnerships_councilagreement
BEGIN
    SELECT RAISE(ABORT, 'an agreement is ended, with a reason; it is never removed');
END;

-- seal: partnerships_council_no_replace on partnerships_councilagreement
CREATE TRIGGER partnerships_council_no_replace BEFORE INSERT ON partnerships_councilagreement
WHEN EXISTS (SELECT 1 FROM partnerships_councilagreement WHERE rowid = NEW.rowid)
    OR EXISTS (
        SELECT 1 FROM partnerships_councilagreement
        WHERE partnership_id = NEW.partnership_id AND (
            number = NEW.number OR (state <> 'ended' AND NEW.state <> 'ended')
        )
    )
    OR EXISTS (
        SELECT 1 FROM partnerships_councilagreement
        WHERE offered_id = NEW.offered_id OR ended_id = NEW.ended_id
    )
BEGIN
    SELECT RAISE(ABORT, 'partnerships_councilagreement holds this row already');
END;

-- seal: partnerships_councilduty_of_a_draft on partnerships_councilduty
CREATE TRIGGER partnerships_councilduty_of_a_draft BEFORE INSERT ON partnerships_councilduty
WHEN NOT EXISTS (
    SELECT 1 FROM partnerships_councilagreement WHERE id = NEW.agreement_id AND state = 'draft'
)
BEGIN
    SELECT RAISE(ABORT, 'a duty is written before its agreement is offered, never after it');
END;

-- seal: partnerships_councilsignature_when_offered on partnerships_councilsignature
CREATE TRIGGER partnerships_councilsignature_when_offered
BEFORE INSERT ON partnerships_councilsignature
WHEN NOT EXISTS (
    SELECT 1 FROM partnerships_councilagreement WHERE id = NEW.agreement_id AND state = 'offered'
)
BEGIN
    SELECT RAISE(ABORT, 'an agreement is signed while it waits for signatures');
END;
