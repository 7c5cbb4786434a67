"""The report of a kept check: its maps, its places, its forms."""
