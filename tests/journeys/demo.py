"""``make demo``: the story, told step by step against a real server on a free port."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from journeys.story import play

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        play(Path(folder), print)
