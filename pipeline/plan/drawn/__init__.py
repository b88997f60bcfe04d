"""What is drawn over a story, and where: all in the safe area, never one thing over another.

`content` says what, `overlay` puts it together; `words` sets the texts in the room that `pieces` leave,
`contrast` makes them readable on the picture that lies `beneath`.
"""
