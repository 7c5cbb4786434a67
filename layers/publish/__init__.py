"""Published bundles, and the policy of what may be shown."""
