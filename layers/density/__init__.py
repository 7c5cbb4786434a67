"""Statistics, firms and zones as tables; evaluation schemes as data."""
