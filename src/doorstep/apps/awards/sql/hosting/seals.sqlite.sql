-- Seals of agreements with locally trusted organisations for SQLite; read
-- `record/sql/seals.sqlite.sql` first for the rules of the house.

-- seal: awards_funding_stays on awards_funding
CREATE TRIGGER awards_funding_stays BEFORE UPDATE ON awards_funding
WHEN NEW.id IS NOT OLD.id
    OR NEW.host_id IS NOT OLD.host_id
    OR NEW.fund_id IS NOT OLD.fund_id
    OR NEW.takes_over_id IS NOT OLD.takes_over_id
    OR NEW.drafted_by_id IS NOT OLD.drafted_by_id
    OR NEW.drafted_on IS NOT OLD.drafted_on
    OR NEW.drafted_id IS NOT OLD.drafted_id
    OR OLD.accepted_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'an agreement is accepted once, and stays what it was');
END;

-- seal: awards_funding_no_delete on awards_funding
CREATE TRIGGER awards_funding_no_delete BEFORE DELETE ON awards_funding
BEGIN
    SELECT RAISE(ABORT, 'an agreement is accepted once, and stays what it was');
END;

-- seal: awards_funding_no_replace on awards_funding
CREATE TRIGGER awards_funding_no_replace BEFORE INSERT ON awards_funding
WHEN EXISTS (
    SELECT 1 FROM awards_funding
    WHERE id = NEW.id OR takes_over_id = NEW.takes_over_id OR drafted_id = NEW.drafted_id OR accepted_id = NEW.accepted_id
)
BEGIN
    SELECT RAISE(ABORT, 'an agreement is accepted once, and stays what it was');
END;

-- seal: awards_move_stays on awards_move
CREATE TRIGGER awards_move_stays BEFORE UPDATE ON awards_move
WHEN NEW.id IS NOT OLD.id
    OR NEW.kind IS NOT OLD.kind
    OR NEW.funding_id IS NOT OLD.funding_id
    OR NEW.part_id IS NOT OLD.part_id
    OR NEW.report_id IS NOT OLD.report_id
    OR NEW.back_of_id IS NOT OLD.back_of_id
    OR NEW.to_id IS NOT OLD.to_id
    OR NEW.pence IS NOT OLD.pence
    OR NEW.fee_pence IS NOT OLD.fee_pence
    OR NEW.reason_id IS NOT OLD.reason_id
    OR NEW.said_by_id IS NOT OLD.said_by_id
    OR NEW.said_on IS NOT OLD.said_on
    OR NEW.said_id IS NOT OLD.said_id
    OR OLD.state <> 'waiting'
BEGIN
    SELECT RAISE(ABORT, 'a move is answered once, and stays what it was');
END;

-- seal: awards_move_no_delete on awards_move
CREATE TRIGGER awards_move_no_delete BEFORE DELETE ON awards_move
BEGIN
    SELECT RAISE(ABORT, 'a move is answered once, and stays what it was');
END;

-- seal: awards_move_no_replace on awards_move
CREATE TRIGGER awards_move_no_replace BEFORE INSERT ON awards_move
WHEN EXISTS (
    SELECT 1 FROM awards_move
    WHERE id = NEW.id OR said_id = NEW.said_id OR ended_id = NEW.ended_id OR entry_id = NEW.entry_id OR (part_id = NEW.part_id AND kind = 'released' AND state <> 'declined') OR (report_id = NEW.report_id AND kind = 'released' AND state <> 'declined')
)
BEGIN
    SELECT RAISE(ABORT, 'a move is answered once, and stays what it was');
END;

-- seal: awards_closeout_stays on awards_closeout
CREATE TRIGGER awards_closeout_stays BEFORE UPDATE ON awards_closeout
WHEN NEW.id IS NOT OLD.id
    OR NEW.place_id IS NOT OLD.place_id
    OR NEW.begun_by_id IS NOT OLD.begun_by_id
    OR NEW.begun_on IS NOT OLD.begun_on
    OR NEW.begun_id IS NOT OLD.begun_id
    OR OLD.closed_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'funding closes once, and stays closed');
END;

-- seal: awards_closeout_no_delete on awards_closeout
CREATE TRIGGER awards_closeout_no_delete BEFORE DELETE ON awards_closeout
BEGIN
    SELECT RAISE(ABORT, 'funding closes once, and stays closed');
END;

-- seal: awards_closeout_no_replace on awards_closeout
CREATE TRIGGER awards_closeout_no_replace BEFORE INSERT ON awards_closeout
WHEN EXISTS (
    SELECT 1 FROM awards_closeout
    WHERE id = NEW.id OR place_id = NEW.place_id OR begun_id = NEW.begun_id OR closed_id = NEW.closed_id
)
BEGIN
    SELECT RAISE(ABORT, 'funding closes once, and stays closed');
END;
