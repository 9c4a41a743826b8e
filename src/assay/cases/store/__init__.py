"""The case database: SQLite or PostgreSQL through SQLAlchemy, the only part that knows either."""
