"""What is published, and what administrators change of a text."""

from .publications import Publication, PublishedFile, SecrecyReview
from .texts import TextOverride

__all__ = ["Publication", "PublishedFile", "SecrecyReview", "TextOverride"]
