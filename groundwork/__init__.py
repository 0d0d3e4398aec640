"""What an atelier's program and the centre's both stand on. Knows nothing of either."""
