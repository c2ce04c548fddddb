"""ngrok: its official SDK in this process."""
