"""One module for each thing outside: the clock, files, child processes, ffmpeg, PyAV, Pillow."""
