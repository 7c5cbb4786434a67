"""Land economic density: densities, growth, intensity, per-mu scores, scenarios."""
