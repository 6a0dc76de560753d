"""Where mail comes in: `imap` reads mailboxes, `smtp` is a server that others deliver to. Both hand on raw bytes."""
