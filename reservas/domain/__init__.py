"""The rules of booking and entry: pure functions, standard library only, the clock passed in."""
