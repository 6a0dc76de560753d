"""Programs for people who work on Threadline."""
