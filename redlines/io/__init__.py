"""What was found, for papers and notebooks; nothing else in the package reads it."""
