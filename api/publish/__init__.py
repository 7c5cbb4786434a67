"""Publishing maps: its use cases, routes and commands."""
