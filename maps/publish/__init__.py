"""The public map, its print, and the gate that examines both."""
