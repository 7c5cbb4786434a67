"""The OGC interfaces at the root of the server: layers and operations for every other tool."""
