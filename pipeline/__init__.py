"""storyrelay: a folder of photos, videos and GIFs becomes stories ready to send.

Reading order: `model` (the nouns), `errors`, `run` (a run, top to bottom), `deliver` (the only
sender), then the stages: `load`, `plan`, `reformat`, `handoff`.
"""

__version__ = "0.1.0"
