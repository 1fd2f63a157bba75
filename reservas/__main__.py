"""Lets `python -m reservas` do what the `reservas` command does."""

from reservas.cli import main

main()
