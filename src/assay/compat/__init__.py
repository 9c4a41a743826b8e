"""Peers' rules, for those who move over."""
