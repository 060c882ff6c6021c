"""Our own forms: rows of a draft shown as typed, saved by the one writer, nothing lost on an error or a conflict."""
