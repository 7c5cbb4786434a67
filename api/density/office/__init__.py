"""Land economic density: its use cases, routes and commands."""
