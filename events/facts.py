"""What every fact has in common."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from events.identifiers import RANK, Uuid

Text = Annotated[str, Meta(max_length=4000)]
"""Free words of the lifter."""

Words = Annotated[str, Meta(min_length=1, max_length=4000)]
"""Free words, where there is nothing to say without them."""

Name = Annotated[str, Meta(min_length=1, max_length=200)]
"""What something is called."""

Rank = Annotated[str, Meta(pattern=RANK)]
"""A fractional index: ranks sort as ASCII text, and between any two there is room for a third."""


class Source(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """Where an imported fact comes from: the app, the exercise's name in its file, and the row's key there."""

    app: Name
    key: Annotated[str, Meta(min_length=1, max_length=1000)]
    name: Name | None = None


class Body(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """The body of an event. A field that may be absent is ``None`` then, and is left out of the JSON."""


class Fact(Body, frozen=True, kw_only=True):
    """The body of a fact, which may come from another app's file."""

    import_: Uuid | None = msgspec.field(name="import", default=None)
    source: Source | None = None
