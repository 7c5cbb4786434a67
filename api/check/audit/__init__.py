"""The audit of layers themselves, whatever any site says."""
