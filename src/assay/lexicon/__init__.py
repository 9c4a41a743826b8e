"""Data files with their source and licence: column names, platforms, tracking parameters."""
