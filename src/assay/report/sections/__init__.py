"""The sections of the page, one module each, in the order in which they are read."""
