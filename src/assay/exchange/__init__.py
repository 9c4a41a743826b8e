"""Exchange formats: one file per format."""
