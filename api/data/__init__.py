"""Layers and rasters: bringing them in, browsing, comparing, converting."""
