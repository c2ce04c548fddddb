"""What commands share: reading parameters, writing to the terminal."""
