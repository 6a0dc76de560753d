"""Rules that people write: their versions, following what happens, the spans that run, doing it, and the dry run."""
