"""The report of a check: from its answer to the sections of a document."""
