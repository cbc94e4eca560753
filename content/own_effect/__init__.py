"""What an act says about its own effect, sentence by sentence: first days of its parts, and its own end. Pure."""
