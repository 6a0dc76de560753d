"""`python -m threadline` is the command line."""

from threadline.config.cli import main

main()
