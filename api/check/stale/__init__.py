"""Which past checks would come out otherwise today, and by what change."""
