"""One box for people, handles, numbers, messages and files; grouped by person, then story."""
