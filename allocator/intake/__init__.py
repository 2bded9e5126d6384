"""Workbooks and text tables → records, with every fault's cell; normalised copies; empty templates."""

from allocator.intake.form import template
from allocator.intake.normalised import read_table, write_table
from allocator.intake.reading import read

__all__ = ["read", "read_table", "template", "write_table"]
