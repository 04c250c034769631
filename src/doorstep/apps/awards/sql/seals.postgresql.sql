-- Seals of awards and payments for PostgreSQL; read `record/sql/seals.postgresql.sql` first for the
-- rules of the house. Append-only tables are closed by `record/seals.py`.
--
-- TRUNCATE of awards, payments or bank accounts would have to cascade to agreements, approvals and
-- holds, which refuse it.

-- function: awards_award_stays
CREATE OR REPLACE FUNCTION awards_award_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id
        OR NEW.slug IS DISTINCT FROM OLD.slug
        OR NEW.place_id IS DISTINCT FROM OLD.place_id
        OR NEW.project_id IS DISTINCT FROM OLD.project_id
        OR NEW.title_id IS DISTINCT FROM OLD.title_id
        OR NEW.kind IS DISTINCT FROM OLD.kind
        OR NEW.is_example IS DISTINCT FROM OLD.is_example
        OR NEW.pence IS DISTINCT FROM OLD.pence
        OR NEW.decision_id IS DISTINCT FROM OLD.decision_id
        OR NEW.made_id IS DISTINCT FROM OLD.made_id
        OR NEW.commitment_id IS DISTINCT FROM OLD.commitment_id THEN
        RAISE EXCEPTION 'of an award only the state may change'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_award_stays on awards_award
CREATE OR REPLACE TRIGGER awards_award_stays BEFORE UPDATE ON awards_award
FOR EACH ROW EXECUTE FUNCTION awards_award_stays();

-- function: awards_award_moves_on
CREATE OR REPLACE FUNCTION awards_award_moves_on() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
            'committed>agreed', 'committed>in_progress', 'agreed>in_progress', 'in_progress>closed',
            'committed>cancelled', 'agreed>cancelled', 'in_progress>cancelled'
        ) THEN
        RAISE EXCEPTION 'an award moves forward, one step at a time'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_award_moves_on on awards_award
CREATE OR REPLACE TRIGGER awards_award_moves_on BEFORE UPDATE ON awards_award
FOR EACH ROW EXECUTE FUNCTION awards_award_moves_on();

-- function: awards_award_ends_with_nothing_under_way
CREATE OR REPLACE FUNCTION awards_award_ends_with_nothing_under_way() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND NEW.state IN ('closed', 'cancelled') AND EXISTS (
            SELECT 1 FROM awards_payment AS payment
            WHERE payment.award_id = OLD.id AND (
                payment.state IN ('raised', 'approved', 'released')
                OR (NEW.state = 'cancelled' AND payment.state = 'cleared')
            )
        ) THEN
        RAISE EXCEPTION 'an award ends when none of its payments is under way, and is called off before any'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_award_ends_with_nothing_under_way on awards_award
CREATE OR REPLACE TRIGGER awards_award_ends_with_nothing_under_way BEFORE UPDATE ON awards_award
FOR EACH ROW EXECUTE FUNCTION awards_award_ends_with_nothing_under_way();

-- function: awards_award_begins
CREATE OR REPLACE FUNCTION awards_award_begins() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> 'committed' THEN
        RAISE EXCEPTION 'an award begins as a promise'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_award_begins on awards_award
CREATE OR REPLACE TRIGGER awards_award_begins BEFORE INSERT ON awards_award
FOR EACH ROW EXECUTE FUNCTION awards_award_begins();

-- function: awards_delegation_only_ends
CREATE OR REPLACE FUNCTION awards_delegation_only_ends() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id
        OR NEW.decision_id IS DISTINCT FROM OLD.decision_id
        OR NEW.holder_role IS DISTINCT FROM OLD.holder_role
        OR NEW.month_pence IS DISTINCT FROM OLD.month_pence
        OR NEW.since IS DISTINCT FROM OLD.since
        OR NEW.until > OLD.until THEN
        RAISE EXCEPTION 'a delegated limit may only be ended sooner'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_delegation_only_ends on awards_delegation
CREATE OR REPLACE TRIGGER awards_delegation_only_ends BEFORE UPDATE ON awards_delegation
FOR EACH ROW EXECUTE FUNCTION awards_delegation_only_ends();

