"""The customer's side: the chat window and the pages that customers see."""
