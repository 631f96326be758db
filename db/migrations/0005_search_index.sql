DROP INDEX "locations_map_point_index";--> statement-breakpoint
ALTER TABLE "locations" ADD COLUMN "standards" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "locations" ADD COLUMN "max_power_w" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- Whoever writes connectors, their location tells what they offer. An EVSE's status is not looked at: what it
-- says is a superset of what can be found, and a search reads the connectors of what passes.
CREATE FUNCTION connectors_tell_location() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  UPDATE locations l SET standards = offer.standards, max_power_w = offer.max_power_w
  FROM (
    SELECT t.location_id, offered.standards, offered.max_power_w
    FROM (SELECT DISTINCT e.location_id FROM fresh JOIN evses e ON e.id = fresh.evse_id) t
    CROSS JOIN LATERAL (
      SELECT coalesce(array_agg(DISTINCT c.standard ORDER BY c.standard), '{}') AS standards,
        coalesce(max(c.max_power_w), 0) AS max_power_w
      FROM evses e JOIN connectors c ON c.evse_id = e.id
      WHERE e.location_id = t.location_id AND c.removed_at IS NULL) offered
  ) offer
  WHERE l.id = offer.location_id
    AND (l.standards, l.max_power_w) IS DISTINCT FROM (offer.standards, offer.max_power_w);
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER connectors_tell_location_of_insert AFTER INSERT ON connectors
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION connectors_tell_location();--> statement-breakpoint
CREATE TRIGGER connectors_tell_location_of_update AFTER UPDATE ON connectors
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION connectors_tell_location();--> statement-breakpoint
UPDATE locations l SET standards = offered.standards, max_power_w = offered.max_power_w
FROM (
  SELECT e.location_id, array_agg(DISTINCT c.standard ORDER BY c.standard) AS standards,
    max(c.max_power_w) AS max_power_w
  FROM evses e JOIN connectors c ON c.evse_id = e.id WHERE c.removed_at IS NULL GROUP BY e.location_id
) offered WHERE offered.location_id = l.id;--> statement-breakpoint
-- Nearest first, with all that decides whether a location is worth opening: its wide row stays unread.
CREATE INDEX locations_search ON locations USING gist (map_point)
  INCLUDE (id, latitude, longitude, country_code, party_id, standards, max_power_w);