-- function: awards_signature_on_its_side
CREATE OR REPLACE FUNCTION awards_signature_on_its_side() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.side = 'theirs') IS DISTINCT FROM (EXISTS (
            SELECT 1 FROM awards_agreement AS agreement
            WHERE agreement.id = NEW.agreement_id AND (
                agreement.payee_account_id = NEW.account_id OR EXISTS (
                    SELECT 1 FROM organisations_officer AS office
                    WHERE office.organisation_id = agreement.payee_organisation_id
                        AND office.account_id = NEW.account_id AND office.since <= NEW.day
                        AND (office.until IS NULL OR NEW.day < office.until)
                )
            )
        )) THEN
        RAISE EXCEPTION 'whoever is paid signs on their side alone, and nobody else does'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_signature_on_its_side on awards_signature
CREATE OR REPLACE TRIGGER awards_signature_on_its_side BEFORE INSERT ON awards_signature
FOR EACH ROW EXECUTE FUNCTION awards_signature_on_its_side();

-- function: awards_mandate_stays
CREATE OR REPLACE FUNCTION awards_mandate_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id
        OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
        OR NEW.account_id IS DISTINCT FROM OLD.account_id
        OR NEW.account_name IS DISTINCT FROM OLD.account_name
        OR NEW.sealed_number IS DISTINCT FROM OLD.sealed_number
        OR NEW.last_three IS DISTINCT FROM OLD.last_three
        OR NEW.since IS DISTINCT FROM OLD.since THEN
        RAISE EXCEPTION 'bank details are not changed: they end, and others are given'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_mandate_stays on organisations_bankmandate
CREATE OR REPLACE TRIGGER awards_mandate_stays BEFORE UPDATE ON organisations_bankmandate
FOR EACH ROW EXECUTE FUNCTION awards_mandate_stays();

-- function: awards_mandatecheck_by_another
CREATE OR REPLACE FUNCTION awards_mandatecheck_by_another() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM awards_mandatehold AS hold
            JOIN organisations_bankmandate AS mandate ON mandate.id = hold.mandate_id
            WHERE hold.mandate_id = NEW.mandate_id AND hold.entered_by_id <> NEW.called_by_id
                AND hold.entered_on <= NEW.called_on
                AND mandate.account_id IS DISTINCT FROM NEW.called_by_id
                AND NOT EXISTS (
                    SELECT 1 FROM organisations_officer AS office
                    WHERE office.organisation_id = mandate.organisation_id
                        AND office.account_id = NEW.called_by_id AND office.since <= NEW.called_on
                        AND (office.until IS NULL OR NEW.called_on < office.until)
                )
                AND NOT EXISTS (
                    SELECT 1 FROM partnerships_interest AS tie
                    JOIN partnerships_membership AS seat ON seat.id = tie.membership_id
                    WHERE seat.account_id = NEW.called_by_id
                        AND tie.organisation_id = mandate.organisation_id
                        AND tie.since <= NEW.called_on
                        AND (tie.until IS NULL OR NEW.called_on < tie.until)
                )
        ) THEN
        RAISE EXCEPTION 'somebody else than typed the bank details in, or is tied to the payee, calls back'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_mandatecheck_by_another on awards_mandatecheck
CREATE OR REPLACE TRIGGER awards_mandatecheck_by_another BEFORE INSERT ON awards_mandatecheck
FOR EACH ROW EXECUTE FUNCTION awards_mandatecheck_by_another();

-- function: awards_payment_begins_raised
CREATE OR REPLACE FUNCTION awards_payment_begins_raised() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> 'raised' OR NEW.bank_line IS NOT NULL OR NEW.clear_entry_id IS NOT NULL
        OR NEW.return_entry_id IS NOT NULL THEN
        RAISE EXCEPTION 'a payment begins as raised'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_begins_raised on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_begins_raised BEFORE INSERT ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_begins_raised();

-- function: awards_payment_within_award
CREATE OR REPLACE FUNCTION awards_payment_within_award() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM awards_award AS award
            WHERE award.id = NEW.award_id AND NOT award.is_example
                AND award.state IN ('committed', 'agreed', 'in_progress')
                AND award.pence >= NEW.pence + COALESCE((
                    SELECT sum(other.pence) FROM awards_payment AS other
                    WHERE other.award_id = award.id AND other.state <> 'cancelled'
                ), 0)
        ) THEN
        RAISE EXCEPTION 'payments stay within their award, while it is open'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_within_award on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_within_award BEFORE INSERT ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_within_award();

