"""What the queue shows: whose turn it is, longest wait first."""
