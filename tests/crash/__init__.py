"""Replays what a run wrote to its files, so that the machine stops at any moment of it."""