-- function: awards_payment_as_agreed
CREATE OR REPLACE FUNCTION awards_payment_as_agreed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM awards_agreement AS agreement
            JOIN awards_award AS award ON award.id = agreement.award_id
            WHERE agreement.award_id = NEW.award_id
                AND agreement.payee_organisation_id IS NOT DISTINCT FROM NEW.payee_organisation_id
                AND agreement.payee_account_id IS NOT DISTINCT FROM NEW.payee_account_id
                AND EXISTS (
                    SELECT 1 FROM awards_signature AS signed
                    WHERE signed.agreement_id = agreement.id AND signed.side = 'ours'
                )
                AND (award.kind = 'quick' OR EXISTS (
                    SELECT 1 FROM awards_signature AS signed
                    WHERE signed.agreement_id = agreement.id AND signed.side = 'theirs'
                ))
        ) THEN
        RAISE EXCEPTION 'a payment goes to the payee of a signed agreement'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_as_agreed on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_as_agreed BEFORE INSERT ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_as_agreed();

-- function: awards_payment_to_its_payee
CREATE OR REPLACE FUNCTION awards_payment_to_its_payee() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM organisations_bankmandate AS mandate
            WHERE mandate.id = NEW.mandate_id
                AND mandate.organisation_id IS NOT DISTINCT FROM NEW.payee_organisation_id
                AND mandate.account_id IS NOT DISTINCT FROM NEW.payee_account_id
        ) THEN
        RAISE EXCEPTION 'a payment goes to a bank account of its payee'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_to_its_payee on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_to_its_payee BEFORE INSERT ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_to_its_payee();

-- function: awards_payment_of_its_instalment
CREATE OR REPLACE FUNCTION awards_payment_of_its_instalment() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.instalment_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM awards_instalment AS part
            JOIN awards_agreement AS agreement ON agreement.id = part.agreement_id
            WHERE part.id = NEW.instalment_id AND agreement.award_id = NEW.award_id
                AND part.pence = NEW.pence AND part.due_on <= NEW.raised_on
        ))
        -- Where an award is paid in parts, every payment is one of them.
        OR (NEW.instalment_id IS NULL AND EXISTS (
            SELECT 1 FROM awards_instalment AS part
            JOIN awards_agreement AS agreement ON agreement.id = part.agreement_id
            WHERE agreement.award_id = NEW.award_id
        )) THEN
        RAISE EXCEPTION 'an instalment is paid whole, on its own award, from its day on'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_of_its_instalment on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_of_its_instalment BEFORE INSERT ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_of_its_instalment();

-- function: awards_payment_raiser_has_role
CREATE OR REPLACE FUNCTION awards_payment_raiser_has_role() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.raised_role NOT IN ('partnership_member', 'finance_officer', 'worker')
        OR NOT EXISTS (
            SELECT 1 FROM people_role AS held
            JOIN awards_award AS award ON award.id = NEW.award_id
            WHERE held.account_id = NEW.raised_by_id AND held.kind = NEW.raised_role
                AND held.since <= NEW.raised_on AND (held.until IS NULL OR NEW.raised_on < held.until)
                AND (held.place_id IS NULL OR held.place_id = award.place_id)
        ) THEN
        RAISE EXCEPTION 'a payment is raised by somebody who holds that role there that day'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_raiser_has_role on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_raiser_has_role BEFORE INSERT ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_raiser_has_role();

-- function: awards_payment_raiser_is_a_stranger
CREATE OR REPLACE FUNCTION awards_payment_raiser_is_a_stranger() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF COALESCE(NEW.payee_account_id = NEW.raised_by_id, FALSE)
        OR EXISTS (
            SELECT 1 FROM organisations_officer AS office
            WHERE office.organisation_id = NEW.payee_organisation_id AND office.account_id = NEW.raised_by_id
                AND office.since <= NEW.raised_on AND (office.until IS NULL OR NEW.raised_on < office.until)
        )
        OR EXISTS (
            SELECT 1 FROM partnerships_interest AS tie
            JOIN partnerships_membership AS seat ON seat.id = tie.membership_id
            WHERE seat.account_id = NEW.raised_by_id AND tie.organisation_id = NEW.payee_organisation_id
                AND tie.since <= NEW.raised_on AND (tie.until IS NULL OR NEW.raised_on < tie.until)
        ) THEN
        RAISE EXCEPTION 'a payment is raised by nobody who is paid by it or tied to who is'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_raiser_is_a_stranger on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_raiser_is_a_stranger BEFORE INSERT ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_raiser_is_a_stranger();

