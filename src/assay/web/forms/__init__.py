"""What each act asks for on a page: a module for each kind of record."""
