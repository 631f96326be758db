-- What a plan makes of a price is between the driver's partner and the plan's seller, and what an employer pays back
-- is between it and its employee: a CPO sees the proofs of its own leg, and of the driver's price where they are one.
DROP POLICY tenant ON price_proofs;
--> statement-breakpoint
CREATE POLICY tenant ON price_proofs TO chargelane_app USING (EXISTS (
  SELECT FROM sessions s WHERE s.id = price_proofs.session_id AND (chargelane_owns(s.account_id)
    OR (price_proofs.rating <> 'reimbursement'
      AND price_proofs.input #>> '{agreement,kind}' IS DISTINCT FROM 'plan'))));
