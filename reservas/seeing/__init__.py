"""How the box does: the figures of all workers joined, watched, and told to its owners."""