-- function: awards_payment_stays
CREATE OR REPLACE FUNCTION awards_payment_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id
        OR NEW.slug IS DISTINCT FROM OLD.slug
        OR NEW.award_id IS DISTINCT FROM OLD.award_id
        OR NEW.instalment_id IS DISTINCT FROM OLD.instalment_id
        OR NEW.payee_organisation_id IS DISTINCT FROM OLD.payee_organisation_id
        OR NEW.payee_account_id IS DISTINCT FROM OLD.payee_account_id
        OR NEW.mandate_id IS DISTINCT FROM OLD.mandate_id
        OR NEW.invoice_id IS DISTINCT FROM OLD.invoice_id
        OR NEW.invoice_key IS DISTINCT FROM OLD.invoice_key
        OR NEW.pence IS DISTINCT FROM OLD.pence
        OR NEW.approvals_needed IS DISTINCT FROM OLD.approvals_needed
        OR NEW.raised_by_id IS DISTINCT FROM OLD.raised_by_id
        OR NEW.raised_role IS DISTINCT FROM OLD.raised_role
        OR NEW.raised_on IS DISTINCT FROM OLD.raised_on
        OR NEW.raised_id IS DISTINCT FROM OLD.raised_id
        OR (OLD.approved_id IS NOT NULL AND NEW.approved_id IS DISTINCT FROM OLD.approved_id)
        OR (OLD.released_id IS NOT NULL AND NEW.released_id IS DISTINCT FROM OLD.released_id)
        OR (OLD.released_on IS NOT NULL AND NEW.released_on IS DISTINCT FROM OLD.released_on)
        OR (OLD.release_entry_id IS NOT NULL AND NEW.release_entry_id IS DISTINCT FROM OLD.release_entry_id)
        OR (OLD.cancelled_id IS NOT NULL AND NEW.cancelled_id IS DISTINCT FROM OLD.cancelled_id)
        OR (OLD.return_entry_id IS NOT NULL AND NEW.return_entry_id IS DISTINCT FROM OLD.return_entry_id)
        -- The wrong line of the bank may be taken back, beside an entry that reverses what it moved.
        OR (OLD.cleared_id IS NOT NULL
            AND (NEW.cleared_id IS DISTINCT FROM OLD.cleared_id
                OR NEW.clear_entry_id IS DISTINCT FROM OLD.clear_entry_id
                OR NEW.bank_line IS DISTINCT FROM OLD.bank_line)
            AND NOT (NEW.state = 'released' AND NEW.cleared_id IS NULL
                AND NEW.clear_entry_id IS NULL AND NEW.bank_line IS NULL AND EXISTS (
                    SELECT 1 FROM ledger_journal AS back
                    WHERE back.reverses_id = OLD.clear_entry_id
                ))) THEN
        RAISE EXCEPTION 'what a payment is, and each step it took, stays'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_stays on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_stays BEFORE UPDATE ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_stays();

-- function: awards_payment_moves_on
CREATE OR REPLACE FUNCTION awards_payment_moves_on() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
            'raised>approved', 'approved>released', 'released>cleared', 'cleared>released',
            'raised>cancelled', 'approved>cancelled', 'released>cancelled'
        ) THEN
        RAISE EXCEPTION 'a payment moves forward, one step at a time'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_moves_on on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_moves_on BEFORE UPDATE ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_moves_on();

