"""The share page: what waits for the person, on their phone, and what they say about it.

Reading order: `site` (what it is made of), `guard` (who may ask), `app` (what can be asked), `shelf` (what
is shown), `saying` (what the person says), `media` and `poster` (files), `server` and `cable` (how it gets
to the phone). It reads the ledger and never writes it: every answer goes through `pipeline.run.answer`.
"""
