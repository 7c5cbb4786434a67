"""Cut and fill of sites, and what it costs."""
