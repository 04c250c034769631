-- Seals of the fund for PostgreSQL; read `record/sql/seals.postgresql.sql` first for the rules of the
-- house. Append-only and TRUNCATE are closed by `record/seals.py` for every table. That no account
-- goes below nothing is kept by the ledger's own seals.

-- function: fund_release_leaves_the_reserve
CREATE OR REPLACE FUNCTION fund_release_leaves_the_reserve() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.left_pence IS DISTINCT FROM (
            SELECT balance.credits - balance.debits FROM ledger_accountbalance AS balance
            JOIN ledger_account AS account ON account.id = balance.account_id
            JOIN fund_fund AS fund ON fund.id = NEW.fund_id
            WHERE account.code = fund.slug || ':reserve:' || NEW.asset_class
        ) THEN
        RAISE EXCEPTION 'a release says what is left in the reserve, as the ledger has it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: fund_release_leaves_the_reserve on fund_release
CREATE OR REPLACE TRIGGER fund_release_leaves_the_reserve BEFORE INSERT ON fund_release
FOR EACH ROW EXECUTE FUNCTION fund_release_leaves_the_reserve();

-- function: fund_release_follows_the_last_review
CREATE OR REPLACE FUNCTION fund_release_follows_the_last_review() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM fund_review AS review
            WHERE review.id = NEW.review_id AND review.fund_id = NEW.fund_id
                AND review.asset_class = NEW.asset_class
                AND NEW.required_pence >= review.expected_pence
                AND NOT EXISTS (
                    SELECT 1 FROM fund_review AS later
                    WHERE later.fund_id = review.fund_id AND later.asset_class = review.asset_class
                        AND later.id > review.id
                )
        ) THEN
        RAISE EXCEPTION 'a release keeps at least what the last review of its class expects'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: fund_release_follows_the_last_review on fund_release
CREATE OR REPLACE TRIGGER fund_release_follows_the_last_review BEFORE INSERT ON fund_release
FOR EACH ROW EXECUTE FUNCTION fund_release_follows_the_last_review();

-- function: fund_waveshare_stays_in_its_wave
CREATE OR REPLACE FUNCTION fund_waveshare_stays_in_its_wave() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (
            SELECT COALESCE(SUM(allocation.pence), 0) FROM fund_allocation AS allocation
            WHERE allocation.id = NEW.allocation_id OR allocation.id IN (
                SELECT share.allocation_id FROM fund_waveshare AS share
                WHERE share.wave_id = NEW.wave_id
            )
        ) > (SELECT wave.pence FROM fund_wave AS wave WHERE wave.id = NEW.wave_id) THEN
        RAISE EXCEPTION 'the shares of a wave never come to more than it promised'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: fund_waveshare_stays_in_its_wave on fund_waveshare
CREATE OR REPLACE TRIGGER fund_waveshare_stays_in_its_wave BEFORE INSERT ON fund_waveshare
FOR EACH ROW EXECUTE FUNCTION fund_waveshare_stays_in_its_wave();

-- function: fund_drawdown_stays_in_its_share
CREATE OR REPLACE FUNCTION fund_drawdown_stays_in_its_share() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.pence + (
            SELECT COALESCE(SUM(drawn.pence), 0) FROM fund_drawdown AS drawn
            WHERE drawn.share_id = NEW.share_id AND NOT EXISTS (
                SELECT 1 FROM ledger_journal AS back WHERE back.reverses_id = drawn.journal_id
            )
        ) > (
            SELECT allocation.pence FROM fund_allocation AS allocation
            JOIN fund_waveshare AS share ON share.allocation_id = allocation.id
            WHERE share.id = NEW.share_id
        ) THEN
        RAISE EXCEPTION 'a place never draws more than its share'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: fund_drawdown_stays_in_its_share on fund_drawdown
CREATE OR REPLACE TRIGGER fund_drawdown_stays_in_its_share BEFORE INSERT ON fund_drawdown
FOR EACH ROW EXECUTE FUNCTION fund_drawdown_stays_in_its_share();

-- function: fund_stepanswer_is_of_another
CREATE OR REPLACE FUNCTION fund_stepanswer_is_of_another() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.agreed AND NEW.account_id IS NOT DISTINCT FROM (
            SELECT step.asked_by_id FROM fund_step AS step WHERE step.id = NEW.step_id
        ) THEN
        RAISE EXCEPTION 'nobody agrees to a step that they asked for'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: fund_stepanswer_is_of_another on fund_stepanswer
CREATE OR REPLACE TRIGGER fund_stepanswer_is_of_another BEFORE INSERT ON fund_stepanswer
FOR EACH ROW EXECUTE FUNCTION fund_stepanswer_is_of_another();
