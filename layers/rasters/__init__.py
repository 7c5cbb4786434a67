"""Rasters: kinds, checked import, immutable versions, and reading in windows."""
