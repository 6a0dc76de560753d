"""What the reports show: what was asked for, its names, lines and tables, and the same as files to keep."""
