"""Messages to workers, in streams of Redis. They may be lost; rows are the truth."""
