-- Seals of awards and payments for SQLite; read `record/sql/seals.sqlite.sql` first for the rules
-- of the house. Append-only tables are closed by `record/seals.py`.

-- seal: awards_award_stays on awards_award
CREATE TRIGGER awards_award_stays BEFORE UPDATE ON awards_award
WHEN NEW.id IS DISTINCT FROM OLD.id
    OR NEW.slug IS DISTINCT FROM OLD.slug
    OR NEW.place_id IS DISTINCT FROM OLD.place_id
    OR NEW.project_id IS DISTINCT FROM OLD.project_id
    OR NEW.title_id IS DISTINCT FROM OLD.title_id
    OR NEW.kind IS DISTINCT FROM OLD.kind
    OR NEW.is_example IS DISTINCT FROM OLD.is_example
    OR NEW.pence IS DISTINCT FROM OLD.pence
    OR NEW.decision_id IS DISTINCT FROM OLD.decision_id
    OR NEW.made_id IS DISTINCT FROM OLD.made_id
    OR NEW.commitment_id IS DISTINCT FROM OLD.commitment_id
BEGIN
    SELECT RAISE(ABORT, 'of an award only the state may change');
END;

-- seal: awards_award_moves_on on awards_award
CREATE TRIGGER awards_award_moves_on BEFORE UPDATE ON awards_award
WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
        'committed>agreed', 'committed>in_progress', 'agreed>in_progress', 'in_progress>closed',
        'committed>cancelled', 'agreed>cancelled', 'in_progress>cancelled'
    )
BEGIN
    SELECT RAISE(ABORT, 'an award moves forward, one step at a time');
END;

-- seal: awards_award_ends_with_nothing_under_way on awards_award
CREATE TRIGGER awards_award_ends_with_nothing_under_way BEFORE UPDATE ON awards_award
WHEN NEW.state <> OLD.state AND NEW.state IN ('closed', 'cancelled') AND EXISTS (
        SELECT 1 FROM awards_payment AS payment
        WHERE payment.award_id = OLD.id AND (
            payment.state IN ('raised', 'approved', 'released')
            OR (NEW.state = 'cancelled' AND payment.state = 'cleared')
        )
    )
BEGIN
    SELECT RAISE(ABORT, 'an award ends when none of its payments is under way, and is called off before any');
END;

-- seal: awards_award_begins on awards_award
CREATE TRIGGER awards_award_begins BEFORE INSERT ON awards_award
WHEN NEW.state <> 'committed'
BEGIN
    SELECT RAISE(ABORT, 'an award begins as a promise');
END;

-- seal: awards_delegation_only_ends on awards_delegation
CREATE TRIGGER awards_delegation_only_ends BEFORE UPDATE ON awards_delegation
WHEN NEW.id IS DISTINCT FROM OLD.id
    OR NEW.decision_id IS DISTINCT FROM OLD.decision_id
    OR NEW.holder_role IS DISTINCT FROM OLD.holder_role
    OR NEW.month_pence IS DISTINCT FROM OLD.month_pence
    OR NEW.since IS DISTINCT FROM OLD.since
    OR NEW.until > OLD.until
BEGIN
    SELECT RAISE(ABORT, 'a delegated limit may only be ended sooner');
END;

-- seal: awards_signature_on_its_side on awards_signature
CREATE TRIGGER awards_signature_on_its_side BEFORE INSERT ON awards_signature
WHEN (NEW.side = 'theirs') IS DISTINCT FROM (EXISTS (
        SELECT 1 FROM awards_agreement AS agreement
        WHERE agreement.id = NEW.agreement_id AND (
            agreement.payee_account_id = NEW.account_id OR EXISTS (
                SELECT 1 FROM organisations_officer AS office
                WHERE office.organisation_id = agreement.payee_organisation_id
                    AND office.account_id = NEW.account_id AND office.since <= NEW.day
                    AND (office.until IS NULL OR NEW.day < office.until)
            )
        )
    ))
BEGIN
    SELECT RAISE(ABORT, 'whoever is paid signs on their side alone, and nobody else does');
END;

