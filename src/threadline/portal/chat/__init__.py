"""The chat window's end of the front door: native, so that thousands of open windows cost one process little."""
