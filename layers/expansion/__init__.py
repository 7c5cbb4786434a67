"""Suitability rules, terms of siting and sets of criteria as data."""
