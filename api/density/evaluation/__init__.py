"""Evaluations of zones and firms: their operations, and the schemes that they go by."""
