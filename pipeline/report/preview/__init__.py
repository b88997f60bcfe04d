"""What a preview shows: renditions as frames with the safe area over them, on a sheet or a page."""

from pipeline.report.preview.sight import Shot, Sight, common_safe_area

__all__ = ["Shot", "Sight", "common_safe_area"]
