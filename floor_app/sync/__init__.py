"""Speaking with the network's centre: once a night, at start, when asked, or by a file on a stick."""
