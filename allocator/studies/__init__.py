"""Studies: many solves that answer one question of an office; each is a function that returns a typed `Study`.

A study takes a scenario's file, a run's folder or a plain `Program`, and an `Effort` that says how hard to look, who
is told of its progress, and when to stop. What it returns shows itself as blocks, frames, JSON, charts and a workbook.
"""
