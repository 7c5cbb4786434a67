"""Suitability, search, shape, avoidance and ranking of expansion sites."""
