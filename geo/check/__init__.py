"""Overlap of sites with control features, and the verdict that follows."""
