"""What a preview shows: renditions as frames with the safe area over them, on a sheet or a page."""

from pipeline.report.preview.sight import Screen, Shot, Sight, joined

__all__ = ["Screen", "Shot", "Sight", "joined"]
