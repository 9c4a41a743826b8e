"""Simulated campaigns with known truth."""
