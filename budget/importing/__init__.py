"""Files that people bring: read under guard (`files`), understood as lines (`lines`), written by the one writer."""