-- function: awards_payment_approved_by_enough
CREATE OR REPLACE FUNCTION awards_payment_approved_by_enough() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state = 'raised' AND NEW.state = 'approved' AND (
            OLD.approvals_needed > (
                SELECT count(*) FROM awards_approval AS given
                WHERE given.payment_id = OLD.id AND given.declared = 'none'
            )
            OR (OLD.approvals_needed > 1 AND NOT EXISTS (
                SELECT 1 FROM awards_approval AS given
                JOIN awards_award AS award ON award.id = OLD.award_id
                WHERE given.payment_id = OLD.id AND given.declared = 'none' AND NOT EXISTS (
                    SELECT 1 FROM organisations_officer AS office
                    JOIN partnerships_hostagreement AS host
                        ON host.organisation_id = office.organisation_id
                    JOIN partnerships_partnership AS partnership
                        ON partnership.id = host.partnership_id
                    WHERE office.account_id = given.account_id
                        AND partnership.place_id = award.place_id
                        AND office.since <= given.day
                        AND (office.until IS NULL OR given.day < office.until)
                        AND host.since <= given.day
                        AND (host.until IS NULL OR given.day < host.until)
                )
            ))
        ) THEN
        RAISE EXCEPTION 'a payment is approved by as many as it needs, one of them from outside the host'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_approved_by_enough on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_approved_by_enough BEFORE UPDATE ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_approved_by_enough();

-- function: awards_payment_released_after_the_call
CREATE OR REPLACE FUNCTION awards_payment_released_after_the_call() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state = 'approved' AND NEW.state = 'released' AND NOT EXISTS (
            SELECT 1 FROM awards_mandatehold AS hold
            JOIN awards_mandatecheck AS called ON called.mandate_id = hold.mandate_id
            JOIN organisations_bankmandate AS mandate ON mandate.id = hold.mandate_id
            JOIN awards_award AS award ON award.id = NEW.award_id
            WHERE hold.mandate_id = NEW.mandate_id AND hold.clear_from <= NEW.released_on
                AND mandate.since <= NEW.released_on
                AND (mandate.until IS NULL OR NEW.released_on < mandate.until)
                AND called.confirmed AND called.called_by_id <> hold.entered_by_id
                AND EXISTS (
                    SELECT 1 FROM people_role AS held
                    WHERE held.account_id = called.called_by_id AND held.since <= called.called_on
                        AND (held.until IS NULL OR called.called_on < held.until)
                        AND held.kind IN ('partnership_member', 'finance_officer', 'worker', 'funder')
                        AND (held.place_id IS NULL OR held.place_id = award.place_id)
                )
                AND NOT EXISTS (
                    SELECT 1 FROM awards_mandatecheck AS later
                    WHERE later.mandate_id = hold.mandate_id AND later.id > called.id
                        AND NOT later.confirmed
                )
        ) THEN
        RAISE EXCEPTION 'bank details stand, waited and were called back about from this place before money goes there'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_released_after_the_call on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_released_after_the_call BEFORE UPDATE ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_released_after_the_call();

-- function: awards_payment_released_with_its_entry
CREATE OR REPLACE FUNCTION awards_payment_released_with_its_entry() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state = 'approved' AND NEW.state = 'released' AND NOT EXISTS (
            SELECT 1 FROM ledger_transfer AS moved
            JOIN ledger_account AS source ON source.id = moved.debit_id
            JOIN ledger_account AS target ON target.id = moved.credit_id
            JOIN awards_award AS award ON award.id = NEW.award_id
            JOIN places_place AS place ON place.id = award.place_id
            WHERE moved.journal_id = NEW.release_entry_id AND moved.pence = NEW.pence
                AND source.code = 'place:' || place.slug || ':committed:' || award.slug
                AND target.code = 'place:' || place.slug || ':in_transit:' || NEW.slug
        ) THEN
        RAISE EXCEPTION 'a payment is released by an entry that moves its sum on its way'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_released_with_its_entry on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_released_with_its_entry BEFORE UPDATE ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_released_with_its_entry();

-- function: awards_payment_cleared_with_its_entry
CREATE OR REPLACE FUNCTION awards_payment_cleared_with_its_entry() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state = 'released' AND NEW.state = 'cleared' AND NOT EXISTS (
            SELECT 1 FROM ledger_transfer AS moved
            JOIN ledger_account AS source ON source.id = moved.debit_id
            JOIN ledger_account AS target ON target.id = moved.credit_id
            JOIN awards_award AS award ON award.id = NEW.award_id
            JOIN places_place AS place ON place.id = award.place_id
            WHERE moved.journal_id = NEW.clear_entry_id AND moved.pence = NEW.pence
                AND source.code = 'place:' || place.slug || ':in_transit:' || NEW.slug
                AND target.code = 'world:' || source.fund || ':paid:' || place.slug || ':' || award.slug
        ) THEN
        RAISE EXCEPTION 'a payment is cleared by an entry that moves its sum to the outside'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_cleared_with_its_entry on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_cleared_with_its_entry BEFORE UPDATE ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_cleared_with_its_entry();

