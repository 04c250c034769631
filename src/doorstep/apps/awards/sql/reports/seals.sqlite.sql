-- Seals of receipts and results for SQLite; read `record/sql/seals.sqlite.sql` first for the rules
-- of the house. What was handed in stays; somebody looks at it once.

-- seal: awards_receipt_stays on awards_receipt
CREATE TRIGGER awards_receipt_stays BEFORE UPDATE ON awards_receipt
WHEN NEW.id IS NOT OLD.id
    OR NEW.award_id IS NOT OLD.award_id
    OR NEW.payment_id IS NOT OLD.payment_id
    OR NEW.pence IS NOT OLD.pence
    OR NEW.file_id IS NOT OLD.file_id
    OR NEW.mark IS NOT OLD.mark
    OR NEW.picture IS NOT OLD.picture
    OR NEW.looks_like_id IS NOT OLD.looks_like_id
    OR NEW.handed_by_id IS NOT OLD.handed_by_id
    OR NEW.handed_in_id IS NOT OLD.handed_in_id
    OR OLD.state <> 'waiting'
BEGIN
    SELECT RAISE(ABORT, 'a receipt is looked at once, and stays what it was');
END;

-- seal: awards_receipt_no_delete on awards_receipt
CREATE TRIGGER awards_receipt_no_delete BEFORE DELETE ON awards_receipt
BEGIN
    SELECT RAISE(ABORT, 'what was handed in is never removed');
END;

-- seal: awards_receipt_no_replace on awards_receipt
CREATE TRIGGER awards_receipt_no_replace BEFORE INSERT ON awards_receipt
WHEN EXISTS (
    SELECT 1 FROM awards_receipt
    WHERE id = NEW.id OR file_id = NEW.file_id OR handed_in_id = NEW.handed_in_id OR checked_id = NEW.checked_id
        OR shown_id = NEW.shown_id OR reason_id = NEW.reason_id
        OR (payment_id = NEW.payment_id AND mark = NEW.mark AND state <> 'sent_back')
)
BEGIN
    SELECT RAISE(ABORT, 'this was handed in already');
END;

-- seal: awards_resultnote_stays on awards_resultnote
CREATE TRIGGER awards_resultnote_stays BEFORE UPDATE ON awards_resultnote
WHEN NEW.id IS NOT OLD.id
    OR NEW.award_id IS NOT OLD.award_id
    OR NEW.outcome IS NOT OLD.outcome
    OR NEW.words_id IS NOT OLD.words_id
    OR NEW.photo_id IS NOT OLD.photo_id
    OR NEW.told_by_id IS NOT OLD.told_by_id
    OR NEW.told_id IS NOT OLD.told_id
    OR OLD.shown_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'what was told stays, and is shown once');
END;

-- seal: awards_resultnote_no_delete on awards_resultnote
CREATE TRIGGER awards_resultnote_no_delete BEFORE DELETE ON awards_resultnote
BEGIN
    SELECT RAISE(ABORT, 'what was handed in is never removed');
END;

-- seal: awards_resultnote_no_replace on awards_resultnote
CREATE TRIGGER awards_resultnote_no_replace BEFORE INSERT ON awards_resultnote
WHEN EXISTS (
    SELECT 1 FROM awards_resultnote
    WHERE id = NEW.id OR words_id = NEW.words_id OR photo_id = NEW.photo_id OR told_id = NEW.told_id
        OR public_photo_id = NEW.public_photo_id OR shown_id = NEW.shown_id
)
BEGIN
    SELECT RAISE(ABORT, 'this was handed in already');
END;
