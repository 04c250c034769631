-- Seals of the files for SQLite; read `record/sql/seals.sqlite.sql` first for the rules of the
-- house. What is known of a file is append-only; its content may be erased, once and whole.

-- seal: files_content_kept_first on files_content
CREATE TRIGGER files_content_kept_first AFTER INSERT ON files_content
WHEN NEW.erasure_id IS NOT NULL OR typeof(NEW.salt) <> 'blob' OR typeof(NEW.data) <> 'blob'
BEGIN
    SELECT RAISE(ABORT, 'a file is kept, with its salt, before it can be erased');
END;

-- seal: files_content_erased_by_leaf on files_content
CREATE TRIGGER files_content_erased_by_leaf BEFORE UPDATE ON files_content
WHEN NOT (
    NEW.file_id = OLD.file_id AND OLD.erasure_id IS NULL
    AND EXISTS (
        SELECT 1 FROM record_leaf AS leaf
        WHERE leaf.id = NEW.erasure_id AND leaf.kind = 'file.erased'
            AND json_extract(CAST(leaf.body AS TEXT), '$.file') = OLD.file_id
    )
    AND length(NEW.data) = 0 AND length(NEW.salt) = 0
)
BEGIN
    SELECT RAISE(ABORT, 'a file may only be erased, whole, by a leaf that says so');
END;

-- seal: files_content_no_delete on files_content
CREATE TRIGGER files_content_no_delete BEFORE DELETE ON files_content
BEGIN
    SELECT RAISE(ABORT, 'erase a file, do not remove the row: its fingerprint stays');
END;

-- seal: files_content_no_replace on files_content
CREATE TRIGGER files_content_no_replace BEFORE INSERT ON files_content
WHEN EXISTS (SELECT 1 FROM files_content WHERE file_id = NEW.file_id)
BEGIN
    SELECT RAISE(ABORT, 'this file is kept already');
END;
