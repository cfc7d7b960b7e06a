"""Pictures of games and of what was found; nothing else in the package reads them."""
