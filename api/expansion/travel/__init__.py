"""Travel from sites on the network of roads."""
