"""Where an address is: the port, and a module for each provider of that."""
