"""Writes the reference pages from the code, so that they can not differ from it."""
