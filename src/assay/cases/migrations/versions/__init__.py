"""One file for each version of the case database."""
