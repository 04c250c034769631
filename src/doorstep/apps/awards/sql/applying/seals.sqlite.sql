-- Seals of forms and applications for SQLite; read `record/sql/seals.sqlite.sql` first for the
-- rules of the house. What applicants saw, and the rules they began by, stay.

-- seal: awards_grantform_stays on awards_grantform
CREATE TRIGGER awards_grantform_stays BEFORE UPDATE ON awards_grantform
WHEN NEW.id IS NOT OLD.id
    OR NEW.slug IS NOT OLD.slug
    OR NEW.place_id IS NOT OLD.place_id
    OR NEW.kind IS NOT OLD.kind
    OR NEW.title_id IS NOT OLD.title_id
    OR NEW.least IS NOT OLD.least
    OR NEW.most IS NOT OLD.most
    OR NEW.extras IS NOT OLD.extras
    OR NEW.minutes IS NOT OLD.minutes
    OR NEW.budget IS NOT OLD.budget
    OR NEW.officer_id IS NOT OLD.officer_id
    OR NEW.explanation_id IS NOT OLD.explanation_id
    OR NEW.published_by_id IS NOT OLD.published_by_id
    OR NEW.published_on IS NOT OLD.published_on
    OR NEW.published_id IS NOT OLD.published_id
    OR OLD.ended_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a form that was published stays as applicants saw it');
END;

-- seal: awards_grantform_no_delete on awards_grantform
CREATE TRIGGER awards_grantform_no_delete BEFORE DELETE ON awards_grantform
BEGIN
    SELECT RAISE(ABORT, 'a form that was published stays as applicants saw it');
END;

-- seal: awards_grantform_no_replace on awards_grantform
CREATE TRIGGER awards_grantform_no_replace BEFORE INSERT ON awards_grantform
WHEN EXISTS (
    SELECT 1 FROM awards_grantform
    WHERE id = NEW.id OR slug = NEW.slug OR published_id = NEW.published_id OR ended_id = NEW.ended_id
)
BEGIN
    SELECT RAISE(ABORT, 'a form that was published stays as applicants saw it');
END;

-- seal: awards_application_stays on awards_application
CREATE TRIGGER awards_application_stays BEFORE UPDATE ON awards_application
WHEN NEW.id IS NOT OLD.id
    OR NEW.place_id IS NOT OLD.place_id
    OR NEW.form_id IS NOT OLD.form_id
    OR NEW.kind IS NOT OLD.kind
    OR NEW.once IS NOT OLD.once
    OR NEW.asked_by_id IS NOT OLD.asked_by_id
    OR NEW.payee_kind IS NOT OLD.payee_kind
    OR NEW.organisation_id IS NOT OLD.organisation_id
    OR NEW.pence IS NOT OLD.pence
    OR NEW.risks IS NOT OLD.risks
    OR NEW.long_lease IS NOT OLD.long_lease
    OR NEW.accounted IS NOT OLD.accounted
    OR NEW.minutes IS NOT OLD.minutes
    OR NEW.budget IS NOT OLD.budget
    OR NEW.begun_on IS NOT OLD.begun_on
    OR NEW.begun_id IS NOT OLD.begun_id
    OR (OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN (
        'begun>sent', 'begun>withdrawn', 'sent>agreed', 'sent>declined', 'sent>withdrawn'))
BEGIN
    SELECT RAISE(ABORT, 'an application keeps the rules of the day it began');
END;

-- seal: awards_application_no_delete on awards_application
CREATE TRIGGER awards_application_no_delete BEFORE DELETE ON awards_application
BEGIN
    SELECT RAISE(ABORT, 'an application keeps the rules of the day it began');
END;

-- seal: awards_application_no_replace on awards_application
CREATE TRIGGER awards_application_no_replace BEFORE INSERT ON awards_application
WHEN EXISTS (
    SELECT 1 FROM awards_application
    WHERE id = NEW.id OR once = NEW.once OR begun_id = NEW.begun_id OR award_id = NEW.award_id
)
BEGIN
    SELECT RAISE(ABORT, 'an application keeps the rules of the day it began');
END;
