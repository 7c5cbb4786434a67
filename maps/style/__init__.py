"""Colours and symbols of layers and rasters."""
