"""What people get to see of a run: blocks for the terminal, sheets for the office."""
