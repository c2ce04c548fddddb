"""From a checked call to an answer: pure."""
