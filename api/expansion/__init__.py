"""Expansion sites: ground, suitability, search, avoidance, ranking."""
