"""One box for people, handles, numbers, fields, messages, notes and files; grouped by what was found."""
