"""Letters of every script: fonts, where lines break, how large words get, and their drawing."""
