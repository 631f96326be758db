ALTER TABLE "ratings" DROP CONSTRAINT "ratings_sessionId_purpose_usageHash_unique";--> statement-breakpoint
ALTER TABLE "ratings" ADD COLUMN "sale_minor" "minor_units" DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_sessionId_purpose_usageHash_saleMinor_unique" UNIQUE("session_id","purpose","usage_hash","sale_minor");