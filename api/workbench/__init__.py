"""Looking: the page itself, finding places, identifying, figures, base maps."""
