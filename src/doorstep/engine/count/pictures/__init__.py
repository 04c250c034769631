"""Pictures of a count as bare SVG: no style, no script, sizes in whole numbers, text escaped.

Colours are CSS classes (tone-1 to tone-4, tone-none, ribbon, said), so that a page of the site
and a report on its own draw the same. Every picture stands beside a table that says the same.
"""

from .bars import Segment, bar, numbered_bar, stretch
from .flow import Post, Stream, flow, posts

__all__ = ["Post", "Segment", "Stream", "bar", "flow", "numbered_bar", "posts", "stretch"]
