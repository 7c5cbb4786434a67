"""Checks of sites against control lines: use cases, routes and commands."""