-- function: awards_payment_returned_by_reversal
CREATE OR REPLACE FUNCTION awards_payment_returned_by_reversal() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state = 'released' AND NEW.state = 'cancelled' AND NOT EXISTS (
            SELECT 1 FROM ledger_journal AS entry
            WHERE entry.seq = NEW.return_entry_id AND entry.reverses_id = OLD.release_entry_id
        ) THEN
        RAISE EXCEPTION 'a released payment is taken back by the reversal of its entry'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_returned_by_reversal on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_returned_by_reversal BEFORE UPDATE ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_returned_by_reversal();

-- function: awards_payment_stopped_by_two
CREATE OR REPLACE FUNCTION awards_payment_stopped_by_two() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state = 'released' AND NEW.state = 'cancelled' AND EXISTS (
            SELECT 1 FROM awards_paymentfileline AS line WHERE line.payment_id = OLD.id
        ) AND 2 > (
            SELECT count(DISTINCT said.account_id) FROM awards_stop AS said
            WHERE said.payment_id = OLD.id
        ) THEN
        RAISE EXCEPTION 'a payment in a file is taken back when two people say that the bank stopped it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_payment_stopped_by_two on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_stopped_by_two BEFORE UPDATE ON awards_payment
FOR EACH ROW EXECUTE FUNCTION awards_payment_stopped_by_two();

-- function: awards_stop_has_role
CREATE OR REPLACE FUNCTION awards_stop_has_role() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.role NOT IN ('partnership_member', 'finance_officer') OR NOT EXISTS (
            SELECT 1 FROM awards_payment AS payment
            JOIN awards_award AS award ON award.id = payment.award_id
            JOIN people_role AS held ON held.account_id = NEW.account_id AND held.kind = NEW.role
            WHERE payment.id = NEW.payment_id AND payment.state = 'released'
                AND held.since <= NEW.day AND (held.until IS NULL OR NEW.day < held.until)
                AND (held.place_id IS NULL OR held.place_id = award.place_id)
        ) THEN
        RAISE EXCEPTION 'that the bank stopped a payment on its way is said by somebody who holds that role there that day'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_stop_has_role on awards_stop
CREATE OR REPLACE TRIGGER awards_stop_has_role BEFORE INSERT ON awards_stop
FOR EACH ROW EXECUTE FUNCTION awards_stop_has_role();

-- function: awards_approval_by_another
CREATE OR REPLACE FUNCTION awards_approval_by_another() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM awards_payment AS payment
            WHERE payment.id = NEW.payment_id AND payment.state = 'raised'
                AND payment.raised_by_id <> NEW.account_id
        ) THEN
        RAISE EXCEPTION 'a payment is approved while it is raised, by somebody else than raised it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_approval_by_another on awards_approval
CREATE OR REPLACE TRIGGER awards_approval_by_another BEFORE INSERT ON awards_approval
FOR EACH ROW EXECUTE FUNCTION awards_approval_by_another();

-- function: awards_approval_has_role
CREATE OR REPLACE FUNCTION awards_approval_has_role() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM people_role AS held
            JOIN awards_award AS award ON award.id = (SELECT award_id FROM awards_payment WHERE id = NEW.payment_id)
            WHERE held.account_id = NEW.account_id AND held.kind = NEW.role
                AND held.since <= NEW.day AND (held.until IS NULL OR NEW.day < held.until)
                AND (held.place_id IS NULL OR held.place_id = award.place_id)
        ) THEN
        RAISE EXCEPTION 'a payment is approved by somebody who holds that role there that day'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_approval_has_role on awards_approval
CREATE OR REPLACE TRIGGER awards_approval_has_role BEFORE INSERT ON awards_approval
FOR EACH ROW EXECUTE FUNCTION awards_approval_has_role();

