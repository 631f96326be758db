CREATE INDEX "evses_ocpi_uid" ON "evses" USING btree ("connection_id",lower("ocpi_uid"));--> statement-breakpoint
CREATE INDEX "cdrs_ocpi_key" ON "cdrs" USING btree ("connection_id",lower("ocpi_id"));