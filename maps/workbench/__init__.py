"""Answers and words of looking: identify, places, tasks, tiles."""