-- seal: awards_mandate_stays on organisations_bankmandate
CREATE TRIGGER awards_mandate_stays BEFORE UPDATE ON organisations_bankmandate
WHEN NEW.id IS DISTINCT FROM OLD.id
    OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
    OR NEW.account_id IS DISTINCT FROM OLD.account_id
    OR NEW.account_name IS DISTINCT FROM OLD.account_name
    OR NEW.sealed_number IS DISTINCT FROM OLD.sealed_number
    OR NEW.last_three IS DISTINCT FROM OLD.last_three
    OR NEW.since IS DISTINCT FROM OLD.since
BEGIN
    SELECT RAISE(ABORT, 'bank details are not changed: they end, and others are given');
END;

-- seal: awards_mandatecheck_by_another on awards_mandatecheck
CREATE TRIGGER awards_mandatecheck_by_another BEFORE INSERT ON awards_mandatecheck
WHEN NOT EXISTS (
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
    )
BEGIN
    SELECT RAISE(ABORT, 'somebody else than typed the bank details in, or is tied to the payee, calls back');
END;

-- seal: awards_payment_begins_raised on awards_payment
CREATE TRIGGER awards_payment_begins_raised BEFORE INSERT ON awards_payment
WHEN NEW.state <> 'raised' OR NEW.bank_line IS NOT NULL OR NEW.clear_entry_id IS NOT NULL
    OR NEW.return_entry_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a payment begins as raised');
END;

-- seal: awards_payment_within_award on awards_payment
CREATE TRIGGER awards_payment_within_award BEFORE INSERT ON awards_payment
WHEN NOT EXISTS (
        SELECT 1 FROM awards_award AS award
        WHERE award.id = NEW.award_id AND NOT award.is_example
            AND award.state IN ('committed', 'agreed', 'in_progress')
            AND award.pence >= NEW.pence + COALESCE((
                SELECT sum(other.pence) FROM awards_payment AS other
                WHERE other.award_id = award.id AND other.state <> 'cancelled'
            ), 0)
    )
BEGIN
    SELECT RAISE(ABORT, 'payments stay within their award, while it is open');
END;

-- seal: awards_payment_as_agreed on awards_payment
CREATE TRIGGER awards_payment_as_agreed BEFORE INSERT ON awards_payment
WHEN NOT EXISTS (
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
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment goes to the payee of a signed agreement');
END;

-- seal: awards_payment_to_its_payee on awards_payment
CREATE TRIGGER awards_payment_to_its_payee BEFORE INSERT ON awards_payment
WHEN NOT EXISTS (
        SELECT 1 FROM organisations_bankmandate AS mandate
        WHERE mandate.id = NEW.mandate_id
            AND mandate.organisation_id IS NOT DISTINCT FROM NEW.payee_organisation_id
            AND mandate.account_id IS NOT DISTINCT FROM NEW.payee_account_id
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment goes to a bank account of its payee');
END;

-- seal: awards_payment_of_its_instalment on awards_payment
CREATE TRIGGER awards_payment_of_its_instalment BEFORE INSERT ON awards_payment
WHEN (NEW.instalment_id IS NOT NULL AND NOT EXISTS (
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
    ))
BEGIN
    SELECT RAISE(ABORT, 'an instalment is paid whole, on its own award, from its day on');
END;

-- seal: awards_payment_raiser_has_role on awards_payment
CREATE TRIGGER awards_payment_raiser_has_role BEFORE INSERT ON awards_payment
WHEN NEW.raised_role NOT IN ('partnership_member', 'finance_officer', 'worker')
    OR NOT EXISTS (
        SELECT 1 FROM people_role AS held
        JOIN awards_award AS award ON award.id = NEW.award_id
        WHERE held.account_id = NEW.raised_by_id AND held.kind = NEW.raised_role
            AND held.since <= NEW.raised_on AND (held.until IS NULL OR NEW.raised_on < held.until)
            AND (held.place_id IS NULL OR held.place_id = award.place_id)
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment is raised by somebody who holds that role there that day');
END;

-- seal: awards_payment_raiser_is_a_stranger on awards_payment
CREATE TRIGGER awards_payment_raiser_is_a_stranger BEFORE INSERT ON awards_payment
WHEN COALESCE(NEW.payee_account_id = NEW.raised_by_id, 0)
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
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment is raised by nobody who is paid by it or tied to who is');
END;

-- seal: awards_payment_stays on awards_payment
CREATE TRIGGER awards_payment_stays BEFORE UPDATE ON awards_payment
WHEN NEW.id IS DISTINCT FROM OLD.id
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
            )))
