"""What amending acts order, and what a law says once it is done. Pure: no table is read here."""

from content.documents.amending.instructions import Action, Instruction, Part, Target
from content.documents.amending.recognising import recognise

__all__ = ["Action", "Instruction", "Part", "Target", "recognise"]
