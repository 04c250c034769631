-- Seals of the partnerships for PostgreSQL; read `record/sql/seals.postgresql.sql` first for the
-- rules of the house. What a meeting decided, and who was in the room, is written once.

-- function: partnerships_presence_before_decision
CREATE OR REPLACE FUNCTION partnerships_presence_before_decision() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partnerships_itemdecision WHERE item_id = NEW.item_id) THEN
        RAISE EXCEPTION 'who was in the room is written before the decision, never after it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_presence_before_decision on partnerships_presence
CREATE OR REPLACE TRIGGER partnerships_presence_before_decision
BEFORE INSERT ON partnerships_presence
FOR EACH ROW EXECUTE FUNCTION partnerships_presence_before_decision();

-- function: partnerships_meeting_stays_ended
CREATE OR REPLACE FUNCTION partnerships_meeting_stays_ended() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'called' OR NEW.number <> OLD.number OR NEW.meets_at <> OLD.meets_at
        OR NEW.partnership_id <> OLD.partnership_id OR NEW.called_on <> OLD.called_on
        OR NEW.notice_by <> OLD.notice_by OR NEW.called_id <> OLD.called_id THEN
        RAISE EXCEPTION 'a meeting that was called is the same, and one that has ended stays so'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_meeting_stays_ended on partnerships_meeting
CREATE OR REPLACE TRIGGER partnerships_meeting_stays_ended BEFORE UPDATE ON partnerships_meeting
FOR EACH ROW EXECUTE FUNCTION partnerships_meeting_stays_ended();

-- seal: partnerships_meeting_no_delete on partnerships_meeting
CREATE OR REPLACE TRIGGER partnerships_meeting_no_delete BEFORE DELETE ON partnerships_meeting
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- function: partnerships_decision_in_a_meeting
CREATE OR REPLACE FUNCTION partnerships_decision_in_a_meeting() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
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
    ) THEN
        RAISE EXCEPTION 'a decision is of a meeting that goes on, by those who are in the room'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: partnerships_decision_in_a_meeting on partnerships_itemdecision
CREATE OR REPLACE TRIGGER partnerships_decision_in_a_meeting
BEFORE INSERT ON partnerships_itemdecision
FOR EACH ROW EXECUTE FUNCTION partnerships_decision_in_a_meeting();

-- seal: partnerships_meeting_no_truncate on partnerships_meeting
CREATE OR REPLACE TRIGGER partnerships_meeting_no_truncate BEFORE TRUNCATE ON partnerships_meeting
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();
