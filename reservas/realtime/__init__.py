"""How a committed change reaches every open stream of its venue."""
