"""What proves a past check: its evidence in one file, computed again from that alone."""
