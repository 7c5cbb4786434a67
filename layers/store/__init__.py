"""Immutable versions of layers, the catalogue, exports and compiled forms."""
