"""What Threadline is not sure of, for people to decide, and how right it was."""
