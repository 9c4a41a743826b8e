"""The page of a record: documents, events, actors."""
