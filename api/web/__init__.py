"""HTTP as a door: errors, limits, headers, uploads, downloads, tasks."""
