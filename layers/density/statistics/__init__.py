"""Values and areas of planning units: what ships, what is imported, and how it is read."""
