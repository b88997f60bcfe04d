"""Whether this machine is fit: every check answers ok, warn, fail or unknown, with the exact fix."""

from pipeline.report.health.check import Check, checks_as_json, checks_lines, guarded

__all__ = ["Check", "checks_as_json", "checks_lines", "guarded"]
