"""Assay: find accounts that act as one, show the evidence, let anyone check it."""

__version__ = "0.1.0"