BEGIN
    SELECT RAISE(ABORT, 'what a payment is, and each step it took, stays');
END;

-- seal: awards_payment_moves_on on awards_payment
CREATE TRIGGER awards_payment_moves_on BEFORE UPDATE ON awards_payment
WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN (
        'raised>approved', 'approved>released', 'released>cleared', 'cleared>released',
        'raised>cancelled', 'approved>cancelled', 'released>cancelled'
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment moves forward, one step at a time');
END;

-- seal: awards_payment_approved_by_enough on awards_payment
CREATE TRIGGER awards_payment_approved_by_enough BEFORE UPDATE ON awards_payment
WHEN OLD.state = 'raised' AND NEW.state = 'approved' AND (
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
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment is approved by as many as it needs, one of them from outside the host');
END;

-- seal: awards_payment_released_after_the_call on awards_payment
CREATE TRIGGER awards_payment_released_after_the_call BEFORE UPDATE ON awards_payment
WHEN OLD.state = 'approved' AND NEW.state = 'released' AND NOT EXISTS (
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
    )
BEGIN
    SELECT RAISE(ABORT, 'bank details stand, waited and were called back about from this place before money goes there');
END;

-- seal: awards_payment_released_with_its_entry on awards_payment
CREATE TRIGGER awards_payment_released_with_its_entry BEFORE UPDATE ON awards_payment
WHEN OLD.state = 'approved' AND NEW.state = 'released' AND NOT EXISTS (
        SELECT 1 FROM ledger_transfer AS moved
        JOIN ledger_account AS source ON source.id = moved.debit_id
        JOIN ledger_account AS target ON target.id = moved.credit_id
        JOIN awards_award AS award ON award.id = NEW.award_id
        JOIN places_place AS place ON place.id = award.place_id
        WHERE moved.journal_id = NEW.release_entry_id AND moved.pence = NEW.pence
            AND source.code = 'place:' || place.slug || ':committed:' || award.slug
            AND target.code = 'place:' || place.slug || ':in_transit:' || NEW.slug
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment is released by an entry that moves its sum on its way');
END;

-- seal: awards_payment_cleared_with_its_entry on awards_payment
CREATE TRIGGER awards_payment_cleared_with_its_entry BEFORE UPDATE ON awards_payment
WHEN OLD.state = 'released' AND NEW.state = 'cleared' AND NOT EXISTS (
        SELECT 1 FROM ledger_transfer AS moved
        JOIN ledger_account AS source ON source.id = moved.debit_id
        JOIN ledger_account AS target ON target.id = moved.credit_id
        JOIN awards_award AS award ON award.id = NEW.award_id
        JOIN places_place AS place ON place.id = award.place_id
        WHERE moved.journal_id = NEW.clear_entry_id AND moved.pence = NEW.pence
            AND source.code = 'place:' || place.slug || ':in_transit:' || NEW.slug
            AND target.code = 'world:' || source.fund || ':paid:' || place.slug || ':' || award.slug
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment is cleared by an entry that moves its sum to the outside');
END;

-- seal: awards_payment_returned_by_reversal on awards_payment
CREATE TRIGGER awards_payment_returned_by_reversal BEFORE UPDATE ON awards_payment
WHEN OLD.state = 'released' AND NEW.state = 'cancelled' AND NOT EXISTS (
        SELECT 1 FROM ledger_journal AS entry
        WHERE entry.seq = NEW.return_entry_id AND entry.reverses_id = OLD.release_entry_id
    )
BEGIN
    SELECT RAISE(ABORT, 'a released payment is taken back by the reversal of its entry');
END;

-- seal: awards_payment_stopped_by_two on awards_payment
CREATE TRIGGER awards_payment_stopped_by_two BEFORE UPDATE ON awards_payment
WHEN OLD.state = 'released' AND NEW.state = 'cancelled' AND EXISTS (
    SELECT 1 FROM awards_paymentfileline AS line WHERE line.payment_id = OLD.id
) AND 2 > (
    SELECT count(DISTINCT said.account_id) FROM awards_stop AS said
    WHERE said.payment_id = OLD.id
)
BEGIN
    SELECT RAISE(ABORT, 'a payment in a file is taken back when two people say that the bank stopped it');
END;

-- seal: awards_stop_has_role on awards_stop
CREATE TRIGGER awards_stop_has_role BEFORE INSERT ON awards_stop
WHEN NEW.role NOT IN ('partnership_member', 'finance_officer') OR NOT EXISTS (
    SELECT 1 FROM awards_payment AS payment
    JOIN awards_award AS award ON award.id = payment.award_id
    JOIN people_role AS held ON held.account_id = NEW.account_id AND held.kind = NEW.role
    WHERE payment.id = NEW.payment_id AND payment.state = 'released'
        AND held.since <= NEW.day AND (held.until IS NULL OR NEW.day < held.until)
        AND (held.place_id IS NULL OR held.place_id = award.place_id)
)
BEGIN
    SELECT RAISE(ABORT, 'that the bank stopped a payment on its way is said by somebody who holds that role there that day');
END;

-- seal: awards_approval_by_another on awards_approval
CREATE TRIGGER awards_approval_by_another BEFORE INSERT ON awards_approval
WHEN NOT EXISTS (
        SELECT 1 FROM awards_payment AS payment
        WHERE payment.id = NEW.payment_id AND payment.state = 'raised'
            AND payment.raised_by_id <> NEW.account_id
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment is approved while it is raised, by somebody else than raised it');
END;

-- seal: awards_approval_has_role on awards_approval
CREATE TRIGGER awards_approval_has_role BEFORE INSERT ON awards_approval
WHEN NOT EXISTS (
        SELECT 1 FROM people_role AS held
        JOIN awards_award AS award ON award.id = (SELECT award_id FROM awards_payment WHERE id = NEW.payment_id)
        WHERE held.account_id = NEW.account_id AND held.kind = NEW.role
            AND held.since <= NEW.day AND (held.until IS NULL OR NEW.day < held.until)
            AND (held.place_id IS NULL OR held.place_id = award.place_id)
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment is approved by somebody who holds that role there that day');
END;

-- seal: awards_approval_never_by_payee on awards_approval
CREATE TRIGGER awards_approval_never_by_payee BEFORE INSERT ON awards_approval
WHEN NEW.declared = 'none' AND (
    COALESCE(NEW.account_id = (SELECT payee_account_id FROM awards_payment WHERE id = NEW.payment_id), 0)
    OR EXISTS (
        SELECT 1 FROM organisations_officer AS office
        WHERE office.organisation_id = (SELECT payee_organisation_id FROM awards_payment WHERE id = NEW.payment_id) AND office.account_id = NEW.account_id
            AND office.since <= NEW.day AND (office.until IS NULL OR NEW.day < office.until)
    )
)
BEGIN
    SELECT RAISE(ABORT, 'a payment is approved by nobody who is paid by it');
END;

-- seal: awards_approval_without_interest on awards_approval
CREATE TRIGGER awards_approval_without_interest BEFORE INSERT ON awards_approval
WHEN NEW.declared = 'none' AND EXISTS (
        SELECT 1 FROM partnerships_interest AS tie
        JOIN partnerships_membership AS seat ON seat.id = tie.membership_id
        WHERE seat.account_id = NEW.account_id AND tie.organisation_id = (SELECT payee_organisation_id FROM awards_payment WHERE id = NEW.payment_id)
            AND tie.since <= NEW.day AND (tie.until IS NULL OR NEW.day < tie.until)
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment is approved by nobody with a declared interest');
END;

-- seal: awards_approval_stays_out on awards_approval
CREATE TRIGGER awards_approval_stays_out BEFORE INSERT ON awards_approval
WHEN NEW.declared = 'none' AND EXISTS (
        SELECT 1 FROM awards_approval AS earlier
        JOIN awards_payment AS other ON other.id = earlier.payment_id
        WHERE earlier.account_id = NEW.account_id AND earlier.declared <> 'none'
            AND other.award_id = (SELECT award_id FROM awards_payment WHERE id = NEW.payment_id)
    )
BEGIN
    SELECT RAISE(ABORT, 'whoever declared an interest in an award stays out of it');
END;

-- seal: awards_paymentfileline_of_released on awards_paymentfileline
CREATE TRIGGER awards_paymentfileline_of_released BEFORE INSERT ON awards_paymentfileline
WHEN NOT EXISTS (
        SELECT 1 FROM awards_payment AS payment
        JOIN awards_award AS award ON award.id = payment.award_id
        JOIN awards_paymentfile AS file ON file.id = NEW.file_id
        WHERE payment.id = NEW.payment_id AND payment.state = 'released'
            AND file.place_id = award.place_id
    )
BEGIN
    SELECT RAISE(ABORT, 'a payment file holds released payments of its own place');
END;

-- seal: awards_award_no_delete on awards_award
CREATE TRIGGER awards_award_no_delete BEFORE DELETE ON awards_award
BEGIN
    SELECT RAISE(ABORT, 'an award is never removed');
END;

-- seal: awards_award_no_replace on awards_award
CREATE TRIGGER awards_award_no_replace BEFORE INSERT ON awards_award
WHEN EXISTS (
    SELECT 1 FROM awards_award
    WHERE id = NEW.id
        OR slug = NEW.slug
        OR project_id = NEW.project_id
        OR made_id = NEW.made_id
        OR commitment_id = NEW.commitment_id
)
BEGIN
    SELECT RAISE(ABORT, 'an award is there already');
END;

-- seal: awards_delegation_no_delete on awards_delegation
CREATE TRIGGER awards_delegation_no_delete BEFORE DELETE ON awards_delegation
BEGIN
    SELECT RAISE(ABORT, 'a delegated limit is never removed');
END;

-- seal: awards_delegation_no_replace on awards_delegation
CREATE TRIGGER awards_delegation_no_replace BEFORE INSERT ON awards_delegation
WHEN EXISTS (
    SELECT 1 FROM awards_delegation
    WHERE id = NEW.id
        OR decision_id = NEW.decision_id
)
BEGIN
    SELECT RAISE(ABORT, 'a delegated limit is there already');
END;

-- seal: awards_payment_no_delete on awards_payment
CREATE TRIGGER awards_payment_no_delete BEFORE DELETE ON awards_payment
BEGIN
    SELECT RAISE(ABORT, 'a payment is never removed');
END;

-- seal: awards_payment_no_replace on awards_payment
CREATE TRIGGER awards_payment_no_replace BEFORE INSERT ON awards_payment
WHEN EXISTS (
    SELECT 1 FROM awards_payment
    WHERE id = NEW.id
        OR slug = NEW.slug
        OR raised_id = NEW.raised_id
        OR (instalment_id = NEW.instalment_id AND state <> 'cancelled')
        OR (payee_organisation_id = NEW.payee_organisation_id AND invoice_key = NEW.invoice_key
            AND state <> 'cancelled')
        OR (payee_account_id = NEW.payee_account_id AND invoice_key = NEW.invoice_key
            AND state <> 'cancelled')
)
BEGIN
    SELECT RAISE(ABORT, 'a payment is there already');
END;

-- seal: awards_mandate_no_delete on organisations_bankmandate
CREATE TRIGGER awards_mandate_no_delete BEFORE DELETE ON organisations_bankmandate
BEGIN
    SELECT RAISE(ABORT, 'a bank account on record is never removed');
END;

-- seal: awards_mandate_no_replace on organisations_bankmandate
CREATE TRIGGER awards_mandate_no_replace BEFORE INSERT ON organisations_bankmandate
WHEN EXISTS (
    SELECT 1 FROM organisations_bankmandate
    WHERE id = NEW.id
        OR (organisation_id = NEW.organisation_id AND until IS NULL AND NEW.until IS NULL)
        OR (account_id = NEW.account_id AND until IS NULL AND NEW.until IS NULL)
)
BEGIN
    SELECT RAISE(ABORT, 'a bank account on record is there already');
END;