-- function: awards_approval_never_by_payee
CREATE OR REPLACE FUNCTION awards_approval_never_by_payee() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.declared = 'none' AND (
        COALESCE(NEW.account_id = (SELECT payee_account_id FROM awards_payment WHERE id = NEW.payment_id), FALSE)
        OR EXISTS (
            SELECT 1 FROM organisations_officer AS office
            WHERE office.organisation_id = (SELECT payee_organisation_id FROM awards_payment WHERE id = NEW.payment_id) AND office.account_id = NEW.account_id
                AND office.since <= NEW.day AND (office.until IS NULL OR NEW.day < office.until)
        )
    ) THEN
        RAISE EXCEPTION 'a payment is approved by nobody who is paid by it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_approval_never_by_payee on awards_approval
CREATE OR REPLACE TRIGGER awards_approval_never_by_payee BEFORE INSERT ON awards_approval
FOR EACH ROW EXECUTE FUNCTION awards_approval_never_by_payee();

-- function: awards_approval_without_interest
CREATE OR REPLACE FUNCTION awards_approval_without_interest() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.declared = 'none' AND EXISTS (
            SELECT 1 FROM partnerships_interest AS tie
            JOIN partnerships_membership AS seat ON seat.id = tie.membership_id
            WHERE seat.account_id = NEW.account_id AND tie.organisation_id = (SELECT payee_organisation_id FROM awards_payment WHERE id = NEW.payment_id)
                AND tie.since <= NEW.day AND (tie.until IS NULL OR NEW.day < tie.until)
        ) THEN
        RAISE EXCEPTION 'a payment is approved by nobody with a declared interest'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_approval_without_interest on awards_approval
CREATE OR REPLACE TRIGGER awards_approval_without_interest BEFORE INSERT ON awards_approval
FOR EACH ROW EXECUTE FUNCTION awards_approval_without_interest();

-- function: awards_approval_stays_out
CREATE OR REPLACE FUNCTION awards_approval_stays_out() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.declared = 'none' AND EXISTS (
            SELECT 1 FROM awards_approval AS earlier
            JOIN awards_payment AS other ON other.id = earlier.payment_id
            WHERE earlier.account_id = NEW.account_id AND earlier.declared <> 'none'
                AND other.award_id = (SELECT award_id FROM awards_payment WHERE id = NEW.payment_id)
        ) THEN
        RAISE EXCEPTION 'whoever declared an interest in an award stays out of it'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_approval_stays_out on awards_approval
CREATE OR REPLACE TRIGGER awards_approval_stays_out BEFORE INSERT ON awards_approval
FOR EACH ROW EXECUTE FUNCTION awards_approval_stays_out();

-- function: awards_paymentfileline_of_released
CREATE OR REPLACE FUNCTION awards_paymentfileline_of_released() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
            SELECT 1 FROM awards_payment AS payment
            JOIN awards_award AS award ON award.id = payment.award_id
            JOIN awards_paymentfile AS file ON file.id = NEW.file_id
            WHERE payment.id = NEW.payment_id AND payment.state = 'released'
                AND file.place_id = award.place_id
        ) THEN
        RAISE EXCEPTION 'a payment file holds released payments of its own place'
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- seal: awards_paymentfileline_of_released on awards_paymentfileline
CREATE OR REPLACE TRIGGER awards_paymentfileline_of_released BEFORE INSERT ON awards_paymentfileline
FOR EACH ROW EXECUTE FUNCTION awards_paymentfileline_of_released();

-- seal: awards_award_no_delete on awards_award
CREATE OR REPLACE TRIGGER awards_award_no_delete BEFORE DELETE ON awards_award
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_delegation_no_delete on awards_delegation
CREATE OR REPLACE TRIGGER awards_delegation_no_delete BEFORE DELETE ON awards_delegation
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_delegation_no_truncate on awards_delegation
CREATE OR REPLACE TRIGGER awards_delegation_no_truncate BEFORE TRUNCATE ON awards_delegation
FOR EACH STATEMENT EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_payment_no_delete on awards_payment
CREATE OR REPLACE TRIGGER awards_payment_no_delete BEFORE DELETE ON awards_payment
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();

-- seal: awards_mandate_no_delete on organisations_bankmandate
CREATE OR REPLACE TRIGGER awards_mandate_no_delete BEFORE DELETE ON organisations_bankmandate
FOR EACH ROW EXECUTE FUNCTION doorstep_append_only();
