"""What an event means for the city: who and what lies inside."""
