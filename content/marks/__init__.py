"""The marks that lines of a text begin with, as printed and as misprinted. Pure."""
