"""`python -m casetrace`."""

from casetrace.cli import main

main()
