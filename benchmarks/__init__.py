"""Speed against frozen floors: `python -m benchmarks`. What is measured, and the figures, are in docs/benchmarks.md."""
