"""Compiled arithmetic on polygons kept as flat arrays: no object, no topology.

Modules here import numba and cost 0.3 s at their first import, so nothing that a command
needs at its start may import them.
"""
