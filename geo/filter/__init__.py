"""Filters of features in the Common Query Language of OGC (CQL2, OGC 21-065r2)."""
