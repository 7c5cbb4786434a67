"""Densities as layers of printed maps."""
