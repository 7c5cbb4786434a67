"""What of ground is hard, soft, listed or priced, and what of it sites take."""
