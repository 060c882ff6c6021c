"""The grid: rows of lines as a spreadsheet shows them, read, judged, saved, pasted, with totals and history.

A row that is complete is a Line, any other a DraftRow with its cells as they were typed; its uid stays through both.
What the browser is told is in docs/grid-protocol.md.
"""
