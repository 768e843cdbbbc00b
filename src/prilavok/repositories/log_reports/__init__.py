"""The seven reports, a module each: question, SQL, and the sentence it answers with."""
