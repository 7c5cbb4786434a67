"""The catalogue: STAC, OGC API Records and DCAT of the same entries."""
