"""The sheets of plan.xlsx, one file each; found by their files, in the order that each gives itself."""
