"""Weights learned from records, with Splink on DuckDB, off line. Nothing here is imported by what runs online."""

from threadline.core.identity.training.learning import Labels, TooLittle, Trained, train
from threadline.core.identity.training.records import COLUMNS, Record, prepared

__all__ = ["COLUMNS", "Labels", "Record", "TooLittle", "Trained", "prepared", "train"]
