"""`threadline train …`: models learned from what the installation itself knows."""
