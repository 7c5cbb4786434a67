"""Many files or millions of parcels in one run."""
