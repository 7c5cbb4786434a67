"""Answers and words of layers and rasters."""
