-- Until a period begins its version may be decided again; the newest decision counts.
GRANT UPDATE (plan_version) ON subscription_versions TO chargelane_app;
