"""Films composed of photos, clips, words and sounds, for stories of several files."""
