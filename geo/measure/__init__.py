"""Coordinates and measures: CRS, areas, distances, widths, validity."""
