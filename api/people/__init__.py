"""People: who is let in, as what, with which keys, and what they did."""
