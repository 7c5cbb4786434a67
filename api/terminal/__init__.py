"""The command line as a door: options, progress, exit codes, errors in words."""
