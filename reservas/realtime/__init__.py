"""Carries committed events from the log to the open streams."""
