"""Shop logs: from the lines of a file to events, carts and answers."""
