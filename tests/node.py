"""The Node.js that comes with Playwright: no other is needed to run the browser's pure functions."""

from pathlib import Path

import playwright

NODE_PROGRAM = str(Path(playwright.__file__).parent / "driver" / "node")
