"""What a card shows, decided from a status: pure, without widgets."""
