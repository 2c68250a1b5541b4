"""``make pages``: writes the pages that show a terminal anew, with what their commands print now."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from support.console_pages import PAGES

if __name__ == "__main__":
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            page.path.write_text(page.played(Path(folder)), encoding="utf-8")
