"""Use cases: what the product does, whoever asks. No HTTP and no terminal here."""
