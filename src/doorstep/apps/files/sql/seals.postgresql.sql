-- Seals of the files for PostgreSQL; read `record/sql/seals.postgresql.sql` first for the rules of
-- the house. What is known of a file is append-only; its content may be erased, once and whole.

-- function: files_content_kept_first
CREATE OR REPLACE FUNCTION files_content_kept_first() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.erasure_id IS NOT NULL THEN
        RAISE EXCEPTION 'a file is kept, with its salt, before it can be erased'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: files_content_kept_first on files_content
CREATE OR REPLACE TRIGGER files_content_kept_first BEFORE INSERT ON files_content
FOR EACH ROW EXECUTE FUNCTION files_content_kept_first();

-- function: files_content_erased_by_leaf
CREATE OR REPLACE FUNCTION files_content_erased_by_leaf() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.file_id <> OLD.file_id OR OLD.erasure_id IS NOT NULL
        OR length(NEW.data) <> 0 OR length(NEW.salt) <> 0
        OR NOT EXISTS (
            SELECT 1 FROM record_leaf AS leaf
            WHERE leaf.id = NEW.erasure_id AND leaf.kind = 'file.erased'
                AND (convert_from(leaf.body, 'UTF8')::jsonb ->> 'file')::bigint = OLD.file_id
        ) THEN
        RAISE EXCEPTION 'a file may only be erased, whole, by a leaf that says so'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: files_content_erased_by_leaf on files_content
CREATE OR REPLACE TRIGGER files_content_erased_by_leaf BEFORE UPDATE ON files_content
FOR EACH ROW EXECUTE FUNCTION files_content_erased_by_leaf();

-- seal: files_content_no_delete on files_content
CREATE OR REPLACE TRIGGER files_content_no_delete BEFORE DELETE ON files_content
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: files_content_no_truncate on files_content
CREATE OR REPLACE TRIGGER files_content_no_truncate BEFORE TRUNCATE ON files_content
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();
