"""Adds to the wheel what stays at the top level of the repository; all else is in setup.cfg."""

from setuptools import find_packages, setup

setup(
    # The page, wsgi.py and gunicorn.conf.py come to lie in reservas/toplevel, as they do here.
    packages=[*find_packages(include=["reservas*"]), "reservas.toplevel"],
    package_dir={"reservas.toplevel": "."},
    script_name="setup.py",  # so that this file itself is left out
)
