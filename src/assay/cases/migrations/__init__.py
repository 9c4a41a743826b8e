"""The case database's history of versions, for Alembic."""
