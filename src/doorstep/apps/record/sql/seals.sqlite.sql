-- Seals of the record for SQLite. One section is one trigger; `seals.py` reads, installs and
-- checks them. All INSERT checks run AFTER, when column types are settled.
--
-- An inner statement inherits OR IGNORE from the statement that fired the trigger, and would
-- then skip silently; so every trigger that moves something looks afterwards that it moved.

-- seal: record_leaf_well_formed on record_leaf
CREATE TRIGGER record_leaf_well_formed AFTER INSERT ON record_leaf
BEGIN
    SELECT RAISE(ABORT, 'a leaf is made of whole numbers and bytes')
    WHERE typeof(NEW.idx) <> 'integer' OR typeof(NEW.body) <> 'blob'
        OR typeof(NEW.leaf_hash) <> 'blob' OR typeof(NEW.prev_chain) <> 'blob'
        OR typeof(NEW.chain) <> 'blob';
    SELECT RAISE(ABORT, 'the bytes of a leaf are JSON that names its kind')
    WHERE CASE WHEN json_valid(CAST(NEW.body AS TEXT))
        THEN json_extract(CAST(NEW.body AS TEXT), '$.kind') IS NOT NEW.kind ELSE 1 END;
END;

-- seal: record_leaf_next on record_leaf
CREATE TRIGGER record_leaf_next AFTER INSERT ON record_leaf
BEGIN
    SELECT RAISE(ABORT, 'a leaf takes the next place and names the link before it')
    WHERE NOT EXISTS (
        SELECT 1 FROM record_loghead AS head
        WHERE head.log = NEW.log AND head.size = NEW.idx AND head.chain = NEW.prev_chain
    );
    UPDATE record_loghead SET size = NEW.idx + 1, chain = NEW.chain WHERE log = NEW.log;
    SELECT RAISE(ABORT, 'the head of the log did not move')
    WHERE NOT EXISTS (
        SELECT 1 FROM record_loghead AS head
        WHERE head.log = NEW.log AND head.size = NEW.idx + 1 AND head.chain = NEW.chain
    );
END;

-- seal: record_loghead_moved_by_leaf on record_loghead
CREATE TRIGGER record_loghead_moved_by_leaf BEFORE UPDATE ON record_loghead
WHEN NOT (
    NEW.log = OLD.log AND NEW.rowid = OLD.rowid AND NEW.size = OLD.size + 1
    AND EXISTS (
        SELECT 1 FROM record_leaf AS leaf
        WHERE leaf.log = OLD.log AND leaf.idx = OLD.size
            AND leaf.prev_chain = OLD.chain AND leaf.chain = NEW.chain
    )
)
BEGIN
    SELECT RAISE(ABORT, 'the head of a log is moved only by its next leaf');
END;

-- seal: record_loghead_starts_empty on record_loghead
CREATE TRIGGER record_loghead_starts_empty BEFORE INSERT ON record_loghead
WHEN EXISTS (SELECT 1 FROM record_loghead WHERE log = NEW.log OR rowid = NEW.rowid)
    OR NEW.size <> 0 OR NEW.chain <> zeroblob(32)
BEGIN
    SELECT RAISE(ABORT, 'a log begins once, and empty');
END;

-- seal: record_loghead_no_delete on record_loghead
CREATE TRIGGER record_loghead_no_delete BEFORE DELETE ON record_loghead
BEGIN
    SELECT RAISE(ABORT, 'the head of a log is never removed');
END;

-- seal: record_wording_kept_first on record_wording
CREATE TRIGGER record_wording_kept_first AFTER INSERT ON record_wording
WHEN NEW.erasure_id IS NOT NULL OR typeof(NEW.salt) <> 'blob' OR typeof(NEW.text) <> 'text'
BEGIN
    SELECT RAISE(ABORT, 'words are kept, with their salt, before they can be erased');
END;

-- seal: record_wording_erased_by_leaf on record_wording
CREATE TRIGGER record_wording_erased_by_leaf BEFORE UPDATE ON record_wording
WHEN NOT (
    NEW.id = OLD.id AND NEW.commitment = OLD.commitment AND OLD.erasure_id IS NULL
    AND EXISTS (
        SELECT 1 FROM record_leaf AS leaf
        WHERE leaf.id = NEW.erasure_id AND leaf.kind = 'words.erased'
            AND json_extract(CAST(leaf.body AS TEXT), '$.commitment') = OLD.commitment
    )
    AND NEW.text = '' AND length(NEW.salt) = 0
)
BEGIN
    SELECT RAISE(ABORT, 'words may only be erased, whole, by a leaf that says so');
END;

-- seal: record_wording_no_delete on record_wording
CREATE TRIGGER record_wording_no_delete BEFORE DELETE ON record_wording
BEGIN
    SELECT RAISE(ABORT, 'erase words, do not remove the row: its commitment stays');
END;

-- seal: record_wording_no_replace on record_wording
CREATE TRIGGER record_wording_no_replace BEFORE INSERT ON record_wording
WHEN EXISTS (SELECT 1 FROM record_wording WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM record_wording WHERE commitment = NEW.commitment)
BEGIN
    SELECT RAISE(ABORT, 'these words are kept already');
END;

-- seal: record_checkpoint_grows on record_checkpoint
CREATE TRIGGER record_checkpoint_grows AFTER INSERT ON record_checkpoint
WHEN typeof(NEW.size) <> 'integer' OR typeof(NEW.root) <> 'blob' OR typeof(NEW.note) <> 'text'
    OR NEW.size <= (
        SELECT COALESCE(MAX(held.size), 0) FROM record_checkpoint AS held
        WHERE held.log = NEW.log AND held.id <> NEW.id
    )
    OR NOT EXISTS (
        SELECT 1 FROM record_loghead AS head WHERE head.log = NEW.log AND head.size >= NEW.size
    )
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is of more leaves than the last, and of no more than stand');
END;
