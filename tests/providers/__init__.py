"""Stand-ins for providers: real HTTP servers on loopback, written from their documentation. One small file each."""
