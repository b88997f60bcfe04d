"""From files to assets: find what is new, wait until it's whole, hash it, probe it, read its sidecar."""
