-- Seals of the record for PostgreSQL. `seals.py` reads, installs and checks them. Every refusal
-- has ERRCODE 23514 (check_violation), so that Django sees an IntegrityError, never a crash.
-- Functions that move a head run as their owner: the application's role cannot move one itself.

-- function: doorstep_append_only
CREATE OR REPLACE FUNCTION doorstep_append_only() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = '23514';
END $$;

-- function: doorstep_lock_head
CREATE OR REPLACE FUNCTION doorstep_lock_head(wanted text, OUT size bigint, OUT chain bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Always the public head first, so that two writers can never wait for each other.
    PERFORM 1 FROM record_loghead AS head WHERE head.log = 'public' FOR UPDATE;
    SELECT head.size, head.chain INTO size, chain
        FROM record_loghead AS head WHERE head.log = wanted FOR UPDATE;
END $$;

-- function: record_leaf_well_formed
CREATE OR REPLACE FUNCTION record_leaf_well_formed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (convert_from(NEW.body, 'UTF8')::jsonb ->> 'kind') IS DISTINCT FROM NEW.kind THEN
        RAISE EXCEPTION 'the bytes of a leaf are JSON that names its kind' USING ERRCODE = '23514';
    END IF;
    IF NEW.leaf_hash <> sha256('\x00'::bytea || NEW.body)
        OR NEW.chain <> sha256('\x02'::bytea || NEW.prev_chain || NEW.leaf_hash) THEN
        RAISE EXCEPTION 'the hashes of a leaf do not follow from its bytes'
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
EXCEPTION WHEN data_exception THEN
    RAISE EXCEPTION 'the bytes of a leaf are JSON in UTF-8' USING ERRCODE = '23514';
END $$;

-- seal: record_leaf_well_formed on record_leaf
CREATE OR REPLACE TRIGGER record_leaf_well_formed AFTER INSERT ON record_leaf
FOR EACH ROW EXECUTE FUNCTION record_leaf_well_formed();

-- function: record_leaf_next
CREATE OR REPLACE FUNCTION record_leaf_next() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE record_loghead SET size = NEW.idx + 1, chain = NEW.chain
        WHERE log = NEW.log AND size = NEW.idx AND chain = NEW.prev_chain;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a leaf takes the next place and names the link before it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: record_leaf_next on record_leaf
CREATE OR REPLACE TRIGGER record_leaf_next AFTER INSERT ON record_leaf
FOR EACH ROW EXECUTE FUNCTION record_leaf_next();

-- function: record_loghead_moved_by_leaf
CREATE OR REPLACE FUNCTION record_loghead_moved_by_leaf() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.log <> OLD.log OR NEW.size <> OLD.size + 1 OR NOT EXISTS (
        SELECT 1 FROM record_leaf AS leaf
        WHERE leaf.log = OLD.log AND leaf.idx = OLD.size
            AND leaf.prev_chain = OLD.chain AND leaf.chain = NEW.chain
    ) THEN
        RAISE EXCEPTION 'the head of a log is moved only by its next leaf'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: record_loghead_moved_by_leaf on record_loghead
CREATE OR REPLACE TRIGGER record_loghead_moved_by_leaf BEFORE UPDATE ON record_loghead
FOR EACH ROW EXECUTE FUNCTION record_loghead_moved_by_leaf();

-- seal: record_loghead_no_delete on record_loghead
CREATE OR REPLACE TRIGGER record_loghead_no_delete BEFORE DELETE ON record_loghead
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: record_loghead_no_truncate on record_loghead
CREATE OR REPLACE TRIGGER record_loghead_no_truncate BEFORE TRUNCATE ON record_loghead
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: record_wording_kept_first
CREATE OR REPLACE FUNCTION record_wording_kept_first() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.erasure_id IS NOT NULL THEN
        RAISE EXCEPTION 'words are kept, with their salt, before they can be erased'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: record_wording_kept_first on record_wording
CREATE OR REPLACE TRIGGER record_wording_kept_first BEFORE INSERT ON record_wording
FOR EACH ROW EXECUTE FUNCTION record_wording_kept_first();

-- function: record_wording_erased_by_leaf
CREATE OR REPLACE FUNCTION record_wording_erased_by_leaf() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.commitment <> OLD.commitment OR OLD.erasure_id IS NOT NULL
        OR NEW.text <> '' OR length(NEW.salt) <> 0
        OR NOT EXISTS (
            SELECT 1 FROM record_leaf AS leaf
            WHERE leaf.id = NEW.erasure_id AND leaf.kind = 'words.erased'
                AND convert_from(leaf.body, 'UTF8')::jsonb ->> 'commitment' = OLD.commitment
        ) THEN
        RAISE EXCEPTION 'words may only be erased, whole, by a leaf that says so'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: record_wording_erased_by_leaf on record_wording
CREATE OR REPLACE TRIGGER record_wording_erased_by_leaf BEFORE UPDATE ON record_wording
FOR EACH ROW EXECUTE FUNCTION record_wording_erased_by_leaf();

-- seal: record_wording_no_delete on record_wording
CREATE OR REPLACE TRIGGER record_wording_no_delete BEFORE DELETE ON record_wording
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: record_wording_no_truncate on record_wording
CREATE OR REPLACE TRIGGER record_wording_no_truncate BEFORE TRUNCATE ON record_wording
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- function: record_checkpoint_grows
CREATE OR REPLACE FUNCTION record_checkpoint_grows() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.size <= (
        SELECT COALESCE(MAX(held.size), 0) FROM record_checkpoint AS held
        WHERE held.log = NEW.log AND held.id <> NEW.id
    ) OR NOT EXISTS (
        SELECT 1 FROM record_loghead AS head WHERE head.log = NEW.log AND head.size >= NEW.size
    ) THEN
        RAISE EXCEPTION 'a checkpoint is of more leaves than the last, and of no more than stand'
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- seal: record_checkpoint_grows on record_checkpoint
CREATE OR REPLACE TRIGGER record_checkpoint_grows AFTER INSERT ON record_checkpoint
FOR EACH ROW EXECUTE FUNCTION record_checkpoint_grows();
