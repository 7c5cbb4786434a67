"""Projects: what a planner works on is kept, with all its versions, and can be sent."""
