-- Seals of the partnerships for SQLite; read `record/sql/seals.sqlite.sql` first for the rules of
-- the house. What a meeting decided, and who was in the room, is written once.

-- seal: partnerships_presence_before_decision on partnerships_presence
CREATE TRIGGER partnerships_presence_before_decision BEFORE INSERT ON partnerships_presence
WHEN EXISTS (SELECT 1 FROM partnerships_itemdecision WHERE item_id = NEW.item_id)
BEGIN
    SELECT RAISE(ABORT, 'who was in the room is written before the decision, never after it');
END;

-- seal: partnerships_meeting_stays_ended on partnerships_meeting
CREATE TRIGGER partnerships_meeting_stays_ended BEFORE UPDATE ON partnerships_meeting
WHEN OLD.state <> 'called' OR NEW.number <> OLD.number OR NEW.meets_at <> OLD.meets_at
    OR NEW.partnership_id <> OLD.partnership_id OR NEW.called_on <> OLD.called_on
    OR NEW.notice_by <> OLD.notice_by OR NEW.called_id <> OLD.called_id
BEGIN
    SELECT RAISE(ABORT, 'a meeting that was called is the same, and one that has ended stays so');
END;

-- seal: partnerships_meeting_no_delete on partnerships_meeting
CREATE TRIGGER partnerships_meeting_no_delete BEFORE DELETE ON partnerships_meeting
BEGIN
    SELECT RAISE(ABORT, 'a meeting is held or called off; it is never removed');
END;

-- seal: partnerships_meeting_no_replace on partnerships_meeting
CREATE TRIGGER partnerships_meeting_no_replace BEFORE INSERT ON partnerships_meeting
WHEN EXISTS (SELECT 1 FROM partnerships_meeting WHERE rowid = NEW.rowid)
    OR EXISTS (
        SELECT 1 FROM partnerships_meeting
        WHERE partnership_id = NEW.partnership_id AND number = NEW.number
    )
BEGIN
    SELECT RAISE(ABORT, 'partnerships_meeting holds this row already');
END;

-- seal: partnerships_decision_in_a_meeting on partnerships_itemdecision
CREATE TRIGGER partnerships_decision_in_a_meeting BEFORE INSERT ON partnerships_itemdecision
WHEN NOT EXISTS (
    SELECT 1 FROM partnerships_agendaitem AS item
    JOIN partnerships_meeting AS meeting ON meeting.id = item.meeting_id
    WHERE item.id = NEW.item_id AND meeting.state = 'called'
)
OR NEW.present <> (SELECT COUNT(*) FROM partnerships_presence WHERE item_id = NEW.item_id)
OR NEW.counted <> (
    SELECT COUNT(*) FROM partnerships_presence WHERE item_id = NEW.item_id AND stays_out = ''
)
OR NEW.residents <> (
    SELECT COUNT(*) FROM partnerships_presence
    WHERE item_id = NEW.item_id AND stays_out = '' AND lives_here
)
BEGIN
    SELECT RAISE(ABORT, 'a decision is of a meeting that goes on, by those who are in the room');
END;
