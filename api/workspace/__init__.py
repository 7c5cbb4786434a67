"""The open store with its tasks, its past checks and the process that reads uploads."""
