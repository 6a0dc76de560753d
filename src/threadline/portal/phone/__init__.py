"""What callers hear on a telephone line of ours, and what they may press. The provider asks, we answer in TwiML."""
