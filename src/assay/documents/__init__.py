"""Documents → claims tied to the characters they were read from."""
