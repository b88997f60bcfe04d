"""Letters of every script: fonts, where lines break, how large words get, and their drawing."""

from pipeline.lettering.directions import is_rtl
from pipeline.lettering.measures import Measure, Setting
from pipeline.lettering.typesetter import Typesetter, typesetter

__all__ = ["Measure", "Setting", "Typesetter", "is_rtl", "typesetter"]
