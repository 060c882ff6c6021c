"""The engine: facts in, Grids out. Pure Python: it knows no model, no setting, no database."""
