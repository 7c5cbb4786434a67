"""The dossier of a site: from what a planner drew to what the director reads."""
