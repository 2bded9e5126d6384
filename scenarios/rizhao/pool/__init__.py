"""How the example pool is drawn: applicants, projects, panels, first calls, and the workbook that holds them."""
