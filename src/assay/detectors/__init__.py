"""Detectors: one file per detector, and the statistics that they share."""
