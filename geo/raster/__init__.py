"""Grids of numbers: lattice, terrain, shares of pixels."""
