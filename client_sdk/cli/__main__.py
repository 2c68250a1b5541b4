"""``python -m client_sdk.cli``: the command ``ironledger`` without its script."""

from __future__ import annotations

import sys

from client_sdk.cli.application import main

if __name__ == "__main__":
    sys.exit(main())
