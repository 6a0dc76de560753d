"""The story screen: pages and fragments, what agents do to a story, and the pieces of a touch."""
