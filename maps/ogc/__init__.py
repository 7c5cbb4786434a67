"""Documents of the OGC interfaces: their types, and pages that people read."""
