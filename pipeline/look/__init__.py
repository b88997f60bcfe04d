"""A look at pictures, where a crop or a background depends on what is in them: faces, things, colours."""

from pipeline.look.onlooker import Onlooker

__all__ = ["Onlooker"]
