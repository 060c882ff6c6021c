"""The text of the document as a rendering of the same Grids as the tables: nothing in it but the reasons is typed."""
