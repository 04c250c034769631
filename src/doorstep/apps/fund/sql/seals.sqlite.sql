-- Seals of the fund for SQLite; read `record/sql/seals.sqlite.sql` first for the rules of the house.
-- Append-only tables are closed by `record/seals.py`. That no account goes below nothing is kept by
-- the ledger's own seals.

-- seal: fund_release_leaves_the_reserve on fund_release
CREATE TRIGGER fund_release_leaves_the_reserve BEFORE INSERT ON fund_release
WHEN NEW.left_pence IS NOT (
        SELECT balance.credits - balance.debits FROM ledger_accountbalance AS balance
        JOIN ledger_account AS account ON account.id = balance.account_id
        JOIN fund_fund AS fund ON fund.id = NEW.fund_id
        WHERE account.code = fund.slug || ':reserve:' || NEW.asset_class
    )
BEGIN
    SELECT RAISE(ABORT, 'a release says what is left in the reserve, as the ledger has it');
END;

-- seal: fund_release_follows_the_last_review on fund_release
CREATE TRIGGER fund_release_follows_the_last_review BEFORE INSERT ON fund_release
WHEN NOT EXISTS (
        SELECT 1 FROM fund_review AS review
        WHERE review.id = NEW.review_id AND review.fund_id = NEW.fund_id
            AND review.asset_class = NEW.asset_class
            AND NEW.required_pence >= review.expected_pence
            AND NOT EXISTS (
                SELECT 1 FROM fund_review AS later
                WHERE later.fund_id = review.fund_id AND later.asset_class = review.asset_class
                    AND later.id > review.id
            )
    )
BEGIN
    SELECT RAISE(ABORT, 'a release keeps at least what the last review of its class expects');
END;

-- seal: fund_waveshare_stays_in_its_wave on fund_waveshare
CREATE TRIGGER fund_waveshare_stays_in_its_wave BEFORE INSERT ON fund_waveshare
WHEN (
        SELECT COALESCE(SUM(allocation.pence), 0) FROM fund_allocation AS allocation
        WHERE allocation.id = NEW.allocation_id OR allocation.id IN (
            SELECT share.allocation_id FROM fund_waveshare AS share
            WHERE share.wave_id = NEW.wave_id
        )
    ) > (SELECT wave.pence FROM fund_wave AS wave WHERE wave.id = NEW.wave_id)
BEGIN
    SELECT RAISE(ABORT, 'the shares of a wave never come to more than it promised');
END;

-- seal: fund_drawdown_stays_in_its_share on fund_drawdown
CREATE TRIGGER fund_drawdown_stays_in_its_share BEFORE INSERT ON fund_drawdown
WHEN NEW.pence + (
        SELECT COALESCE(SUM(drawn.pence), 0) FROM fund_drawdown AS drawn
        WHERE drawn.share_id = NEW.share_id AND NOT EXISTS (
            SELECT 1 FROM ledger_journal AS back WHERE back.reverses_id = drawn.journal_id
        )
    ) > (
        SELECT allocation.pence FROM fund_allocation AS allocation
        JOIN fund_waveshare AS share ON share.allocation_id = allocation.id
        WHERE share.id = NEW.share_id
    )
BEGIN
    SELECT RAISE(ABORT, 'a place never draws more than its share');
END;

-- seal: fund_stepanswer_is_of_another on fund_stepanswer
CREATE TRIGGER fund_stepanswer_is_of_another BEFORE INSERT ON fund_stepanswer
WHEN NEW.agreed AND NEW.account_id IS (
        SELECT step.asked_by_id FROM fund_step AS step WHERE step.id = NEW.step_id
    )
BEGIN
    SELECT RAISE(ABORT, 'nobody agrees to a step that they asked for');
END;
