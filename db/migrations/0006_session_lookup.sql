CREATE INDEX "sessions_id_any_case" ON "sessions" USING btree (upper("id"));--> statement-breakpoint
CREATE INDEX "sessions_supply_ref_any_case" ON "sessions" USING btree (upper("supply_ref"));--> statement-breakpoint
CREATE INDEX "sessions_token_any_case" ON "sessions" USING btree (upper("token_uid"));