"""Who comes in, and to which routes."""
