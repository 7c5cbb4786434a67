"""What makes a line fit to be shown: generalisation with a stated displacement."""
