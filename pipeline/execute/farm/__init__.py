"""A farm: workers of a dask scheduler make renditions, and what they need and give lies in a share.

Only where one is configured is any of this imported. Read `farm` first, then `work`.
"""

from pipeline.execute.farm.farm import Farm
from pipeline.execute.farm.letters import files_of
from pipeline.execute.farm.line import open_line
from pipeline.execute.farm.share import Share, claim, open_share

__all__ = ["Farm", "Share", "claim", "files_of", "open_line", "open_share"]
