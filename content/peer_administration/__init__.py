"""The pages on which staff see and decide which installations are followed, and what their copies disagree on."""
