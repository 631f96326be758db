-- An EVSE has an `evse_id` of its own, which hid the connector's: no operator could write a connector.
DROP POLICY tenant ON connectors;
--> statement-breakpoint
CREATE POLICY tenant ON connectors TO chargelane_app
  USING (EXISTS (SELECT FROM evses e WHERE e.id = connectors.evse_id AND chargelane_owns(e.cpo_id)));
