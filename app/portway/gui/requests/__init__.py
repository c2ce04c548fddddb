"""The Requests page: what visitors asked for and what they got, like the network panel of a browser."""
