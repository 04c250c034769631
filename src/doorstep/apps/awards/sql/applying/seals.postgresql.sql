-- Seals of forms and applications for PostgreSQL; read `record/sql/seals.postgresql.sql` first for
-- the rules of the house. What applicants saw, and the rules they began by, stay.

-- function: awards_grantform_stays
CREATE OR REPLACE FUNCTION awards_grantform_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id
        OR NEW.slug IS DISTINCT FROM OLD.slug
        OR NEW.place_id IS DISTINCT FROM OLD.place_id
        OR NEW.kind IS DISTINCT FROM OLD.kind
        OR NEW.title_id IS DISTINCT FROM OLD.title_id
        OR NEW.least IS DISTINCT FROM OLD.least
        OR NEW.most IS DISTINCT FROM OLD.most
        OR NEW.extras IS DISTINCT FROM OLD.extras
        OR NEW.minutes IS DISTINCT FROM OLD.minutes
        OR NEW.budget IS DISTINCT FROM OLD.budget
        OR NEW.officer_id IS DISTINCT FROM OLD.officer_id
        OR NEW.explanation_id IS DISTINCT FROM OLD.explanation_id
        OR NEW.published_by_id IS DISTINCT FROM OLD.published_by_id
        OR NEW.published_on IS DISTINCT FROM OLD.published_on
        OR NEW.published_id IS DISTINCT FROM OLD.published_id
        OR OLD.ended_id IS NOT NULL THEN
        RAISE EXCEPTION 'a form that was published stays as applicants saw it' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_grantform_stays on awards_grantform
CREATE OR REPLACE TRIGGER awards_grantform_stays BEFORE UPDATE ON awards_grantform
FOR EACH ROW EXECUTE FUNCTION awards_grantform_stays();

-- seal: awards_grantform_no_delete on awards_grantform
CREATE OR REPLACE TRIGGER awards_grantform_no_delete BEFORE DELETE ON awards_grantform
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_grantform_no_truncate on awards_grantform
CREATE OR REPLACE TRIGGER awards_grantform_no_truncate BEFORE TRUNCATE ON awards_grantform
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: awards_application_stays
CREATE OR REPLACE FUNCTION awards_application_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id
        OR NEW.place_id IS DISTINCT FROM OLD.place_id
        OR NEW.form_id IS DISTINCT FROM OLD.form_id
        OR NEW.kind IS DISTINCT FROM OLD.kind
        OR NEW.once IS DISTINCT FROM OLD.once
        OR NEW.asked_by_id IS DISTINCT FROM OLD.asked_by_id
        OR NEW.payee_kind IS DISTINCT FROM OLD.payee_kind
        OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
        OR NEW.pence IS DISTINCT FROM OLD.pence
        OR NEW.risks IS DISTINCT FROM OLD.risks
        OR NEW.long_lease IS DISTINCT FROM OLD.long_lease
        OR NEW.accounted IS DISTINCT FROM OLD.accounted
        OR NEW.minutes IS DISTINCT FROM OLD.minutes
        OR NEW.budget IS DISTINCT FROM OLD.budget
        OR NEW.begun_on IS DISTINCT FROM OLD.begun_on
        OR NEW.begun_id IS DISTINCT FROM OLD.begun_id
        OR (OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN (
        'begun>sent', 'begun>withdrawn', 'sent>agreed', 'sent>declined', 'sent>withdrawn')) THEN
        RAISE EXCEPTION 'an application keeps the rules of the day it began' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_application_stays on awards_application
CREATE OR REPLACE TRIGGER awards_application_stays BEFORE UPDATE ON awards_application
FOR EACH ROW EXECUTE FUNCTION awards_application_stays();

-- seal: awards_application_no_delete on awards_application
CREATE OR REPLACE TRIGGER awards_application_no_delete BEFORE DELETE ON awards_application
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_application_no_truncate on awards_application
CREATE OR REPLACE TRIGGER awards_application_no_truncate BEFORE TRUNCATE ON awards_application
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();
