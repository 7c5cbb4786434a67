"""Whether a layer that comes in can be what it is said to be."""
